import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../runtime/emulator/machine.js';
import { NetworkBuilder, type ProjectionOptions } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { LOIHI_TIMING } from '../../targets/loihi/timing.js';
import { codesOf } from '../compiler/context.js';
import { networkOf, networkShapes, noise } from '../lockstep/random-networks.js';
import { ECHO } from '../machines/networks.js';
import { emulate, PRIMES } from './emulator.js';

const SEED = 919;

/** Three products: two synapse updates of two products each. */
const THREE = 'rule three()\n  dw = x * y + 0.5 * y + 0.25\n  normalize clip -1 1\n';

/** in (3) → h (2) → out (2); the second layer learns. */
function network(options: ProjectionOptions = {}): Network {
  return new NetworkBuilder('n')
    .input('in', 3, { clip: 2 })
    .population('h', 2, ECHO)
    .population('out', 2, ECHO)
    .projection('in', 'h', { initialWeights: 0.5 })
    .projection('h', 'out', { rule: THREE, initialWeights: 0.5, ...options })
    .output('out')
    .build();
}

const step = (machine: Emulator, values: readonly number[]): void => {
  machine.step({ values: { in: values }, modulator: 0 });
};
const counter = (machine: Emulator, name: string): number =>
  machine.read({ kind: 'counter', name })[0]!;

/** Totals of all cores, without their energy. */
function totals({ accounting }: Emulator): Record<string, number> {
  const names = [
    'cycles',
    'synapticOperations',
    'neuronUpdates',
    'activeNeurons',
    'synapseUpdates',
    'messages',
  ] as const;
  return Object.fromEntries(
    names.map((name) => [name, accounting.cores.reduce((sum, c) => sum + c[name], 0)]),
  );
}

