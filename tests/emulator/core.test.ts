import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../runtime/emulator/machine.js';
import { NetworkBuilder, type ProjectionOptions } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { networkOf, networkShapes, noise } from '../lockstep/random-networks.js';
import { ECHO } from '../machines/networks.js';
import { emulate } from './emulator.js';

const SEED = 6_561;
const WEIGHT = { kind: 'weight', projection: 'in->out' } as const;

/** in (1) → out (3): every neuron hears the input through one synapse. */
function network(options: ProjectionOptions): Network {
  return new NetworkBuilder('n')
    .input('in', 1, { clip: 1 })
    .population('out', 3, ECHO)
    .projection('in', 'out', options)
    .output('out')
    .build();
}

/** One core, or three. */
const SPLITS = [1000, 1] as const;

function step(machine: Emulator, input: number): number {
  const out = machine.step({ values: { in: [input] }, modulator: 0 })['out']!;
  expect(new Set(out).size, 'all neurons hear the same').toBe(1);
  return out[0]!;
}

/** What the output is in each step, for inputs of 1 at `pulses`; `before` runs ahead of a step. */
function run(
  machine: Emulator,
  steps: number,
  pulses: readonly number[],
  before: (t: number) => void = () => undefined,
): number[] {
  return Array.from({ length: steps }, (_, t) => {
    before(t);
    return step(machine, pulses.includes(t) ? 1 : 0);
  });
}

const silent = (steps: number, at: Readonly<Record<number, number>> = {}): number[] =>
  Array.from({ length: steps }, (_, t) => at[t] ?? 0);

describe.each(SPLITS)('with %i neurons a core', (neuronsPerCore) => {
  const start = (options: ProjectionOptions): Emulator =>
    emulate(network(options), { neuronsPerCore });

  it.each([0, 1, 2, 3, 7])('a spike arrives after %i steps, once', (delay) => {
    for (const weight of ['arrival', 'send'] as const) {
      const machine = start({ delay, weight, initialWeights: 0.5 });
      expect(run(machine, 12, [1]), weight).toEqual(silent(12, { [1 + delay]: 0.5 }));
    }
  });

  it.each([1, 2, 3])('spikes in a row do not run into each other with delay %i', (delay) => {
    for (const weight of ['arrival', 'send'] as const) {
      const machine = start({ delay, weight, initialWeights: 0.5 });
      const pulses = [0, 1, 3, 4, 5, 8];
      const at = Object.fromEntries(pulses.map((t) => [t + delay, 0.5]));
      expect(run(machine, 12, pulses), weight).toEqual(silent(12, at));
    }
  });

  it('a write before the step of sending counts, for both', () => {
    for (const weight of ['arrival', 'send'] as const) {
      const machine = start({ delay: 2, weight, initialWeights: 0.5 });
      const write = (t: number): void => {
        if (t === 1) machine.write(WEIGHT, [0.25, 0.25, 0.25]);
      };
      expect(run(machine, 5, [1], write), weight).toEqual(silent(5, { 3: 0.25 }));
    }
  });

  it('a write while a spike is under way counts for arrival alone', () => {
    for (const at of [2, 3]) {
      const outputs = (weight: 'arrival' | 'send'): number[] => {
        const machine = start({ delay: 2, weight, initialWeights: 0.5 });
        return run(machine, 5, [1], (t) => {
          if (t === at) machine.write(WEIGHT, [0.25, 0.25, 0.25]);
        });
      };
      expect(outputs('arrival'), `step ${at}`).toEqual(silent(5, { 3: 0.25 }));
      expect(outputs('send'), `step ${at}`).toEqual(silent(5, { 3: 0.5 }));
    }
  });

  it('what is sent has the weight before the learning of its step', () => {
    const rule = 'rule grow()\n  dw = 0.25\n  normalize clip -2 2\n';
    const outputs = (weight: 'arrival' | 'send', delay: number): number[] =>
      run(start({ rule, weight, delay, initialWeights: 0 }), 6, [0, 1, 2, 3, 4, 5]);
    // The weight is t / 4 in step t.
    expect(outputs('arrival', 0)).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25]);
    expect(outputs('arrival', 2)).toEqual([0, 0, 0.5, 0.75, 1, 1.25]);
    expect(outputs('send', 2)).toEqual([0, 0, 0, 0.25, 0.5, 0.75]);
  });

  it.each([1, 2, 5])('a rule runs in every %i-th step, at its end', (every) => {
    const rule = 'rule grow()\n  dw = 0.125\n  normalize clip -2 2\n';
    const machine = start({ rule, every });
    const seen = Array.from({ length: 11 }, () => {
      step(machine, 0);
      return machine.read(WEIGHT)[0]!;
    });
    expect(seen).toEqual(seen.map((_, t) => Math.floor((t + 1) / every) * 0.125));
  });

  it('frozen learning keeps its place in time', () => {
    const rule = 'rule grow()\n  dw = 0.25\n  normalize clip -2 2\n';
    const machine = start({ rule, every: 2 });
    const learning = [true, true, false, false, true, true];
    const seen = learning.map((on) => {
      machine.learning = on;
      step(machine, 0);
      return machine.read(WEIGHT)[0]!;
    });
    expect(seen).toEqual([0, 0.25, 0.25, 0.25, 0.25, 0.5]);
  });

  it('a reset forgets what is under way, and starts the learning period again', () => {
    const rule = 'rule grow()\n  dw = 0.25\n  normalize clip -2 2\n';
    for (const weight of ['arrival', 'send'] as const) {
      const machine = start({ rule, every: 2, delay: 3, weight, initialWeights: 0.5 });
      run(machine, 3, [0, 1, 2]);
      machine.reset({ seed: 0 });
      expect(run(machine, 6, []), weight).toEqual(silent(6));
      machine.reset({ seed: 0 });
      step(machine, 0);
      expect([...machine.read(WEIGHT)], weight).toEqual([0.5, 0.5, 0.5]);
    }
  });

  it('currents of two projections with different delays meet', () => {
    const given = new NetworkBuilder('n')
      .input('in', 1, { clip: 1 })
      .population('out', 3, ECHO)
      .projection('in', 'out', { name: 'a', delay: 1, initialWeights: 0.5 })
      .projection('in', 'out', { name: 'b', delay: 3, weight: 'send', initialWeights: 0.25 })
      .projection('in', 'out', { name: 'c', delay: 3, initialWeights: -1 })
      .output('out')
      .build();
    const machine = emulate(given, { neuronsPerCore });
    expect(run(machine, 7, [0, 2])).toEqual([0, 0.5, 0, 0.5 - 0.75, 0, -0.75, 0]);
  });

  it('an accumulator wraps at its width, and every wrap is counted', () => {
    const given = new NetworkBuilder('n')
      .input('in', 8)
      .population('out', 3, ECHO)
      .projection('in', 'out', { initialWeights: 0.5 })
      .output('out')
      .build();
    const machine = emulate(given, { neuronsPerCore, accumulatorBits: 12 });
    machine.write(WEIGHT, new Array<number>(24).fill(-1));
    const outputs = (count: number): number[] => {
      const values = Array.from({ length: 8 }, (_, i) => (i < count ? -100 : 0));
      return [...machine.step({ values: { in: values }, modulator: 0 })['out']!];
    };
    // Weights of −128 / 128, payloads of 2 bits cut at −2 · 4: 256 a synapse, with 7 − 2 fraction bits.
    expect(outputs(7)).toEqual([56, 56, 56]);
    // Every input of −100 saturates when it is encoded; no sum wraps.
    expect(machine.accounting.saturations).toBe(7);
    // 2048 is −2048 in 12 bits.
    expect(outputs(8)).toEqual([-64, -64, -64]);
    expect(machine.accounting.saturations).toBe(7 + 8 + 3);
  });
});

