import fc from 'fast-check';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';

/** Deterministic numbers in ±size. */
export const noise = (length: number, size: number, key: number, seed = 7): Float64Array =>
  Float64Array.from({ length }, (_, i) => (draw(seed, key, i, 0, 0, 0) / 2 ** 31 - 1) * size);

const NEURONS = ['ternary_lif', 'lif', 'cuba_lif', 'adaptive_lif', 'izhikevich'] as const;
const RULES = ['pdlf', 'abcd', 'hebb', 'oja', 'stdp', 'r_stdp', 'triplet_stdp', undefined] as const;

const arbitraryShape = fc.record({
  inputs: fc.integer({ min: 1, max: 5 }),
  hidden: fc.integer({ min: 1, max: 7 }),
  neuron: fc.constantFrom(...NEURONS),
  rule: fc.constantFrom(...RULES),
  recurrent: fc.constantFrom(...RULES),
  delay: fc.integer({ min: 1, max: 3 }),
  weight: fc.constantFrom('arrival', 'send'),
  every: fc.integer({ min: 1, max: 3 }),
  density: fc.constantFrom(1, 0.5),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

export type NetworkShape = typeof arbitraryShape extends fc.Arbitrary<infer T> ? T : never;

/** Small networks with every feature that an integer machine has. */
export const networkShapes: fc.Arbitrary<NetworkShape> = arbitraryShape;

/** The rule where the neurons have its signals: input populations have no spikes, ternary_lif no slow trace. */
function usable(
  rule: (typeof RULES)[number],
  neuron: string,
  fromInput: boolean,
): string | undefined {
  if (rule === undefined || (fromInput && rule.includes('stdp'))) return undefined;
  return rule === 'triplet_stdp' && neuron !== 'lif' ? 'stdp' : rule;
}

const OPEN = ['lr', 'A', 'B', 'C', 'D'];

export function networkOf(shape: NetworkShape): Network {
  const { inputs, hidden, neuron, delay, weight, every, density, seed } = shape;
  const learning = (rule: string | undefined, count: number, key: number) => {
    if (rule === undefined) return {};
    const open = rule === 'pdlf' || rule === 'abcd';
    const parameters = Object.fromEntries(
      OPEN.map((n, i) => [n, noise(count, 0.9, key + i, seed)]),
    );
    return { rule, every, ...(open ? { parameters } : {}) };
  };
  const builder = new NetworkBuilder('random')
    .input('observation', inputs, { clip: 8 })
    .population('hidden', hidden, neuron)
    .population('action', 2, 'readout')
    .projection('observation', 'hidden', {
      initialWeights: noise(inputs * hidden, 1, 1, seed),
      ...learning(usable(shape.rule, neuron, true), inputs * hidden, 10),
    });
  const pairs = noise(hidden * hidden, 1, 2, seed).reduce<[number, number][]>((list, u, k) => {
    if (Math.abs(u) <= density) list.push([Math.floor(k / hidden), k % hidden]);
    return list;
  }, []);
  return builder
    .projection('hidden', 'hidden', {
      connectivity: pairs,
      delay,
      weight,
      initialWeights: noise(pairs.length, 0.9, 3, seed),
      ...learning(usable(shape.recurrent, neuron, false), pairs.length, 20),
    })
    .projection('hidden', 'action', {
      initialWeights: noise(2 * hidden, 1, 4, seed),
    })
    .output('action')
    .build();
}
