import { describe, expect, it } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { drift } from '../../runtime/verify/drift.js';
import { taskDrive } from '../../runtime/verify/drive.js';
import { ruleError } from '../../runtime/verify/rule-error.js';
import { taskOf } from '../../src/tasks/registry.js';
import { targetNamed } from '../../targets/index.js';
import { float32, growing, policy, recording, reference, wrapped } from './machines.js';

const drive = taskDrive(taskOf('point-mass'), { seed: 3, episodes: 2 });

describe('one-step rule error', () => {
  it('is the error of one step, however long the run', () => {
    const { projections } = ruleError(
      reference(growing(0.25)),
      reference(growing(0.375)),
      recording({ input: 1 }, 40),
    );
    expect(projections).toHaveLength(1);
    const [error] = projections;
    expect(error).toMatchObject({ projection: 'input->out', max: 0.125, compared: 40 });
    expect(error!.rms).toBeCloseTo(0.125, 12);
    expect(error!.relative).toBeCloseTo(0.5, 12);
    // The reference's weight after step t is 0.375 t + 0.25.
    const squares = Array.from({ length: 40 }, (_, t) => (0.375 * t + 0.25) ** 2);
    const weights = Math.sqrt(squares.reduce((a, b) => a + b) / 40);
    expect(error!.relativeToWeight).toBeCloseTo(0.125 / weights, 12);
  });

  it('is 0 for equal machines and small for float32', () => {
    const same = ruleError(reference(policy()), reference(policy()), drive).projections;
    expect(same.map((p) => [p.projection, p.max])).toEqual([
      ['observation->hidden', 0],
      ['hidden->action', 0],
    ]);
    const rounded = ruleError(reference(policy()), float32(policy()), drive).projections;
    for (const { max, rms, compared } of rounded) {
      expect(max).toBeGreaterThan(0);
      expect(rms).toBeLessThan(1e-6);
      expect(rms).toBeLessThanOrEqual(max);
      expect(compared % 8).toBe(0);
    }
  });

  it('counts only steps in which a projection learned', () => {
    const slow = { ...growing(0.25) };
    const network = { ...slow, projections: slow.projections.map((p) => ({ ...p, every: 4 })) };
    const run = recording({ input: 1 }, 40);
    expect(ruleError(reference(network), reference(network), run).projections[0]!.compared).toBe(
      10,
    );
    const fixed = {
      ...slow,
      projections: slow.projections.map((p) => ({ ...p, rule: undefined, bindings: [] })),
    };
    expect(ruleError(reference(fixed), reference(fixed), run).projections).toEqual([]);
  });

  it('of an integer machine is measured in least steps of its weights', () => {
    const network = policy();
    const calibration = calibrate(network, taskOf('point-mass'), { seed: 2 });
    const { fixed } = compile(network, targetNamed('loihi2'), calibration);
    const { projections } = ruleError(reference(network), createFixedMachine(fixed), drive);
    expect(projections).toHaveLength(2);
    for (const { rms, rmsSteps, max, maxSteps } of projections) {
      expect(rmsSteps).toBeCloseTo(rms * 128, 9);
      expect(maxSteps).toBeCloseTo(max * 128, 9);
      // Stochastic rounding alone leaves between 0.3 and 0.6 of a least step.
      expect(rmsSteps).toBeGreaterThan(0.2);
      expect(rmsSteps).toBeLessThan(4);
    }
  });
});

describe('drift', () => {
  it('of a rule that is a little faster grows with every step', () => {
    const left = reference(growing(0.25));
    const right = reference(growing(0.375));
    const { points, rms } = drift(left, right, recording({ input: 1 }, 40, 2), { every: 10 });
    expect(points.map((p) => p.step)).toEqual([10, 20, 30, 40]);
    expect(points.map((p) => p.weights)).toEqual([1.25, 2.5, 3.75, 5]);
    expect(points[0]!.projections).toEqual([{ projection: 'input->out', weights: 1.25 }]);
    expect(rms).toBeCloseTo(Math.sqrt((1.25 ** 2 + 2.5 ** 2 + 3.75 ** 2 + 25) / 4), 12);
    expect(points.every((p) => p.spikes === null)).toBe(true);
  });

  it('counts the spikes on which both agree', () => {
    const quiet = wrapped(reference(policy()), {
      after: (machine, step) => {
        if (step < 10) return;
        machine.write(
          { kind: 'variable', population: 'hidden', name: 'spike' },
          new Array(8).fill(0),
        );
      },
    });
    const { points } = drift(reference(policy()), quiet, drive, { every: 10, steps: 30 });
    expect(points.map((p) => p.spikes)).toEqual([1, 0, 0]);
  });

  it('of equal machines is 0 and all spikes agree', () => {
    const { points, steps } = drift(reference(policy()), reference(policy()), drive);
    expect(steps).toBe(200);
    expect(points).toHaveLength(10);
    expect(points.every((p) => p.weights === 0 && p.spikes === 1)).toBe(true);
  });

  it('refuses points that no episode reaches', () => {
    const run = recording({ input: 1 }, 5);
    const machine = (): ReturnType<typeof reference> => reference(growing(1));
    expect(() => drift(machine(), machine(), run, { every: 6 })).toThrow('PL5306');
    expect(() => drift(machine(), machine(), run, { every: 0 })).toThrow('PL5306');
  });
});
