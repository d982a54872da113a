import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { comparisonShape } from '../../runtime/verify/comparison.js';
import { plastron, type Ran } from './fake-host.js';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a line in which `@name` is a file of the folder, and gives the folder's name back as `@`. */
async function run(line: string): Promise<Ran> {
  const words = line.split(' ').map((word) => (word.startsWith('@') ? at(word.slice(1)) : word));
  const { exit, stdout, stderr } = await plastron(words);
  const plain = (text: string): string => text.replaceAll(`${folder}/`, '@');
  return { exit, stdout: plain(stdout), stderr: plain(stderr) };
}

const diagnostics = z.array(
  z.strictObject({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'note']),
    message: z.string(),
    file: z.string().nullable(),
    line: z.number().nullable(),
    column: z.number().nullable(),
    notes: z.array(z.string()),
    help: z.string().nullable(),
  }),
);
const envelope = { schema: z.literal('plastron-cli-1'), ok: z.boolean(), diagnostics };
const range = z.tuple([z.number(), z.number()]).nullable();

const trained = z.strictObject({
  ...envelope,
  command: z.literal('train'),
  model: z.string().nullable(),
  checkpoint: z.string(),
  generations: z.number(),
  best: z.number(),
  mean: z.number(),
  seconds: z.number(),
  synapseUpdatesPerSecond: z.number(),
});
const compiled = z.strictObject({
  ...envelope,
  command: z.literal('compile'),
  program: z.string(),
  target: z.literal('loihi2'),
  cores: z.number(),
  bytes: z.number(),
  synapses: z.number(),
  seconds: z.number(),
  formats: z.array(
    z.strictObject({
      value: z.string(),
      seen: range,
      proved: range,
      format: z.string().regex(/^[su]\d+\.-?\d+$|^m\d+ 2\^-?\d+…2\^-?\d+/),
      relativeError: z.number(),
      saturations: z.number().nullable(),
    }),
  ),
  warnings: z.number(),
  calibration: z.string(),
});
const emulated = z.strictObject({
  ...envelope,
  command: z.literal('emulate'),
  steps: z.number(),
  score: z.number().nullable(),
  cycles: z.number(),
  cyclesPerStep: z.number(),
  picojoules: z.number().nullable(),
  spikes: z.number(),
  saturations: z.number(),
  perCore: z.array(z.looseObject({ core: z.number(), cycles: z.number() })).min(1),
});
const verified = z.strictObject({
  ...envelope,
  command: z.literal('verify'),
  comparisons: z.array(
    comparisonShape.extend({
      seconds: z.number(),
      ruleError: z
        .strictObject({
          oneStep: z.looseObject({ max: z.number(), rms: z.number() }),
          drift: z.looseObject({ rms: z.number() }),
        })
        .nullable(),
    }),
  ),
  certificate: z.string().nullable(),
  seconds: z.number(),
});

const TRAIN = 'train point-mass --hidden 4 --population 4 --workers 0';