describe('the same chip, cut in different ways', () => {
  const READ = ['weight', 'variable', 'synapse'];

  it(`gives the same bits, draws included (seed ${SEED})`, () => {
    let compared = 0;
    for (const shape of fc.sample(networkShapes, { seed: SEED, numRuns: 12 })) {
      const network = networkOf(shape);
      const machines = [1000, 3, 1].map((neuronsPerCore) => emulate(network, { neuronsPerCore }));
      for (const m of machines) m.reset({ seed: shape.seed });
      for (let t = 0; t < 8; t++) {
        const values = { observation: noise(shape.inputs, 9, t, shape.seed) };
        for (const m of machines) m.step({ values, modulator: t % 2 });
      }
      const [whole, ...cut] = machines;
      for (const { probe } of whole!.shape.probes.filter((p) => READ.includes(p.probe.kind))) {
        for (const m of cut)
          expect(m.read(probe), JSON.stringify(probe)).toEqual(whole!.read(probe));
        compared += whole!.read(probe).length;
      }
    }
    expect(compared).toBeGreaterThan(400);
  });

  it('a write lands on the right neuron and synapse, on whichever core it is', () => {
    const given = new NetworkBuilder('n')
      .input('in', 3, { clip: 1 })
      .population('out', 4, 'neuron n()\n  v <- v * 0.5 + I\n  value <- v\n')
      .projection('in', 'out', {
        connectivity: [
          [0, 1],
          [0, 3],
          [1, 0],
          [1, 1],
          [2, 2],
          [2, 3],
        ],
        initialWeights: [1, 2, 3, 4, 5, 6].map((w) => w / 8),
      })
      .output('out')
      .build();
    const v = { kind: 'variable', population: 'out', name: 'v' } as const;
    for (const neuronsPerCore of [1000, 3, 2, 1]) {
      const machine = emulate(given, { neuronsPerCore });
      expect([...machine.read(WEIGHT)]).toEqual([1, 2, 3, 4, 5, 6].map((w) => w / 8));
      machine.write(
        WEIGHT,
        [6, 5, 4, 3, 2, 1].map((w) => w / 8),
      );
      machine.write(v, [1, 2, 3, 4]);
      expect([...machine.read(v)]).toEqual([1, 2, 3, 4]);
      const out = machine.step({ values: { in: [1, 0, -1] }, modulator: 0 })['out']!;
      // From neuron 0 with 6/8 and 5/8, from neuron 2 with −2/8 and −1/8.
      expect([...out]).toEqual([0.5, 1 + 6 / 8, 1.5 - 2 / 8, 2 + 5 / 8 - 1 / 8]);
    }
  });
});
