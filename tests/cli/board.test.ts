import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { targetNamed } from '../../targets/index.js';
import { parseVcd } from '../trace/parse-vcd.js';
import { plastron } from './fake-host.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-board-'));
  process.env['PLASTRON_VIRTUAL_BOARD'] = join(folder, 'board.json');
});
afterAll(() => {
  delete process.env['PLASTRON_VIRTUAL_BOARD'];
  rmSync(folder, { recursive: true, force: true });
});

const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Runs a line in which `@name` is a file of the folder; gives the fields of its JSON. */
async function run(line: string): Promise<unknown> {
  const words = line.split(' ').map((word) => word.replace(/^@/, `${folder}/`));
  const { exit, stdout, stderr } = await plastron([...words, '--json']);
  expect(`${exit} ${stderr}`).toMatch(/^0 /);
  return JSON.parse(stdout);
}

const envelope = z.object({ schema: z.literal('plastron-cli-1'), ok: z.literal(true) });
const deployed = envelope.extend({
  port: z.literal('virtual'),
  board: z.literal('icebreaker'),
  bytes: z.number().positive(),
  seconds: z.number().positive(),
  verified: z.literal(true),
  blocks: z.number(),
  skipped: z.number(),
});
const ran = envelope.extend({
  steps: z.number(),
  score: z.number().nullable(),
  p50Microseconds: z.number().positive(),
  p99Microseconds: z.number().positive(),
});

describe('the whole way to a board', () => {
  it('trains, compiles, deploys, runs, checks out and restores', async () => {
    await run(
      'train hidden-dynamics --hidden 8 --population 4 --workers 0 --generations 1 -o @m.onnx',
    );
    await run('compile @m.onnx --target fpga:icebreaker -o @p.plastron');
    const plan = await run('deploy @p.plastron --dry-run');
    expect(plan).toMatchObject({ board: 'icebreaker', verified: false, port: null });
    const first = deployed.parse(await run('deploy @p.plastron --port virtual'));
    expect(first.skipped).toBeLessThan(first.blocks);
    const again = deployed.parse(await run('deploy @p.plastron --port virtual'));
    expect(again.skipped).toBe(again.blocks);

    const whole = ran.parse(
      await run('run @p.plastron --port virtual --task hidden-dynamics --steps 400'),
    );
    const emulated = await run('emulate @p.plastron --task hidden-dynamics --steps 400');
    expect(emulated).toMatchObject({ steps: 400, score: whole.score });

    await run('run @p.plastron --port virtual --task hidden-dynamics --steps 30');
    await run('checkout @p.plastron --port virtual -o @learned.json');
    await run('run @p.plastron --port virtual --task hidden-dynamics --steps 20');
    await run('restore @p.plastron @learned.json --port virtual');
    await run('checkout @p.plastron --port virtual -o @again.json');
    expect(text('again.json')).toBe(text('learned.json'));

    // The board goes on with what it learned, and so does the emulator.
    const line = '@p.plastron --task hidden-dynamics --steps 25';
    await run(`run ${line} --port virtual --keep --trace @board.vcd --outputs @board.csv`);
    await run('checkout @p.plastron --port virtual -o @later.json');
    expect(JSON.parse(text('later.json'))).toMatchObject({ step: 55 });
    await run(`emulate ${line} --from @learned.json --trace @core.vcd --outputs @core.csv`);
    expect(text('core.csv')).toBe(text('board.csv'));
    expect(text('core.vcd')).toBe(text('board.vcd'));
  });

  it('verifies a board against the emulator, and again from a certificate', async () => {
    const found = await run(
      'verify @m.onnx @p.plastron --task hidden-dynamics --against board --port virtual --steps 40 --seeds 2 --certificate @c.json',
    );
    expect(found).toMatchObject({
      comparisons: [
        { left: 'reference', right: 'fixed' },
        { left: 'fixed', right: 'emulator', differences: 0 },
        { left: 'emulator', right: 'board', kind: 'exact', differences: 0, steps: 40 },
      ],
    });
    await run('verify --replay @c.json --port virtual');
  });

  it('looks at what there is', async () => {
    expect(await run('doctor')).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ name: 'Node.js', state: 'ok' })]),
    });
  });
});

const learned = z.object({
  state: z.array(
    z.object({
      probe: z.object({ kind: z.string(), projection: z.string().optional() }),
      values: z.array(z.number()),
    }),
  ),
});

/** A policy whose weights change from the first steps on; each projection has a scale. */
const learner = () => {
  const parameters = { lr: 0.0625, A: 0.5, B: 0.25, C: 0.5, D: -0.125 };
  return new NetworkBuilder('learner')
    .input('observation', 6, { clip: 4 })
    .population('hidden', 4, 'ternary_lif')
    .population('action', 2, 'readout')
    .projection('observation', 'hidden', { rule: 'pdlf', parameters, initialWeights: 0.5 })
    .projection('hidden', 'action', { rule: 'pdlf', parameters })
    .output('action')
    .build();
};

