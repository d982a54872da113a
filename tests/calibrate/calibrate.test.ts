import { describe, expect, it } from 'vitest';
import { type Calibration, lookup, printCalibration } from '../../compiler/analysis/calibration.js';
import { sha256 } from '../../compiler/levels/program/sha256.js';
import { calibrate, calibrateOn } from '../../runtime/calibrate/calibrate.js';
import { recordedDrive, taskDrive } from '../../runtime/verify/drive.js';
import { NetworkBuilder, type ProjectionOptions } from '../../src/network/builder.js';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { printNetwork } from '../../src/network/text.js';
import { taskOf } from '../../src/tasks/registry.js';
import { policy, recording } from '../verify/machines.js';

const ECHO = 'neuron echo()\n  value <- I\n';

/** input (1) -> out (1). */
function pair(neuron: string, options: ProjectionOptions): Network {
  return new NetworkBuilder('pair')
    .input('input', 1)
    .population('out', 1, neuron)
    .projection('input', 'out', options)
    .output('out', { variable: 'value' })
    .build();
}

/** Inputs of one number, and modulators, step by step. */
const given = (inputs: readonly number[], modulators: readonly number[] = []) =>
  recordedDrive(
    [inputs.map((value, t) => ({ values: { input: [value] }, modulator: modulators[t] ?? 0 }))],
    { name: 'by hand', seed: 1 },
  );

type Kind = Calibration['ranges'][number]['kind'];

/** Minimum, maximum, samples and rms of one value. */
function seen(calibration: Calibration, kind: Kind, owner: string, name: string) {
  const range = lookup(calibration).find(kind, owner, name);
  return range && [range.minimum, range.maximum, range.samples, range.rms];
}