describe('one core', () => {
  it('one step, counted by hand', () => {
    const machine = emulate(network(), { timing: PRIMES });
    step(machine, [1, 0, 1]);
    // 2 of 3 inputs are not 0, on 2 synapses each; both hidden neurons send, on 2 synapses each.
    // Messages: 2 spikes and the 2 traces that the rule reads; out sends nothing and is never active.
    expect(totals(machine)).toEqual({
      cycles: (4 + 4) * 2 + 2 * 5 + 2 * 11 + 4 * 2 * 17,
      synapticOperations: 8,
      neuronUpdates: 4,
      activeNeurons: 2,
      synapseUpdates: 4,
      messages: 4,
    });
    // Inputs have a phase of their own; learning is the last.
    expect([...machine.accounting.phaseCycles]).toEqual([
      100,
      4 * 2 + 2 * 5 + 100,
      4 * 2 + 2 * 11 + 100,
      4 * 2 * 17 + 100,
    ]);
    expect(counter(machine, 'cycles')).toBe(100 + 118 + 130 + 236);
    expect(counter(machine, 'decipicojoules')).toBe(8 * 3 + 2 * 7 + 2 * 13 + 8 * 19);
    expect(counter(machine, 'spikes')).toBe(2);
    // 2 from outside, 4 from the hidden neurons, all within the tile.
    expect(counter(machine, 'packets')).toBe(6);
    expect(counter(machine, 'hops')).toBe(0);
  });

  it('a step without spikes costs updates and traces only', () => {
    const machine = emulate(network(), { timing: PRIMES });
    step(machine, [0, 0, 0]);
    expect(totals(machine)).toEqual({
      cycles: 4 * 11 + 4 * 2 * 17,
      synapticOperations: 0,
      neuronUpdates: 4,
      activeNeurons: 0,
      synapseUpdates: 4,
      messages: 2,
    });
    expect(counter(machine, 'packets')).toBe(2);
    expect(counter(machine, 'decipicojoules')).toBe(4 * 13 + 8 * 19);
  });

  it('frozen learning costs nothing but its barrier', () => {
    const machine = emulate(network(), { timing: PRIMES });
    machine.learning = false;
    step(machine, [1, 0, 1]);
    expect(totals(machine)['synapseUpdates']).toBe(0);
    expect([...machine.accounting.phaseCycles]).toEqual([100, 118, 130, 100]);
    expect(counter(machine, 'decipicojoules')).toBe(8 * 3 + 2 * 7 + 2 * 13);
  });

  it.each([
    ['dw = 0.5', 1],
    ['dw = x + y', 1],
    ['dw = x + y + 0.5', 2],
    ['dw = x + y + 0.5 + x * y', 2],
    ['dw = x + y + 0.5 + x * y + w', 3],
  ])('%s: %i updates a synapse', (text, units) => {
    const machine = emulate(network({ rule: `rule r()\n  ${text}\n` }), { timing: PRIMES });
    step(machine, [0, 0, 0]);
    expect(machine.accounting.phaseCycles[3]).toBe(4 * units * 17 + 100);
  });

  it('a rule that runs in every third step costs in every third step', () => {
    const machine = emulate(network({ every: 3 }), { timing: PRIMES });
    const updates = [1, 2, 3, 4, 5, 6].map(() => {
      step(machine, [0, 0, 0]);
      return totals(machine)['synapseUpdates'];
    });
    expect(updates).toEqual([0, 0, 4, 4, 4, 8]);
  });

  it('each trace register that receivers read is a message of its own', () => {
    const cell = 'neuron cell()\n  v <- v * 0.5 + I\n  value <- v\n';
    const messages = (rule: string): number | undefined => {
      const given = new NetworkBuilder('n')
        .input('in', 3, { clip: 2 })
        .population('h', 2, cell)
        .population('out', 2, ECHO)
        .projection('in', 'h', { initialWeights: 0.5 })
        .projection('h', 'out', { rule: `rule r()\n  dw = ${rule}\n` })
        .output('out')
        .build();
      const machine = emulate(given, { timing: PRIMES });
      step(machine, [0, 0, 0]);
      return totals(machine)['messages'];
    };
    expect(messages('0.5')).toBe(0);
    expect(messages('y')).toBe(0);
    expect(messages('x')).toBe(2);
    expect(messages('x + x_v')).toBe(4);
  });

  it('inputs send their spikes, and each trace of each neuron', () => {
    const given = new NetworkBuilder('n')
      .input('in', 3, { clip: 2 })
      .population('out', 2, ECHO)
      .projection('in', 'out', { rule: 'rule r()\n  dw = x\n' })
      .output('out')
      .build();
    const machine = emulate(given, { timing: PRIMES });
    step(machine, [1, 0, -1]);
    expect(counter(machine, 'packets')).toBe(2 + 3);
  });

  it('a delayed current costs when it is accumulated: on arrival, or when sent', () => {
    const operations = (weight: 'arrival' | 'send'): unknown[] => {
      const machine = emulate(network({ delay: 2, weight }), { timing: PRIMES });
      return [
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ].map((values) => {
        const before = totals(machine)['synapticOperations']!;
        step(machine, values);
        return totals(machine)['synapticOperations']! - before;
      });
    };
    // 2 on the input's synapses; 4 on the delayed ones.
    expect(operations('arrival')).toEqual([2, 0, 4, 0]);
    expect(operations('send')).toEqual([2 + 4, 0, 0, 0]);
  });

  it('all counters start again at a reset', () => {
    const machine = emulate(network(), { timing: PRIMES, neuronsPerCore: 1 });
    const run = (): unknown => {
      step(machine, [1, 0, 1]);
      step(machine, [0.5, 1, 0]);
      const names = [
        'step',
        'cycles',
        'saturations',
        'spikes',
        'packets',
        'hops',
        'decipicojoules',
      ];
      const { cores, phaseCycles } = machine.accounting;
      return structuredClone([names.map((n) => counter(machine, n)), cores, [...phaseCycles]]);
    };
    const first = run();
    machine.reset({ seed: 0 });
    expect(counter(machine, 'cycles')).toBe(0);
    expect(counter(machine, 'decipicojoules')).toBe(0);
    expect(Object.values(totals(machine)).every((v) => v === 0)).toBe(true);
    expect([...machine.accounting.phaseCycles]).toEqual([0, 0, 0, 0]);
    expect(run()).toEqual(first);
    expect(codesOf(() => counter(machine, 'energy'))).toEqual(['PL5001']);
  });
});

