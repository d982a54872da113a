import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { recordedDrive, taskDrive } from '../../runtime/verify/drive.js';
import { explainFixed } from '../../runtime/verify/explain.js';
import { describeDifference, lockstep } from '../../runtime/verify/lockstep.js';
import { describeProbe } from '../../src/network/probes.js';
import { prepareInjuries } from '../../src/tasks/injury.js';
import { taskOf } from '../../src/tasks/registry.js';
import { targetNamed } from '../../targets/index.js';
import { brokenAt, float32, growing, policy, recording, reference, wrapped } from './machines.js';

const network = policy();
const drive = taskDrive(taskOf('point-mass'), { seed: 3, episodes: 2 });
const compiled = compile(policy(), targetNamed('loihi2'), NO_CALIBRATION);

function codesOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
  return [];
}

describe('lockstep', () => {
  it('counts every value of every step, output and reset of two equal machines', () => {
    const machine = reference(network);
    const state = machine.shape.probes.reduce((sum, p) => sum + p.length, 0);
    const result = lockstep(machine, reference(network), drive);
    expect(result).toEqual({
      steps: 200,
      episodes: 2,
      compared: 202 * state + 200 * 2,
      differences: 0,
      firstDifference: null,
      onlyLeft: [],
      onlyRight: [],
    });
  });

  it('runs exactly the steps that were asked for, through as many episodes as that takes', () => {
    const result = lockstep(reference(network), reference(network), drive, { steps: 250 });
    expect(result).toMatchObject({ steps: 250, episodes: 3, differences: 0 });
  });

  it('finds one changed value at its step, place and index, whatever it is', () => {
    const places = reference(network)
      .shape.probes.filter((p) => p.writable && p.probe.kind !== 'variable')
      .flatMap(({ probe, length }) => [{ probe, length }]);
    const anywhere = fc.constantFrom(...places);
    fc.assert(
      fc.property(anywhere, fc.nat(), fc.nat({ max: 90 }), ({ probe, length }, place, step) => {
        const index = place % length;
        const right = brokenAt(reference(network), probe, index, step, (v) => v + 2 ** -40);
        const { firstDifference: found, steps } = lockstep(reference(network), right, drive);
        expect(found).toMatchObject({ episode: 0, step, place: describeProbe(probe), index });
        expect(found!.left.integer).toBeNull();
        expect(Number(found!.right.real) - Number(found!.left.real)).toBeCloseTo(2 ** -40, 14);
        expect(steps).toBe(step + 1);
      }),
      { seed: 11, numRuns: 25 },
    );
  });

  it('finds one flipped bit of an integer machine, with both integers', () => {
    const { fixed } = compiled;
    const probe = { kind: 'weight', projection: 'hidden->action' } as const;
    const lowBit = 2 ** -fixed.projections[1]!.weights.format.fraction;
    const flip = (v: number): number => ((v / lowBit) & 1 ? v - lowBit : v + lowBit);
    const right = brokenAt(createFixedMachine(fixed), probe, 5, 31, flip);
    const { firstDifference: found } = lockstep(createFixedMachine(fixed), right, drive, {
      explain: explainFixed(fixed, compiled.program),
    });
    expect(found).toMatchObject({ step: 31, place: 'weight of hidden->action', index: 5 });
    const { left, right: other, format } = found!;
    expect(format).toBe('s8.7');
    expect((left.integer! ^ other.integer!) & 0xff).toBe(1);
    expect(left.real).toBe(left.integer! * lowBit);
    expect(found!.cause).toMatch(/^core 0, learning code, words? \d+.* network:13:/);
    expect(found!.span).toMatchObject({ file: 'network', line: 13 });
    expect(describeDifference(found!)).toMatch(
      /^episode 0, step 31, weight of hidden->action\[5\]: .* \(-?\d+\) against .* \(-?\d+\), from core 0/,
    );
  });

  it('names the cause before its effects, and lists the effects', () => {
    const probe = { kind: 'variable', population: 'hidden', name: 'v' } as const;
    const broken = policy();
    const right = wrapped(reference(broken), {
      after: (machine, step) => {
        if (step !== 4) return;
        for (const target of [{ kind: 'weight', projection: 'hidden->action' } as const, probe]) {
          const values = machine.read(target);
          values[1] = 0.75;
          machine.write(target, values);
        }
      },
    });
    const { firstDifference: found, differences } = lockstep(reference(broken), right, drive);
    expect(found).toMatchObject({ step: 4, place: 'v of hidden', index: 1 });
    expect(found!.also).toEqual([{ place: 'weight of hidden->action', count: 1 }]);
    expect(differences).toBe(2);
  });

  it('compares outputs, too', () => {
    const right = wrapped(reference(network), {
      outputs: (outputs, step) =>
        step === 9 ? { action: Float64Array.of(outputs['action']![0]!, 9) } : outputs,
    });
    const { firstDifference: found } = lockstep(reference(network), right, drive);
    expect(found).toMatchObject({ step: 9, place: 'output action', index: 1, right: { real: 9 } });
  });

  it('compares what a reset leaves', () => {
    const other = growing(0.25);
    const changed = {
      ...other,
      projections: other.projections.map((p) => ({ ...p, initialWeights: 0.5 })),
    };
    const { firstDifference: found } = lockstep(
      reference(other),
      reference(changed),
      recording({ input: 1 }, 3),
    );
    expect(found).toMatchObject({ step: -1, place: 'weight of input->out', index: 0 });
    expect(describeDifference(found!)).toContain('after the reset of episode 0');
  });

  it('tells float32 from float64', () => {
    const result = lockstep(reference(network), float32(network), drive);
    expect(result.differences).toBeGreaterThan(0);
    expect(result.firstDifference!.step).toBeLessThan(2);
  });

  it('counts on after a difference when asked to', () => {
    const once = lockstep(
      reference(growing(0.25)),
      reference(growing(0.3)),
      recording({ input: 1 }, 5),
    );
    expect(once).toMatchObject({ steps: 1, differences: 1 });
    const all = lockstep(
      reference(growing(0.25)),
      reference(growing(0.3)),
      recording({ input: 1 }, 5),
      {
        countAll: true,
      },
    );
    expect(all.steps).toBe(5);
    expect(all.firstDifference).toEqual(once.firstDifference);
    // One weight in five steps; from the second on also the current, the value and the output.
    expect(all.differences).toBe(5 + 3 * 4);
  });

  it('holds NaN as equal to NaN and writes it as a word', () => {
    const spoil = (machine: ReturnType<typeof reference>) =>
      wrapped(machine, { outputs: () => ({ action: Float64Array.of(Number.NaN, 0) }) });
    const both = lockstep(spoil(reference(network)), spoil(reference(network)), drive, {
      steps: 1,
    });
    expect(both.differences).toBe(0);
    const one = lockstep(reference(network), spoil(reference(network)), drive, { steps: 1 });
    expect(one.firstDifference!.right).toEqual({ real: 'NaN', integer: null });
  });

  it('injures both machines, and an injury hides no difference', () => {
    const injury = { kind: 'zero-weights', from: 20, to: 21 } as const;
    const injured = taskDrive(taskOf('point-mass'), {
      seed: 3,
      episodes: 1,
      injuries: prepareInjuries(network, [injury]),
    });
    const equal = lockstep(reference(network), reference(network), injured);
    expect(equal).toMatchObject({ steps: 100, differences: 0 });
    const dead = {
      kind: 'dead-neurons',
      population: 'hidden',
      indices: [0],
      from: 30,
      to: 90,
    } as const;
    const weights = { kind: 'weight', projection: 'observation->hidden' } as const;
    const partly = taskDrive(taskOf('point-mass'), {
      seed: 3,
      episodes: 1,
      injuries: prepareInjuries(network, [dead]),
    });
    const right = brokenAt(reference(network), weights, 3, 29, (w) => w + 0.5);
    const all = lockstep(reference(network), right, partly, { countAll: true });
    expect(all.firstDifference).toMatchObject({ step: 29, index: 3 });
    expect(all.differences).toBeGreaterThan(60);
  });

  it('refuses machines that have nothing to compare, other ports or other lengths', () => {
    const run = recording({ input: 1 }, 2);
    const blind = wrapped(reference(growing(1)), {});
    const noProbes = { ...blind, shape: { ...blind.shape, probes: [] } };
    expect(codesOf(() => lockstep(reference(growing(1)), noProbes, run))).toEqual(['PL5305']);
    expect(codesOf(() => lockstep(reference(policy(8)), reference(policy(9)), drive))).toContain(
      'PL5305',
    );
    expect(codesOf(() => lockstep(reference(growing(1)), reference(network), run))).toContain(
      'PL5305',
    );
  });

  it('refuses runs without steps and recordings that are too short', () => {
    const machine = (): ReturnType<typeof reference> => reference(growing(1));
    const run = recording({ input: 1 }, 4, 2);
    expect(lockstep(machine(), machine(), run).steps).toBe(8);
    expect(codesOf(() => lockstep(machine(), machine(), run, { steps: 9 }))).toEqual(['PL5306']);
    expect(codesOf(() => lockstep(machine(), machine(), run, { steps: 0 }))).toEqual(['PL5306']);
    expect(codesOf(() => lockstep(machine(), machine(), run, { steps: 1.5 }))).toEqual(['PL5306']);
    expect(codesOf(() => recordedDrive([], { name: 'empty', seed: 1 }))).toEqual(['PL5306']);
    expect(codesOf(() => recordedDrive([[]], { name: 'empty', seed: 1 }))).toEqual(['PL5306']);
    expect(codesOf(() => taskDrive(taskOf('point-mass'), { seed: 1, episodes: 0 }))).toEqual([
      'PL5306',
    ]);
  });

  it('says which state only one machine shows', () => {
    const { fixed } = compiled;
    const result = lockstep(reference(network), createFixedMachine(fixed), drive, { steps: 1 });
    expect(result.onlyLeft).toContain('lr of observation->hidden');
    expect(result.onlyRight).toEqual([]);
  });
});
