import fc from 'fast-check';
import { maximumOf, minimumOf, signed } from '../../compiler/levels/numbers/format.js';
import { COEFFICIENTS, type LazyProjection, type LazyShape } from './lazy-networks.js';
import { noise } from './random-networks.js';

/** Deterministic integers in [low, high]. */
export const integers = (
  count: number,
  low: number,
  high: number,
  key: number,
  seed: number,
): number[] =>
  Array.from(noise(count, 1, key, seed), (u) => Math.round(low + ((u + 1) / 2) * (high - low)));

const arbitraryProjection = fc.record({
  kind: fc.constantFrom('max', 'pow2', undefined),
  width: fc.integer({ min: 8, max: 16 }),
  headroom: fc.integer({ min: 1, max: 4 }),
  rounding: fc.constantFrom('stochastic', 'nearest', 'floor', 'toward-zero'),
  delay: fc.integer({ min: 1, max: 2 }),
  every: fc.integer({ min: 1, max: 2 }),
  density: fc.constantFrom(1, 0.6),
});

const arbitraryDrawn = fc.record({
  inputs: fc.integer({ min: 1, max: 4 }),
  hidden: fc.integer({ min: 1, max: 5 }),
  input: arbitraryProjection,
  recurrent: arbitraryProjection,
  seed: fc.nat(),
});

type Drawn = typeof arbitraryDrawn extends fc.Arbitrary<infer T> ? T : never;

/** Small networks whose projections normalise lazily, or not at all. */
export const arbitraryNetwork: fc.Arbitrary<Drawn> = arbitraryDrawn;

export function shapeOf({ inputs, hidden, input, recurrent, seed }: Drawn): LazyShape {
  const projection = (pre: 'input' | 'hidden', key: number): LazyProjection => {
    const { width, headroom, density, ...rest } = pre === 'input' ? input : recurrent;
    const format = signed(width, width - 1 - headroom);
    const rows = pre === 'input' ? inputs : hidden;
    const chance = noise(rows * hidden, 1, key, seed);
    const synapses = Array.from(chance, (u, k) => ({ u, k }))
      .filter(({ u }) => Math.abs(u) <= density)
      .map(({ k }) => [Math.floor(k / hidden), k % hidden] as const);
    return {
      pre,
      ...rest,
      format,
      synapses,
      weights: integers(synapses.length, minimumOf(format), maximumOf(format), key + 1, seed),
      coefficients: COEFFICIENTS.map((_, i) =>
        integers(synapses.length, -127, 127, key + 2 + i, seed),
      ),
    };
  };
  return { inputs, hidden, projections: [projection('input', 10), projection('hidden', 20)] };
}