describe('from a task to a certificate', () => {
  it('train writes a model and a checkpoint', async () => {
    const { exit, stdout, stderr } = await run(`${TRAIN} --generations 2 -o @m.onnx --json`);
    expect(stderr).toContain('training 160 numbers of the rule for point-mass');
    expect(exit).toBe(0);
    const result = trained.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ ok: true, model: '@m.onnx', generations: 2 });
    expect(readdirSync(folder).sort()).toEqual(['m.onnx', 'm.onnx.checkpoint']);
  });

  it('a resumed run gives the bytes of one that was not interrupted', async () => {
    await run(`${TRAIN} --generations 1 -o @half.onnx`);
    const line = 'train point-mass --resume @half.onnx.checkpoint --workers 0 --generations 2';
    expect((await run(`${line} -o @resumed.onnx`)).exit).toBe(0);
    expect(readFileSync(at('resumed.onnx'))).toEqual(readFileSync(at('m.onnx')));
  });

  it('a checkpoint of another run is refused', async () => {
    const line = `${TRAIN} --seed 2 --generations 2 --resume @m.onnx.checkpoint -o @other.onnx`;
    const { exit, stderr } = await run(line);
    expect(exit).toBe(1);
    expect(stderr).toContain(
      'error PL5107: the checkpoint was made with the seed 1, this run has 2',
    );
    expect(existsSync(at('other.onnx'))).toBe(false);
  });

  it('compile writes a Program and reports formats', async () => {
    const { exit, stdout } = await run('compile @m.onnx --target loihi2 -o @p.plastron --json');
    const result = compiled.parse(JSON.parse(stdout));
    expect(exit).toBe(0);
    expect(result.synapses).toBe(32);
    expect(result.calibration).toContain('point-mass');
    expect(result.formats.length).toBeGreaterThan(4);
    expect(readFileSync(at('p.plastron')).length).toBe(result.bytes);
    expect(result.diagnostics.map((d) => d.code)).toContain('PL3001');
  });

  it('compile writes levels as text', async () => {
    await run('compile @m.onnx --target loihi2 --emit network -o @level.txt');
    expect(readFileSync(at('level.txt'), 'utf8')).toMatch(/^network point-mass\n/);
    await run('compile @m.onnx --target loihi2 --emit program -o @level.txt');
    expect(readFileSync(at('level.txt'), 'utf8')).toMatch(/^program point-mass for loihi2/);
  });

  it('emulate acts in the task, whole or for so many steps', async () => {
    const line = 'emulate @p.plastron --task point-mass --json';
    const part = emulated.parse(JSON.parse((await run(`${line} --steps 150`)).stdout));
    expect(part.steps).toBe(150);
    expect(part.score).not.toBeNull();
    expect(part.cyclesPerStep).toBeCloseTo(part.cycles / 150, 9);
    const short = emulated.parse(JSON.parse((await run(`${line} --steps 50`)).stdout));
    expect(short.score).toBeNull();
    expect(short.cycles).toBeLessThan(part.cycles);
    const frozen = emulated.parse(JSON.parse((await run(`${line} --steps 50 --frozen`)).stdout));
    expect(frozen.cycles).toBeLessThan(short.cycles);
  });

  const VERIFY = 'verify @m.onnx @p.plastron --task point-mass --steps 200 --seeds 2';

  it('verify finds no difference and writes a certificate that a replay finds again', async () => {
    const { exit, stdout } = await run(`${VERIFY} --certificate @c.json --json`);
    expect(exit).toBe(0);
    const { comparisons } = verified.parse(JSON.parse(stdout));
    expect(comparisons.map((c) => [c.right, c.kind, c.differences])).toEqual([
      ['fixed', 'bounded', 0],
      ['emulator', 'exact', 0],
    ]);
    const again = await run('verify --replay @c.json');
    expect(again.stdout).toMatch(/^\d+ certified fields found again\n$/);
    expect(again.exit).toBe(0);
  });

  it('a bound that is passed ends with 3', async () => {
    const { exit, stderr } = await run(`${VERIFY} --against fixed --bound rule=0`);
    expect(exit).toBe(3);
    expect(stderr).toContain(
      'error PL5311: reference and fixed differ by more than the bound `rule`',
    );
  });

  it('a certificate that was altered ends with 3, an altered Program with 1', async () => {
    const text = readFileSync(at('c.json'), 'utf8');
    writeFileSync(at('c.json'), text.replace(/"compared": (\d)/, '"compared": 9$1'));
    const replayed = await run('verify --replay @c.json');
    expect(replayed.exit).toBe(3);
    expect(replayed.stderr).toContain('error PL5313: 1 of ');
    await run('compile @m.onnx --target loihi2 --weight-bits 6 -o @p.plastron');
    expect((await run('verify --replay @c.json')).stderr).toContain('error PL5304: ');
  });
});

describe('what a user can get wrong', () => {
  /** Lines with the first line that is printed about them; all end with 1 and write nothing. */
  const wrong: readonly (readonly [string, string])[] = [
    [
      'compile @none.onnx --target loihi2 -o @x',
      'error PL4010: the model `@none.onnx` does not exist',
    ],
    ['compile @m.onnx --target lohi2 -o @x', 'error PL3000: there is no target `lohi'],
    [
      'compile @m.onnx --target loihi2 --weight-bits 12 -o @x',
      'error PL2008: --weight-bits 12 is not one of 2 … 9',
    ],
    ['compile @m.onnx --target loihi2 --task none -o @x', 'error PL5101: there is no task `none`'],
    [
      'compile @m.onnx --target loihi2 -o @none/x',
      'error PL4014: `@none/x` cannot be written: its folder does not exist',
    ],
    ['train point-mas -o @x', 'error PL5101: there is no task `point-mas`'],
    ['train point-mass --rule pdfl -o @x', 'error PL1010: there is no rule `pdfl`'],
    ['train point-mass --rule @own.txt -o @x', 'error PL1003: '],
    ['train point-mass --population 63 -o @x', 'error PL5105: '],
    ['train point-mass --resume @m.onnx -o @x', 'error PL4013: '],
    ['train point-mass --resume @c.json -o @x', 'error PL5106: '],
    ['train point-mass -o @none/x', 'error PL4014: `@none/x` cannot be written'],
    ['emulate @m.onnx --task point-mass', 'error PL4001: '],
    ['emulate @cut.plastron --task point-mass', 'error PL4001: '],
    ['emulate @p.plastron --task cue-reward', 'error PL5103: '],
    [
      'verify @m.onnx @p.plastron --task point-mass --bound scor=1',
      'error PL5308: there is no bound `scor`',
    ],
    ['verify --replay @own.txt', 'error PL5303: `@own.txt` is not JSON'],
  ];

  beforeAll(() => {
    writeFileSync(at('own.txt'), 'rule own\n  dw = x * yy * rate');
    writeFileSync(at('cut.plastron'), readFileSync(at('p.plastron')).subarray(0, 200));
  });

  it.each(wrong)('plastron %s', async (line, complaint) => {
    const { exit, stdout, stderr } = await run(`${line} --quiet`);
    expect(stderr.slice(0, complaint.length)).toBe(complaint);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(exit).toBe(1);
    expect(readdirSync(folder).filter((name) => /^x|tmp$|partial$/.test(name))).toEqual([]);
  });

  it('points into a rule of the user’s own', async () => {
    const { stderr } = await run('train point-mass --rule @own.txt -o @x');
    expect(stderr).toContain(' --> @own.txt:2:');
    expect(stderr).toContain('2 |   dw = x * yy * rate');
  });
});
