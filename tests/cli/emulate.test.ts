import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { printNpy, readNpy } from '../../src/formats/npy.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { targetNamed } from '../../targets/index.js';
import { parseVcd } from '../trace/parse-vcd.js';
import { noises, policy } from '../verify/machines.js';
import { plastron, type Ran } from './fake-host.js';

const STEPS = 25;
const WIDTH = 6;
const target = targetNamed('loihi2');
const program = compile(policy(), target, NO_CALIBRATION).bytes;
const rows = Array.from({ length: STEPS }, (_, t) => noises(t, WIDTH, 2));

/** A Program whose rule has a third factor. */
const rewarded = new NetworkBuilder('rewarded')
  .input('observation', 2)
  .population('out', 1, 'neuron echo()\n  value <- I\n')
  .projection('observation', 'out', {
    rule: 'rule rewarded(per synapse k)\n  dw = m * k * x\n  normalize clip -1 1\n',
    parameters: { k: 0.5 },
  })
  .output('out')
  .build();

/** What a machine that is driven by hand gives for the rows. */
function byHand(learning = true) {
  const machine = target.createMachine(program, 'by hand');
  machine.learning = learning;
  machine.reset({ seed: 1 });
  const outputs = rows.map((observation) => [
    ...machine.step({ values: { observation }, modulator: 0 })['action']!,
  ]);
  return { machine, outputs };
}

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-emulate-'));
  writeFileSync(at('p.plastron'), program);
  const { bytes } = compile(rewarded, target, NO_CALIBRATION);
  writeFileSync(at('r.plastron'), bytes);
  const names = Array.from({ length: WIDTH }, (_, i) => `observation[${i}]`);
  writeFileSync(at('i.csv'), [names, ...rows].map((row) => row.join(',')).join('\n'));
  const observation = rows.map((row) => [...row]);
  writeFileSync(at('i.json'), JSON.stringify({ inputs: { observation } }));
  const values = Float64Array.from(observation.flat());
  writeFileSync(at('i.npy'), printNpy({ shape: [STEPS, WIDTH], values }));
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

const emulated = z.strictObject({
  schema: z.literal('plastron-cli-1'),
  command: z.literal('emulate'),
  ok: z.literal(true),
  diagnostics: z.array(z.looseObject({ code: z.string(), severity: z.string() })),
  steps: z.number(),
  score: z.number().nullable(),
  cycles: z.number(),
  cyclesPerStep: z.number(),
  picojoules: z.number().nullable(),
  spikes: z.number(),
  saturations: z.number(),
  perCore: z.array(z.looseObject({ core: z.number() })).min(1),
  trace: z.string().optional(),
  outputs: z.string().optional(),
});
const json = async (line: string) => {
  const { exit, stdout } = await run(`${line} --json`);
  expect(exit).toBe(0);
  return emulated.parse(JSON.parse(stdout));
};

describe('emulate --inputs', () => {
  it.each(['csv', 'npy', 'json'])('runs a .%s, which has no score', async (ending) => {
    const result = await json(`emulate @p.plastron --inputs @i.${ending}`);
    const { machine } = byHand();
    const counter = (name: string): number => machine.read({ kind: 'counter', name })[0]!;
    expect(result).toMatchObject({
      steps: STEPS,
      score: null,
      cycles: counter('cycles'),
      picojoules: counter('decipicojoules') / 10,
      spikes: counter('spikes'),
      diagnostics: [],
    });
    expect(Object.keys(result)).not.toContain('trace');
    expect(Object.keys(result)).not.toContain('outputs');
  });

  it('tells people what was run', async () => {
    const { exit, stdout } = await run('emulate @p.plastron --inputs @i.csv --frozen --steps 9');
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^@i.csv on loihi2, emulated, frozen\nsteps {8}9 in 1 episode\na step {7}\d+ cycles, [\d.]+ µs, \d+ pJ\n/,
    );
    expect(stdout).not.toContain('score');
  });

  it('has no more steps than the file', async () => {
    expect(
      await run('emulate @p.plastron --inputs @i.csv --steps 26 --trace @x.vcd --quiet'),
    ).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'error PL5306: @i.csv has 25 steps, 26 were asked for\n',
    });
    expect(existsSync(at('x.vcd'))).toBe(false);
  });

  it('says the place of what is wrong', async () => {
    writeFileSync(at('bad.csv'), 'observation[0],obsevation[1]\n1,2');
    const { exit, stdout } = await run('emulate @p.plastron --inputs @bad.csv --json');
    expect(exit).toBe(1);
    expect(JSON.parse(stdout).diagnostics[0]).toMatchObject({
      code: 'PL4402',
      file: '@bad.csv',
      line: 1,
      column: 16,
      help: expect.stringMatching(/^did you mean `observation\[1\]`/),
    });
  });

  it('warns of a modulator that is on one side only', async () => {
    writeFileSync(at('with.csv'), 'observation[0],observation[1],modulator\n1,1,0.5\n1,1,0.5');
    writeFileSync(at('without.csv'), 'observation[0],observation[1]\n1,1\n1,1');
    const codes = async (line: string) => (await json(line)).diagnostics.map((d) => d.code);
    expect(await codes('emulate @r.plastron --inputs @with.csv')).toEqual([]);
    expect(await codes('emulate @r.plastron --inputs @without.csv')).toEqual(['PL4408']);
    const names = Array.from({ length: WIDTH }, (_, i) => `observation[${i}]`).join(',');
    writeFileSync(at('six.csv'), `${names},modulator\n1,1,1,1,1,1,1`);
    expect(await codes('emulate @p.plastron --inputs @six.csv')).toEqual(['PL4408']);
  });

  it('gives the modulator to the rule', async () => {
    await run('emulate @r.plastron --inputs @with.csv --outputs @o.json');
    await run('emulate @r.plastron --inputs @without.csv --outputs @zero.json');
    const [rewardedOut, zero] = ['o.json', 'zero.json'].map((f) => readFileSync(at(f), 'utf8'));
    expect(zero).toBe('{"outputs":{"out":[[0],[0]]}}\n');
    expect(rewardedOut).not.toBe(zero);
  });
});

