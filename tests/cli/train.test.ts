import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import type { Host } from '../../src/cli/terminal.js';
import { readCheckpoint } from '../../src/train/checkpoint.js';
import { searchDefaults } from '../../src/train/search/defaults.js';
import { fakeHost, plastron } from './fake-host.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-train-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);
const words = (line: string): string[] =>
  line.split(' ').map((word) => (word.startsWith('@') ? at(word.slice(1)) : word));
const run = (line: string) => plastron(words(line));
const searchOf = (name: string) => readCheckpoint(at(`${name}.checkpoint`)).search;

/** Runs a line and presses Ctrl-C as soon as it tells of this generation; gives what it printed. */
async function interruptedAfter(generation: number, line: string) {
  let press = (): void => {};
  const { host, written } = fakeHost({
    isTTY: true,
    onInterrupt: (interrupted) => {
      press = interrupted;
      return () => {};
    },
  });
  const listening: Host = {
    ...host,
    stderr: {
      ...host.stderr,
      write: (text) => {
        if (text.includes(`generation ${generation}/`)) press();
        host.stderr.write(text);
      },
    },
  };
  const exit = await runCli(words(line), '1.2.3', listening);
  return { exit, ...written() };
}

const TRAIN = 'train point-mass --hidden 3 --population 4 --workers 0';

describe('train --method, --sigma, --learning-rate', () => {
  it('reach the search; what is not given has its default', async () => {
    const lines = {
      a: [`${TRAIN} --generations 0 -o @a`, searchDefaults('pgpe')],
      b: [`${TRAIN} --generations 0 --method snes -o @b`, searchDefaults('snes')],
      c: [
        `${TRAIN} --generations 0 --method openai-es --sigma 0.125 --learning-rate 1e-2 -o @c`,
        { ...searchDefaults('openai-es'), sigma: 0.125, learningRate: 0.01 },
      ],
      d: [
        `${TRAIN} --generations 0 --rule static --method openai-es -o @d`,
        searchDefaults('openai-es', 'weights'),
      ],
    } as const;
    for (const [name, [line, search]] of Object.entries(lines)) {
      expect((await run(line)).exit).toBe(0);
      expect(searchOf(name)).toEqual({ ...search, population: 4 });
    }
  });

  it('out of range are refused', async () => {
    const { exit, stderr } = await run(`${TRAIN} --sigma 0 --learning-rate -1 -o @x`);
    expect(exit).toBe(1);
    expect(stderr).toContain('PL5105: the starting deviation is 0');
    expect(stderr).toContain('PL5105: the learning rate is -1');
  });

  it('of another run do not go on with a checkpoint', async () => {
    const { exit, stderr } = await run(
      'train point-mass --resume @a.checkpoint --method snes --sigma 0.5 --workers 0 -o @x',
    );
    expect(exit).toBe(1);
    expect(stderr).toContain('made with the search pgpe, this run has snes');
    expect(stderr).toContain('made with the starting deviation 0.04, this run has 0.5');
  });
});

describe('train --on with widths', () => {
  const on = `${TRAIN} --on loihi2 --generations 1`;

  it('evolves on those widths: another width, another fitness', async () => {
    for (const [name, width] of [
      ['wide', '--weight-bits 8'],
      ['narrow', '--weight-bits 4'],
      ['short', '--trace-bits 4'],
      ['long', '--coefficient-bits 8'],
    ] as const) {
      expect((await run(`${on} ${width} -o @${name}`)).exit).toBe(0);
    }
    expect((await run(`${on} -o @default`)).exit).toBe(0);
    const mean = (name: string) => readCheckpoint(at(`${name}.checkpoint`)).history[0]!.mean;
    expect(mean('wide')).toBe(mean('default'));
    for (const name of ['narrow', 'short', 'long']) {
      expect(mean(name)).not.toBe(mean('default'));
    }
  });

  it('refuses what the target cannot do', async () => {
    const { exit, stderr } = await run(`${on} --weight-bits 12 -o @x`);
    expect(exit).toBe(1);
    expect(stderr).toContain('PL2008: --weight-bits 12 is not one of 2 … 9');
  });
});

describe('an interrupted run', () => {
  const lines: readonly string[] = [
    `${TRAIN} --method snes --sigma 0.1 --learning-rate 0.5 --seed 9`,
    `${TRAIN} --method openai-es --rule static`,
    `${TRAIN} --on loihi2 --weight-bits 6 --trace-bits 5 --coefficient-bits 8`,
  ];
  it.each(lines)('goes on by the line that it prints, to the same bytes: %s', async (line) => {
    expect((await run(`${line} --generations 4 -o @whole`)).exit).toBe(0);
    const { exit, stdout } = await interruptedAfter(2, `${line} --generations 4 -o @parts`);
    expect(exit).toBe(130);
    expect(stdout).toContain('stopped after 2 of 4 generations; to go on:\n');
    const printed = / {2}plastron (train .*)\n/.exec(stdout)![1]!;
    const resumed = await plastron([...printed.split(' '), '--workers', '0']);
    expect(resumed.exit).toBe(0);
    expect(readFileSync(at('parts'))).toEqual(readFileSync(at('whole')));
    expect(readFileSync(at('parts.checkpoint'))).toEqual(readFileSync(at('whole.checkpoint')));
  });

  it('prints a line that a shell reads back, with the target and its widths', async () => {
    const line = `${TRAIN} --on loihi2 --weight-bits 6 --coefficient-bits 8 --generations 4`;
    const { stdout } = await interruptedAfter(1, `${line} -o @it's_mine`);
    const file = `'${at("it's_mine").replace("'", "'\\''")}'`;
    const checkpoint = `'${at("it's_mine.checkpoint").replace("'", "'\\''")}'`;
    expect(stdout).toContain(
      `  plastron train point-mass --resume ${checkpoint} --on loihi2 --weight-bits 6 --coefficient-bits 8 --generations 4 -o ${file}\n`,
    );
  });

  it('that ended tells how to go on, too', async () => {
    const { stdout } = await run(`${TRAIN} --on loihi2 --weight-bits 6 --generations 1 -o @m`);
    expect(stdout).toContain(
      `${at('m')} written; more generations: --resume ${at('m.checkpoint')} --on loihi2 --weight-bits 6 --generations N\n`,
    );
  });
});