describe('a board that learns', () => {
  beforeAll(async () => {
    for (const [name, target] of [
      ['board', 'fpga:icebreaker'],
      ['core', 'fpga:ulx3s-25f'],
      ['chip', 'loihi2'],
    ] as const) {
      const { bytes } = compile(learner(), targetNamed(target), NO_CALIBRATION);
      writeFileSync(join(folder, `${name}.plastron`), bytes);
    }
    await run('deploy @board.plastron --port virtual');
  });

  const onBoard = 'run @board.plastron --port virtual --task point-mass';
  const emulated = 'emulate @board.plastron --task point-mass';

  it.each(['', ' --every 7'])('is recorded as the emulator is, byte by byte%s', async (every) => {
    const files = (name: string): string => `--trace @${name}.vcd --outputs @${name}.csv${every}`;
    const recorded = await run(`${onBoard} --steps 130 ${files('there')}`);
    expect(recorded).toMatchObject({
      trace: join(folder, 'there.vcd'),
      outputs: join(folder, 'there.csv'),
      recordingMicroseconds: expect.any(Number),
    });
    await run(`${emulated} --steps 130 ${files('here')}`);
    expect(text('there.vcd')).toBe(text('here.vcd'));
    expect(text('there.csv')).toBe(text('here.csv'));
    const { samples } = parseVcd(text('there.vcd'));
    const weights = samples.map(({ values }) => JSON.stringify([...values.values()].slice(9)));
    expect(new Set(weights).size).toBeGreaterThan(samples.length / 2);
    expect(text('there.csv').trimEnd().split('\n')).toHaveLength(131);
    // Point-mass has episodes of 100 steps: the first state, every seventh, and the last of each.
    expect(samples).toHaveLength(every === '' ? 131 : 1 + 14 + 1 + 4 + 1);
  });

  it('computes the same, recorded or not', async () => {
    const line = `${onBoard} --steps 60`;
    const outcome = async (more: string, name: string) => {
      const { score, saturations } = z.looseObject({}).parse(await run(`${line}${more}`));
      await run(`checkout @board.plastron --port virtual -o @${name}`);
      const { state, step } = JSON.parse(text(name));
      return { score, saturations, step, state };
    };
    const plain = await outcome(' --outputs @plain.csv', 'plain.json');
    const traced = await outcome(' --trace @t.vcd --outputs @traced.csv', 'traced.json');
    expect(traced).toEqual(plain);
    expect(text('traced.csv')).toBe(text('plain.csv'));
  });

  it('has no phases to record', async () => {
    const line = `${onBoard} --trace ${folder}/t.json`;
    const { exit, stderr } = await plastron(
      line.split(' ').map((w) => w.replace(/^@/, `${folder}/`)),
    );
    expect(exit).toBe(1);
    expect(stderr).toContain('error PL4414: ');
    expect(existsSync(join(folder, 't.json'))).toBe(false);
  });

  it('is continued by another core exactly, by another chip as near as its formats come', async () => {
    await run(`${onBoard} --steps 60`);
    await run('checkout @board.plastron --port virtual -o @learned.json');
    await run(`${onBoard} --steps 30 --keep --outputs @board.csv`);
    const goOn = async (name: string): Promise<unknown> => {
      const files = `--outputs @${name}.csv --trace @${name}.vcd`;
      const flags = `--task point-mass --steps 30 --from @learned.json ${files}`;
      return run(`emulate @${name}.plastron ${flags}`);
    };
    const warning = (message: RegExp) => ({
      diagnostics: [{ code: 'PL6044', message: expect.stringMatching(message) }],
    });
    expect(await goOn('core')).toMatchObject(warning(/: 0 of 46 values were rounded$/));
    expect(text('core.csv')).toBe(text('board.csv'));
    expect(new Set(text('core.csv').split('\n')).size).toBeGreaterThan(20);

    expect(await goOn('chip')).toMatchObject(warning(/: [1-9]\d* of 46 values were rounded$/));
    const { state } = learned.parse(JSON.parse(text('learned.json')));
    const [first] = parseVcd(text('chip.vcd')).samples;
    for (const { probe, values } of state.filter(({ probe }) => probe.kind === 'weight')) {
      const [pre, post] = probe.projection!.split('->');
      const columns = post === 'hidden' ? 4 : 2;
      for (const [k, weight] of values.entries()) {
        const name = `${pre}_to_${post}.w_${Math.floor(k / columns)}_${k % columns}`;
        // A stored weight times a scale there; eight bits here, of which the largest is 127 / 128.
        const nearest = Math.min(127, Math.floor(weight * 128 + 0.5));
        expect(first!.values.get(`learner.core0.${name}`)).toBe(nearest);
      }
    }
    expect(first!.values.get('learner.cycles')).toBe(0);
  });
});
