import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createHostMachine } from '../../runtime/host/host.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { createLaneMachine } from '../../runtime/host/lanes.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Inputs, Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { targetNamed } from '../../targets/index.js';
import { noise } from '../lockstep/random-networks.js';
import { laneAsMachine } from './lane-as-machine.js';

const inputsOf = (size: number, step: number): Inputs => ({
  values: { observation: noise(size, 9, 100 + step) },
  modulator: 1,
});

function expectSame(network: Network, left: Machine, right: Machine, steps: number): void {
  const { size } = network.populations.find((p) => p.name === 'observation')!;
  for (const machine of [left, right]) machine.reset({ seed: 3 });
  for (let step = 0; step < steps; step++) {
    left.step(inputsOf(size, step));
    right.step(inputsOf(size, step));
  }
  for (const { probe } of left.shape.probes) {
    if (probe.kind === 'counter') continue;
    const [a, b] = [left.read(probe), right.read(probe)];
    const first = a.findIndex((value, i) => !Object.is(value, b[i]));
    expect(first, `${JSON.stringify(probe)}, ${a[first]} against ${b[first]}`).toBe(-1);
  }
}

/** 300 to 300 without the diagonal and its neighbour: more synapses than a call takes arguments. */
function sparse(): Network {
  const size = 300;
  const pairs = Array.from({ length: size * size }, (_, k) => [Math.floor(k / size), k % size]);
  const connectivity = pairs.filter(([i, j]) => (j! - i! + size) % size > 1) as [number, number][];
  return new NetworkBuilder('sparse')
    .input('observation', size, { clip: 8 })
    .population('hidden', size, 'lif')
    .population('action', 2, 'readout')
    .projection('observation', 'hidden', {
      connectivity,
      initialWeights: noise(connectivity.length, 0.5, 1),
      rule: 'hebb',
    })
    .projection('hidden', 'action', { initialWeights: noise(2 * size, 1, 4) })
    .output('action')
    .build();
}

/** More columns than a function has locals; `size` is no multiple of a tile. */
function wide(size: number): Network {
  return new NetworkBuilder('wide')
    .input('observation', 2)
    .population('hidden', size, 'lif')
    .population('action', 2, 'readout')
    .projection('observation', 'hidden', { initialWeights: noise(2 * size, 2, 1) })
    .projection('observation', 'hidden', {
      name: 'late',
      delay: 1,
      weight: 'send',
      initialWeights: noise(2 * size, 2, 2),
    })
    .projection('hidden', 'action', { initialWeights: noise(2 * size, 1, 3) })
    .output('action')
    .build();
}

describe('large networks', () => {
  it('a sparse projection of 89,400 synapses runs on generated integers', () => {
    const network = sparse();
    const { fixed, micro } = compile(network, targetNamed('loihi2'), NO_CALIBRATION);
    expect(fixed.projections[0]!.columns.length).toBe(89_400);
    expectSame(network, createFixedMachine(fixed), createIntegerHost(micro), 2);
  });
  it('a sparse projection of 89,400 synapses runs on generated float32', () => {
    const network = sparse();
    const reference = createReferenceMachine(network, { precision: 'float32' });
    expectSame(network, reference, createHostMachine(network), 2);
  });
  it('66,003 neurons run in lanes', () => {
    const network = wide(66_003);
    const reference = createReferenceMachine(network, { precision: 'float32' });
    expectSame(network, reference, laneAsMachine(createLaneMachine(network), 1), 3);
  });
});
