import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFloats, encodeFloats } from '../../src/train/arrays.js';
import {
  type Checkpoint,
  parseCheckpoint,
  printCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from '../../src/train/checkpoint.js';
import { checkResumable } from '../../src/train/resume.js';
import { createSearch } from '../../src/train/search/create.js';
import { searchDefaults } from '../../src/train/search/defaults.js';

const search = searchDefaults('pgpe');
const checkpoint = (generations: number): Checkpoint => {
  const running = createSearch(search, Float64Array.of(0.1, -2, 3e-300));
  for (let g = 0; g < generations; g++) running.tell(running.ask().map((x) => x[0]!));
  return {
    task: 'point-mass',
    network: 'network p\n',
    evaluator: 'float',
    search,
    state: running.state(),
    best: { score: 0.1 + 0.2, generation: 1, genome: Float64Array.of(1 / 3, -0, 5e-324) },
    history: [{ mean: 1, top: Number.NaN, diverged: 64, centre: Number.NaN, sigma: 0.04 }],
  };
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-checkpoint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a checkpoint', () => {
  it('reads back equal, with and without a best centre', () => {
    for (const original of [checkpoint(3), { ...checkpoint(0), best: undefined, history: [] }]) {
      const text = printCheckpoint(original);
      expect(parseCheckpoint(text, 'x')).toEqual(original);
      expect(printCheckpoint(parseCheckpoint(text, 'x'))).toBe(text);
    }
  });

  it('replaces the file as a whole and leaves nothing beside it', () => {
    const file = join(folder, 'run.checkpoint');
    writeCheckpoint(file, checkpoint(1));
    writeCheckpoint(file, checkpoint(2));
    expect(readCheckpoint(file)).toEqual(checkpoint(2));
    expect(readdirSync(folder)).toEqual(['run.checkpoint']);
  });

  it('says where it cannot be written', () => {
    const file = join(folder, 'missing', 'run.checkpoint');
    expect(() => writeCheckpoint(file, checkpoint(1))).toThrow(/PL4014.*missing/);
  });

  it('cut short anywhere is refused', () => {
    const text = printCheckpoint(checkpoint(2));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 3 }), (length) => {
        expect(() => parseCheckpoint(text.slice(0, length), 'x')).toThrow('PL5106');
      }),
      { seed: 4 },
    );
  });

  it.each([
    ['another kind', (t: string) => t.replace('plastron-checkpoint', 'model')],
    ['another version', (t: string) => t.replace('"version": 1', '"version": 2')],
    ['an unknown field', (t: string) => t.replace('"task"', '"extra": 1, "task"')],
    ['broken base64', (t: string) => t.replace('"centre": "', '"centre": "!')],
    ['arrays of other lengths', (t: string) => t.replace(/"sigma": "[^"]*"/, '"sigma": ""')],
    ['another method', (t: string) => t.replace('pgpe', 'magic')],
  ])('with %s is refused', (_, change) => {
    const text = printCheckpoint(checkpoint(1));
    expect(change(text)).not.toBe(text);
    expect(() => parseCheckpoint(change(text), 'x')).toThrow('PL5106');
  });

  it('that is a missing file or no text is refused with the reason', () => {
    const file = join(folder, 'noise');
    writeFileSync(file, Uint8Array.of(0, 255, 1));
    expect(() => readCheckpoint(file)).toThrow('PL4013');
    expect(readFileSync(file)).toHaveLength(3);
    expect(() => readCheckpoint(join(folder, 'nothing'))).toThrow('PL4010');
  });

  it('resumes only its own run, and names all that differs', () => {
    const own = checkpoint(1);
    expect(() => checkResumable(own, own)).not.toThrow();
    const other = {
      ...own,
      task: 'cue-reward',
      network: '',
      search: { ...search, seed: 2, sigma: 1 },
    };
    expect(() => checkResumable(own, other)).toThrow(
      /the task point-mass.*\n.*the seed 1.*\n.*deviation 0.04.*\n.*another network/,
    );
  });
});

describe('floats in text', () => {
  it('keep every bit', () => {
    fc.assert(
      fc.property(fc.float64Array(), (values) => {
        expect(decodeFloats(encodeFloats(values))).toEqual(values);
      }),
      { seed: 6 },
    );
    expect(encodeFloats(Float64Array.of(1, -0))).toBe('AAAAAAAA8D8AAAAAAAAAgA==');
  });
});
