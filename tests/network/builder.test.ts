import { describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../src/network/builder.js';
import { phases, populationOrder } from '../../src/network/order.js';
import { columnsOf, expand, rowStarts, synapseCount } from '../../src/network/synapses.js';
import { ECHO, GATE } from '../machines/networks.js';

const three = (): NetworkBuilder =>
  new NetworkBuilder('three')
    .input('observation', 8)
    .population('hidden', 32, 'ternary_lif')
    .population('action', 2, ECHO);

describe('NetworkBuilder', () => {
  it('binds the signals of pdlf as its paper does', () => {
    const parameters = { lr: 0.1, A: 0, B: 0, C: 0, D: 0 };
    const { projections } = three()
      .projection('observation', 'hidden', { rule: 'pdlf', parameters })
      .projection('hidden', 'action', { rule: 'pdlf', parameters })
      .output('action')
      .build();
    expect(projections.map((p) => [p.name, p.bindings])).toEqual([
      [
        'observation->hidden',
        [
          { signal: 'x', side: 'pre', variable: 'value' },
          { signal: 'y', side: 'post', variable: 'trace' },
        ],
      ],
      [
        'hidden->action',
        [
          { signal: 'x', side: 'pre', variable: 'trace' },
          { signal: 'y', side: 'post', variable: 'value' },
        ],
      ],
    ]);
  });

  it('takes value as the name of what is sent, and x_NAME as the variable NAME', () => {
    const network = new NetworkBuilder('names')
      .input('input', 1)
      .population('cell', 1, GATE)
      .projection('input', 'cell', {
        rule: 'rule r()\n  dw = x * y_v + y\n',
        bindings: { y: 'post.value' },
      })
      .output('cell', { variable: 'value' })
      .build();
    expect(network.projections[0]!.bindings).toEqual([
      { signal: 'x', side: 'pre', variable: 'value' },
      { signal: 'y_v', side: 'post', variable: 'v' },
      { signal: 'y', side: 'post', variable: 'spike' },
    ]);
    expect(network.outputs[0]!.variable).toBe('spike');
  });

  it('orders listed synapses by row and column', () => {
    const { projections } = three()
      .projection('observation', 'action', {
        connectivity: [
          [7, 1],
          [0, 1],
          [7, 0],
        ],
      })
      .build();
    const projection = projections[0]!;
    expect([...rowStarts(projection, 8, 2)]).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 3]);
    expect([...columnsOf(projection, 8, 2)]).toEqual([1, 0, 1]);
    expect(synapseCount(projection, 8, 2)).toBe(3);
  });

  it('draws the same synapses from the same seed, about as many as the density says', () => {
    const draw = (seed: number) =>
      three()
        .projection('observation', 'hidden', { connectivity: { density: 0.25, seed } })
        .build().projections[0]!;
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    const count = synapseCount(draw(3), 8, 32);
    expect(count).toBeGreaterThan(40);
    expect(count).toBeLessThan(90);
  });

  it.each([
    ['a pair outside', [[8, 0]], /PL1210.*\[8, 0\] is outside 8 by 2/],
    [
      'a pair twice',
      [
        [1, 0],
        [1, 0],
      ],
      /PL1210.*\[1, 0\] is given twice/,
    ],
  ] as const)('refuses %s', (_, connectivity, expected) => {
    expect(() => three().projection('observation', 'action', { connectivity })).toThrow(expected);
  });

  it('refuses unknown names, bindings and densities', () => {
    expect(() => three().projection('observation', 'nope')).toThrow(/PL1201.*nope/);
    expect(() => three().output('nope')).toThrow(/PL1201.*nope/);
    expect(() =>
      three().projection('observation', 'action', { connectivity: { density: 2, seed: 1 } }),
    ).toThrow(/PL1210/);
    const rule = 'rule r()\n  dw = x\n';
    expect(() =>
      three().projection('observation', 'action', { rule, bindings: { x: 'trace' } }),
    ).toThrow(/PL1209.*x is bound to trace/);
    expect(() =>
      three()
        .projection('observation', 'action', { rule, bindings: { z: 'pre.value' } })
        .build(),
    ).toThrow(/PL1209.*no signal `z`/);
  });

  it('leaves it to the check to refuse a wrong size', () => {
    const network = new NetworkBuilder('sizes')
      .input('input', Infinity)
      .population('out', -1, ECHO)
      .projection('input', 'out', { connectivity: { density: 0.5, seed: 1 } });
    expect(() => network.build()).toThrow(/PL1204.*Infinity[\s\S]*PL1204.*-1/);
  });
});

describe('order', () => {
  it('runs populations by the longest chain without delays', () => {
    const network = new NetworkBuilder('order')
      .input('input', 1)
      .population('last', 1, ECHO)
      .population('first', 1, ECHO)
      .population('late', 1, ECHO)
      .projection('input', 'first')
      .projection('input', 'last')
      .projection('first', 'last')
      .projection('last', 'first', { delay: 1 })
      .projection('last', 'late', { delay: 2 })
      .build();
    expect(Object.fromEntries(phases(network))).toEqual({ input: 0, first: 1, last: 2, late: 0 });
    expect(populationOrder(network).map((p) => p.name)).toEqual(['input', 'late', 'first', 'last']);
  });

  it('names the populations of a cycle', () => {
    const network = new NetworkBuilder('cycle')
      .input('input', 1)
      .population('a', 1, ECHO)
      .population('b', 1, ECHO)
      .projection('input', 'a')
      .projection('a', 'b')
      .projection('b', 'a');
    expect(() => network.build()).toThrow('form a cycle: a -> b -> a');
  });
});

describe('expand', () => {
  it('repeats a number and copies an array', () => {
    const array = Float64Array.of(1, 2);
    expect([...expand(3, 2)]).toEqual([3, 3]);
    expect([...expand(array, 2)]).toEqual([1, 2]);
    expect(expand(array, 2)).not.toBe(array);
  });
});