describe('several cores', () => {
  // h on cores 0 and 1, out on 2 and 3; each core is a tile of a mesh two wide: 0 1 / 2 3.
  const machine = emulate(network(), { timing: PRIMES, neuronsPerCore: 1 });
  step(machine, [1, 0, 1]);

  it('each pays for its own neurons and synapses', () => {
    const hidden = {
      cycles: 2 * 2 + 5,
      synapticOperations: 2,
      neuronUpdates: 1,
      activeNeurons: 1,
      synapseUpdates: 0,
      messages: 2,
      decipicojoules: 2 * 3 + 7,
    };
    const out = {
      cycles: 2 * 2 + 11 + 2 * 2 * 17,
      synapticOperations: 2,
      neuronUpdates: 1,
      activeNeurons: 0,
      synapseUpdates: 2,
      messages: 0,
      decipicojoules: 2 * 3 + 13 + 2 * 2 * 19,
    };
    const cores = [hidden, hidden, out, out].map((counters, core) => ({ core, ...counters }));
    expect(machine.accounting.cores).toEqual(cores);
  });

  it('messages go to every core that listens, across and down the mesh', () => {
    // 2 spikes from tile 0 to tiles 0, 1; 2 messages of each hidden neuron to tiles 2, 3.
    expect(counter(machine, 'packets')).toBe(2 * 2 + 2 * 2 + 2 * 2);
    expect(counter(machine, 'hops')).toBe(2 * (0 + 1) + 2 * (1 + 2) + 2 * (2 + 1));
    expect(counter(machine, 'decipicojoules')).toBe(2 * (13 + 95) + 14 * 29);
  });

  it('a phase takes as long as the slowest core, the longest way and the barrier of four tiles', () => {
    const barrier = 100 + 3 * 10;
    expect([...machine.accounting.phaseCycles]).toEqual([
      0 + 1 * 23 + barrier,
      2 * 2 + 5 + 2 * 23 + barrier,
      2 * 2 + 11 + barrier,
      2 * 2 * 17 + barrier,
    ]);
    expect(counter(machine, 'cycles')).toBe(
      machine.accounting.phaseCycles.reduce((sum, c) => sum + c, 0),
    );
  });

  it.each([
    [1, 1],
    [4, 1],
    [5, 2],
    [64, 16],
    [125, 32],
  ])('the barrier of %i cores of Loihi is that of %i tiles', (cores, tiles) => {
    const given = new NetworkBuilder('n')
      .input('in', 1)
      .population('out', cores, ECHO)
      .projection('in', 'out', { initialWeights: 1 })
      .output('out')
      .build();
    const chip = emulate(given, { neuronsPerCore: 1 });
    step(chip, [0]);
    // 113 ns for one tile to 465 ns for 32, in tenths of a nanosecond.
    const expected = Math.round(1130 + ((4650 - 1130) * (tiles - 1)) / 31);
    expect([...chip.accounting.phaseCycles].at(-1)).toBe(expected);
  });

  it(`energies are integers, and sums of their parts, on random networks (seed ${SEED})`, () => {
    let hopped = 0;
    for (const shape of fc.sample(networkShapes, { seed: SEED, numRuns: 20 })) {
      const chip = emulate(networkOf(shape), { neuronsPerCore: 2 });
      for (let t = 0; t < 5; t++) {
        const values = { observation: noise(shape.inputs, 9, t, shape.seed) };
        chip.step({ values, modulator: 1 });
      }
      const { cores } = chip.accounting;
      const parts = cores.reduce((sum, c) => sum + c.decipicojoules, 0);
      const hops = counter(chip, 'hops');
      expect(counter(chip, 'decipicojoules')).toBe(parts + hops * LOIHI_TIMING.hop.decipicojoules);
      for (const { decipicojoules, cycles } of cores) {
        expect(Number.isInteger(decipicojoules) && Number.isInteger(cycles)).toBe(true);
      }
      hopped += hops;
    }
    expect(hopped).toBeGreaterThan(0);
  });
});