describe('emulate --outputs', () => {
  it('writes the outputs of every step, the same numbers in each format', async () => {
    const { outputs } = byHand();
    expect(new Set(outputs.flat()).size).toBeGreaterThan(3);
    for (const ending of ['csv', 'npy', 'json']) {
      const file = `@o.${ending}`;
      expect((await json(`emulate @p.plastron --inputs @i.csv --outputs ${file}`)).outputs).toBe(
        file,
      );
    }
    expect(readFileSync(at('o.csv'), 'utf8')).toBe(
      `action[0],action[1]\n${outputs.map((row) => `${row.join(',')}\n`).join('')}`,
    );
    expect(JSON.parse(readFileSync(at('o.json'), 'utf8'))).toEqual({
      outputs: { action: outputs },
    });
    const array = readNpy(new Uint8Array(readFileSync(at('o.npy'))), 'o.npy');
    expect(array.shape).toEqual([STEPS, 2]);
    expect([...array.values]).toEqual(outputs.flat());
  });

  it('goes with a task, too: one row per step of all episodes', async () => {
    const line = 'emulate @p.plastron --task point-mass --steps 130 --outputs @t.csv';
    const { stdout } = await run(line);
    expect(stdout).toContain('@t.csv written');
    expect(readFileSync(at('t.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(131);
  });
});

describe('emulate --trace', () => {
  it('writes a dump whose last sample is the state of the machine', async () => {
    const line = 'emulate @p.plastron --inputs @i.npy --trace @run.vcd';
    expect((await json(line)).trace).toBe('@run.vcd');
    const { samples, variables } = parseVcd(readFileSync(at('run.vcd'), 'utf8'));
    expect(samples).toHaveLength(STEPS + 1);
    const { machine } = byHand();
    const weights = machine.read({ kind: 'weight', projection: 'observation->hidden' });
    expect(weights.some((w) => w !== 0)).toBe(true);
    const last = samples.at(-1)!;
    expect(last.time).toBe(machine.read({ kind: 'counter', name: 'cycles' })[0]);
    for (const [k, weight] of weights.entries()) {
      const name = `w_${Math.floor(k / 8)}_${k % 8}`;
      expect(last.values.get(`policy.core0.observation_to_hidden.${name}`)).toBe(weight * 128);
    }
    expect(variables.size).toBe(9 + WIDTH + 3 * 8 + 2 + 48 + 16);
  });

  it('takes the signals that are asked for', async () => {
    const line = 'emulate @p.plastron --inputs @i.csv --trace @few.vcd';
    await run(`${line} --signals hidden.v[0..1] --signals hidden->action.w[0]`);
    const { variables } = parseVcd(readFileSync(at('few.vcd'), 'utf8'));
    expect([...variables.keys()].slice(9)).toEqual([
      'policy.core0.hidden.v_0',
      'policy.core0.hidden.v_1',
      'policy.core0.hidden_to_action.w_0_0',
    ]);
    const { exit, stderr } = await run(`${line} --signals hiddn`);
    expect(exit).toBe(1);
    expect(stderr).toContain('error PL4411: the trace has no signal `hiddn`');
    expect(stderr).toContain('help: did you mean `hidden`');
  });

  it('writes trace events whose phases last as long as the run', async () => {
    const result = await json('emulate @p.plastron --inputs @i.csv --trace @run.json');
    const { traceEvents } = JSON.parse(readFileSync(at('run.json'), 'utf8'));
    const phases = traceEvents.filter(
      (e: { ph: string; tid: number }) => e.ph === 'X' && e.tid === 2,
    );
    expect(phases).toHaveLength(STEPS * 4);
    const cycles = phases.reduce(
      (sum: number, e: { args: { cycles: number } }) => sum + e.args.cycles,
      0,
    );
    expect(cycles).toBe(result.cycles);
  });

  it('is the same file every time, and nothing is left beside it', async () => {
    for (const name of ['run.vcd', 'run.json']) {
      const before = readFileSync(at(name));
      await run(`emulate @p.plastron --inputs @i.npy --trace @${name}`);
      expect(readFileSync(at(name))).toEqual(before);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('changes nothing of the run', async () => {
    const line = 'emulate @p.plastron --task point-mass --steps 120';
    const plain = await json(line);
    expect(await json(`${line} --trace @t.vcd`)).toEqual({ ...plain, trace: '@t.vcd' });
    expect(await json(`${line} --trace @t.json`)).toEqual({ ...plain, trace: '@t.json' });
  });

  it('is refused before the run where it cannot be written', async () => {
    const { exit, stderr } = await run('emulate @p.plastron --inputs @i.csv --trace @none/t.vcd');
    expect(exit).toBe(1);
    expect(stderr).toContain('error PL4014: `@none/t.vcd` cannot be written');
  });
});