describe('calibrate', () => {
  it('sees inputs, currents, values, weights and their changes', () => {
    const network = pair(ECHO, { rule: 'rule r()\n  dw = 0.5 * x\n' });
    const calibration = calibrateOn(network, given([1, -2, 0.5]));
    const rms = (...values: number[]): number =>
      Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    const expectSeen = (kind: Kind, owner: string, name: string, ...values: number[]): void => {
      const [minimum, maximum, samples, root] = seen(calibration, kind, owner, name)!;
      expect([minimum, maximum, samples], `${kind} ${name}`).toEqual([
        Math.min(...values, ...(kind === 'weight' ? [0] : [])),
        Math.max(...values, ...(kind === 'weight' ? [0] : [])),
        values.length,
      ]);
      expect(root).toBeCloseTo(rms(...values), 12);
    };
    expectSeen('variable', 'input', 'value', 1, -2, 0.5);
    expectSeen('weight', 'input->out', 'w', 0.5, -0.5, -0.25);
    expectSeen('current', 'out', 'I', 0, -1, -0.25);
    expectSeen('change', 'input->out', 'dw', 0.5, -1, 0.25);
    expectSeen('term', 'input->out', 'w: x', 0.5, -1, 0.25);
    expectSeen('local', 'input->out', 'w + dw', 0.5, -0.5, -0.25);
  });

  it('sees a value that a later statement overwrites', () => {
    const gate =
      'neuron gate(threshold = 1)\n  v <- v + I\n  spike <- 1 if v >= threshold\n  v <- 0 on spike\n  value <- spike\n';
    const calibration = calibrateOn(pair(gate, { initialWeights: 1 }), given([0.75, 0.75, 0.25]));
    // 0.75, then 1.5 → spike → 0, then 0.25: three samples, and 1.5 was held for a moment.
    const [minimum, maximum, samples, rms] = seen(calibration, 'variable', 'out', 'v')!;
    expect([minimum, maximum, samples]).toEqual([0, 1.5, 3]);
    expect(rms).toBeCloseTo(Math.sqrt((0.75 ** 2 + 0.25 ** 2) / 3), 12);
  });

  it('sees weights before they are normalised, and what a reset leaves', () => {
    const rule = 'rule r()\n  dw = 0.75\n  normalize clip -1 1\n';
    const calibration = calibrateOn(pair(ECHO, { rule, initialWeights: -3 }), given([1, 1]));
    expect(seen(calibration, 'local', 'input->out', 'w + dw')!.slice(0, 2)).toEqual([-2.25, -0.25]);
    expect(seen(calibration, 'weight', 'input->out', 'w')!.slice(0, 2)).toEqual([-3, -0.25]);
  });

  it('sees locals, per-synapse variables, the modulator and every product', () => {
    const rule = `rule r(a = 0.5)
  pre_half = 0.5 * x
  e <- e * 0.5 + pre_half
  dw = m * e - a * w
`;
    const calibration = calibrateOn(pair(ECHO, { rule }), given([1, 1], [0, 2]));
    expect(seen(calibration, 'local', 'input->out', 'pre_half')!.slice(0, 3)).toEqual([
      0.5, 0.5, 2,
    ]);
    expect(seen(calibration, 'synapse', 'input->out', 'e')!.slice(0, 3)).toEqual([0, 0.75, 2]);
    expect(seen(calibration, 'variable', 'modulator', 'm')!.slice(0, 3)).toEqual([0, 2, 2]);
    expect(seen(calibration, 'term', 'input->out', 'w: e * m')!.slice(0, 3)).toEqual([0, 1.5, 2]);
    expect(seen(calibration, 'term', 'input->out', 'w: w')!.slice(0, 3)).toEqual([0, 0, 2]);
    expect(seen(calibration, 'change', 'input->out', 'dw')!.slice(0, 3)).toEqual([0, 1.5, 2]);
    // The change of e is −0.5 e + 0.5 x, from e = 0 and then e = 0.5.
    expect(seen(calibration, 'term', 'input->out', 'e: e')!.slice(0, 2)).toEqual([-0.25, 0]);
    expect(seen(calibration, 'term', 'input->out', 'e: x')!.slice(0, 2)).toEqual([0.5, 0.5]);
  });

  it('watches a rule in the steps in which it runs', () => {
    const network = pair(ECHO, { rule: 'rule r()\n  dw = 0.5\n', every: 3 });
    const calibration = calibrateOn(network, given([1, 1, 1, 1, 1, 1, 1]));
    expect(seen(calibration, 'change', 'input->out', 'dw')!.slice(0, 3)).toEqual([0.5, 0.5, 2]);
    expect(seen(calibration, 'weight', 'input->out', 'w')!.slice(0, 3)).toEqual([0, 1, 7]);
    const frozen = recordedDrive([[{ values: { input: [1] }, modulator: 0 }]], {
      name: 'frozen',
      seed: 1,
      learning: false,
    });
    const still = pair(ECHO, { rule: 'rule r()\n  dw = 0.5\n' });
    expect(seen(calibrateOn(still, frozen), 'change', 'input->out', 'dw')).toBeUndefined();
  });

  it('reads parameters by their scope, not by their length', () => {
    const network = new NetworkBuilder('crossed')
      .input('input', 2)
      .population('out', 2, ECHO)
      .projection('input', 'out', {
        rule: 'rule r(per neuron gain)\n  dw = gain * x\n',
        connectivity: [
          [0, 1],
          [1, 0],
        ],
        parameters: { gain: [0.25, 8] },
      })
      .output('out')
      .build();
    const drive = recordedDrive([[{ values: { input: [1, 0] }, modulator: 0 }]], {
      name: 'one',
      seed: 1,
    });
    expect(seen(calibrateOn(network, drive), 'change', 'input->out', 'dw')!.slice(0, 2)).toEqual([
      0, 8,
    ]);
  });

  it('repeats what the machine does, synapse by synapse', () => {
    const network = policy();
    const drive = taskDrive(taskOf('point-mass'), { seed: 4, episodes: 1 });
    const machine = createReferenceMachine(network, { precision: 'float32' });
    const run = drive.start(machine, 0);
    const extremes = weightExtremes(machine, () => run.step(), 4);
    const calibration = calibrateOn(network, drive, { steps: 4 });
    for (const { name } of network.projections) {
      const [low, high] = seen(calibration, 'local', name, 'w + dw')!;
      // Below the clip the weights are those before the normalisation, to the last bit.
      expect(low).toBeGreaterThan(-1);
      expect(high).toBeLessThan(1);
      expect([low, high]).toEqual(extremes.get(name));
    }
  });

  it('says what it ran, and gives the same record again', () => {
    const network = policy();
    const task = taskOf('point-mass');
    const calibration = calibrate(network, task, { seed: 9 });
    expect(calibration.provenance).toEqual({
      drive: 'point-mass',
      seed: 9,
      episodes: 8,
      steps: 800,
      network: sha256(printNetwork(network)),
    });
    expect(calibration.source).toBe('point-mass, 8 episodes, seed 9');
    expect(printCalibration(calibrate(network, task, { seed: 9 }))).toBe(
      printCalibration(calibration),
    );
    expect(printCalibration(calibrate(network, task, { seed: 10 }))).not.toBe(
      printCalibration(calibration),
    );
  });

  it('refuses values that are not finite, and names them', () => {
    const network = pair(ECHO, { rule: 'rule r()\n  dw = 1e30 * w\n', initialWeights: 1 });
    expect(() => calibrateOn(network, given([1, 1, 1, 1]))).toThrow(
      /PL5309: .* of (input->out|out) became/,
    );
  });

  it('takes as many steps as it is told', () => {
    const network = pair(ECHO, { rule: 'rule r()\n  dw = 0.5\n' });
    const calibration = calibrateOn(network, recording({ input: 1 }, 10), { steps: 4 });
    expect(calibration.provenance).toMatchObject({ steps: 4, episodes: 1 });
    expect(() => calibrateOn(network, recording({ input: 1 }, 3), { steps: 4 })).toThrow('PL5306');
  });
});

/** The smallest and largest weight of each projection after any of `steps` steps. */
function weightExtremes(
  machine: Machine,
  step: () => void,
  steps: number,
): Map<string, [number, number]> {
  const extremes = new Map<string, [number, number]>();
  for (let t = 0; t < steps; t++) {
    step();
    for (const { probe } of machine.shape.probes) {
      if (probe.kind !== 'weight') continue;
      const [low, high] = extremes.get(probe.projection) ?? [Infinity, -Infinity];
      const weights = machine.read(probe);
      extremes.set(probe.projection, [Math.min(low, ...weights), Math.max(high, ...weights)]);
    }
  }
  return extremes;
}
