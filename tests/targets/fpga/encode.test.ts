import { describe, expect, it } from 'vitest';
import { NetworkBuilder, type ProjectionOptions } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { configurationOf } from '../../../targets/fpga/encode/parameters.js';
import { codesOf } from '../../compiler/context.js';
import { Dice } from '../../compiler/dice.js';
import { firstDifference, forCore } from './programs.js';

const SEED = 3_301;
const STEPS = 40;

const values = (count: number): Float64Array => {
  const dice = new Dice(SEED);
  return Float64Array.from({ length: count }, () => dice.real(-1, 1));
};

/** Synapses whose coefficients all differ. */
function diverse(rule: string, names: readonly string[], options: ProjectionOptions): Network {
  const [rows, columns] = [7, 5];
  const count = (options.connectivity as readonly unknown[] | undefined)?.length ?? rows * columns;
  return new NetworkBuilder('diverse')
    .input('a', rows)
    .population('cell', columns, 'lif')
    .projection('a', 'cell', {
      rule,
      parameters: Object.fromEntries(
        names.map((name, i) => [name, values(count).map((v) => v / (i + 1))]),
      ),
      ...options,
    })
    .output('cell')
    .build();
}

const THREE =
  'rule three(per synapse A, B, C)\n  dw = A * x * y + B * x + C * y\n  normalize clip -1 1\n';
const FOUR =
  'rule four(per synapse A, B, C, D)\n  dw = A * x * y + B * x + C * y + D\n  normalize clip -1 1\n';
const SPARSE = {
  connectivity: [
    [0, 1],
    [2, 4],
    [6, 0],
    [6, 3],
  ],
} as const;

describe('what synapses hold beside weight and variable', () => {
  const three = diverse(THREE, ['A', 'B', 'C'], SPARSE);
  const four = diverse(FOUR, ['A', 'B', 'C', 'D'], SPARSE);
  const wide = { options: { coefficientBits: 16 } };

  it('has room for presence beside three coefficients of 16 bits', () => {
    const { compilation, machine } = forCore(three, { lanes: 2 }, wide);
    expect(configurationOf(compilation.program)).toMatchObject({ coefficients: 3, presence: 1 });
    expect(firstDifference(compilation, machine, new Dice(SEED), STEPS)).toBeUndefined();
  });

  it('has none beside four', () => {
    expect(codesOf(() => forCore(four, { lanes: 2 }, wide))).toEqual(['PL3057']);
  });

  it('has it for their number in a palette', () => {
    const { compilation, machine } = forCore(four, { lanes: 2, paletteBits: 4 }, wide);
    expect(firstDifference(compilation, machine, new Dice(SEED), STEPS)).toBeUndefined();
  });
});

describe('a palette', () => {
  it('grows with the vectors of coefficients', () => {
    const network = diverse(FOUR, ['A', 'B', 'C', 'D'], {});
    const { compilation, machine } = forCore(network, { lanes: 2, paletteBits: 4 });
    expect(configurationOf(compilation.program).paletteBits).toBe(6);
    expect(firstDifference(compilation, machine, new Dice(SEED), STEPS)).toBeUndefined();
  });

  it('has 256 entries at most', () => {
    const dense = new NetworkBuilder('dense')
      .input('a', 20)
      .population('cell', 20, 'lif')
      .projection('a', 'cell', { rule: THREE, parameters: { A: values(400), B: 0.1, C: 0.1 } })
      .output('cell')
      .build();
    const options = { options: { coefficientBits: 16 } };
    expect(codesOf(() => forCore(dense, { paletteBits: 4 }, options))).toEqual(['PL3057']);
    const shared = { options: { coefficientBits: 16, palette: 200 } };
    expect(codesOf(() => forCore(dense, { paletteBits: 4 }, shared))).toEqual([]);
  });
});

describe('a neuron on a core with one unit', () => {
  it('is packed where copies of its values could go to and fro between full pages', () => {
    const neuron = `neuron crowded(per neuron g, tau = 3, threshold = 0.1)
  state v = 0.1
  state u = -0.2
  u <- sign(v + 1 / g)
  u <- sign(min(I, v)) if min(u, v) != v + I and u > 0.2
  v <- u if sign(u) == max(I, 1 / g)
  spike <- sign(u) if |u| > threshold
  v <- u if u > 0.3
`;
    const network = new NetworkBuilder('crowded')
      .input('a', 3)
      .population('cell', 3, neuron, { g: [0.5, 1, 2] })
      .projection('a', 'cell', { rule: 'hebb', bindings: { x: 'pre.value', y: 'post.spike' } })
      .output('cell')
      .build();
    const { compilation, machine } = forCore(network, { lanes: 8, units: 1 });
    expect(firstDifference(compilation, machine, new Dice(SEED), STEPS)).toBeUndefined();
  });
});
