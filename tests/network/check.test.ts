import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { checkNetwork } from '../../src/network/check.js';
import type { Network, Population, Projection } from '../../src/network/network.js';

const HEBB = 'rule hebb(lr, per neuron b = 0, per synapse a = 1)\n  dw = lr * a * x * y + b\n';

function good(): Network {
  return new NetworkBuilder('good')
    .input('input', 2)
    .population('cell', 3, 'ternary_lif')
    .projection('input', 'cell', { rule: HEBB, parameters: { lr: 0.1 } })
    .output('cell')
    .build();
}

function faults(network: Network): string[] {
  try {
    checkNetwork(network);
  } catch (error) {
    if (error instanceof DiagnosticsError)
      return error.diagnostics.map((d) => `${d.code} ${d.message}`);
    throw error;
  }
  return [];
}

const withCell = (change: Partial<Population>): string[] => {
  const network = good();
  const populations = network.populations.map((p) => (p.name === 'cell' ? { ...p, ...change } : p));
  return faults({ ...network, populations });
};
const withProjection = (change: Partial<Projection>): string[] => {
  const network = good();
  return faults({ ...network, projections: [{ ...network.projections[0]!, ...change }] });
};
const toInput = (): string[] => {
  const network = good();
  const back = { name: 'back', pre: 'cell', post: 'input', delay: 1 };
  const fixed = { rule: undefined, bindings: [], parameters: {} };
  const projection = { ...network.projections[0]!, ...back, ...fixed };
  return faults({ ...network, projections: [...network.projections, projection] });
};
const words = (...values: number[]): Uint32Array => Uint32Array.from(values);

describe('checkNetwork', () => {
  it('returns a good network as it is', () => {
    const network = good();
    expect(checkNetwork(network)).toBe(network);
  });

  it.each<[string, () => string[], RegExp]>([
    ['a bad name', () => faults({ ...good(), name: 'two words' }), /^PL1203 network two words/],
    ['a size of 0', () => withCell({ size: 0 }), /^PL1204 population cell: its size is 0/],
    ['a size of 1.5', () => withCell({ size: 1.5 }), /^PL1204 population cell: its size is 1.5/],
    [
      'an unknown neuron parameter',
      () => withCell({ parameters: { treshold: 1 } }),
      /^PL1206 population cell: the neuron ternary_lif has no parameter `treshold`$/,
    ],
    [
      'an infinite parameter',
      () => withCell({ parameters: { threshold: Infinity } }),
      /^PL1208 population cell: parameter `threshold` is Infinity$/,
    ],
    ['a missing parameter', () => withProjection({ parameters: {} }), /^PL1205 .* parameter `lr`$/],
    [
      'an array for a scalar',
      () => withProjection({ parameters: { lr: Float64Array.of(1) } }),
      /^PL1207 .* `lr`: an array of length 1, where one number is needed$/,
    ],
    [
      'a short array per synapse',
      () => withProjection({ parameters: { lr: 1, a: new Float64Array(5) } }),
      /^PL1207 projection input->cell: parameter `a`: an array of length 5, where 6 is needed$/,
    ],
    [
      'an array per presynaptic neuron',
      () => withProjection({ parameters: { lr: 1, b: new Float64Array(2) } }),
      /^PL1207 .* `b`: an array of length 2, where 3 is needed$/,
    ],
    [
      'a NaN in an array',
      () => withProjection({ parameters: { lr: 1, b: Float64Array.of(0, Number.NaN, 0) } }),
      /^PL1208 .* value 1 of parameter `b` is NaN$/,
    ],
    [
      'wrong weights',
      () => withProjection({ initialWeights: new Float64Array(7) }),
      /^PL1207 .* its initial weights: an array of length 7, where 6 is needed$/,
    ],
    ['a negative delay', () => withProjection({ delay: -1 }), /^PL1204 .* its delay is -1/],
    ['every 0', () => withProjection({ every: 0 }), /^PL1204 .* every is 0/],
    [
      'an unknown population',
      () => withProjection({ pre: 'imput' }),
      /^PL1201 projection input->cell: there is no population `imput`$/,
    ],
    [
      'a projection to an input',
      toInput,
      /^PL1213 projection back: input is an input and takes no current$/,
    ],
    [
      'a missing binding',
      () => withProjection({ bindings: good().projections[0]!.bindings.slice(1) }),
      /^PL1209 .* signal `x` is not bound$/,
    ],
    [
      'a binding to an unknown variable',
      () =>
        withProjection({
          bindings: [
            { signal: 'x', side: 'pre', variable: 'trace' },
            { signal: 'y', side: 'post', variable: 'trace' },
          ],
        }),
      /^PL1209 .* signal `x` is bound to `trace`, which input does not have$/,
    ],
    [
      'a binding on the wrong side',
      () =>
        withProjection({
          bindings: [
            { signal: 'x', side: 'pre', variable: 'value' },
            { signal: 'y', side: 'pre', variable: 'value' },
          ],
        }),
      /^PL1209 .* signal `y` is postsynaptic; bind it to `post.NAME`$/,
    ],
    [
      'a short rowStart',
      () =>
        withProjection({
          connectivity: { kind: 'sparse', rowStart: words(0, 0), columns: words() },
        }),
      /^PL1210 .* rowStart has 2 entries, 3 are needed$/,
    ],
    [
      'columns that do not ascend',
      () =>
        withProjection({
          connectivity: { kind: 'sparse', rowStart: words(0, 2, 2), columns: words(1, 1) },
        }),
      /^PL1210 .* row 0 do not ascend at 1$/,
    ],
    [
      'a column outside',
      () =>
        withProjection({
          connectivity: { kind: 'sparse', rowStart: words(0, 1, 1), columns: words(3) },
        }),
      /^PL1210 .* row 0 ends on neuron 3 of 3$/,
    ],
    [
      'an input without a port',
      () => faults({ ...good(), inputs: [] }),
      /^PL1211 population input/,
    ],
    [
      'a deviation of 0',
      () => faults({ ...good(), inputs: [{ ...good().inputs[0]!, deviation: 0 }] }),
      /^PL1211 input input: its deviation/,
    ],
    [
      'an output of an unknown variable',
      () => faults({ ...good(), outputs: [{ ...good().outputs[0]!, variable: 'spikes' }] }),
      /^PL1201 output cell: cell has no variable `spikes`$/,
    ],
    [
      'two outputs of one population',
      () => faults({ ...good(), outputs: [good().outputs[0]!, good().outputs[0]!] }),
      /^PL1202 output cell: this name is given twice$/,
    ],
    [
      'a cycle without a delay',
      () => {
        const network = good();
        const back = { ...network.projections[0]!, name: 'back', pre: 'cell', post: 'cell' };
        const bindings = back.bindings.map((b) => ({ ...b, variable: 'trace' }));
        return faults({ ...network, projections: [...network.projections, { ...back, bindings }] });
      },
      /^PL1212 projections without a delay form a cycle: cell -> cell$/,
    ],
  ])('names %s', (_, find, expected) => {
    const found = find();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('reports all faults at once', () => {
    const found = faults({
      ...good(),
      name: '',
      inputs: [],
      projections: [{ ...good().projections[0]!, every: 0, delay: 0.5, parameters: {} }],
    });
    expect(found.map((f) => f.slice(0, 6)).sort()).toEqual(
      ['PL1203', 'PL1211', 'PL1204', 'PL1204', 'PL1205'].sort(),
    );
  });

  it('refuses two definitions of one name', () => {
    const network = new NetworkBuilder('twice')
      .input('input', 1)
      .population('a', 1, 'neuron n()\n  value <- I\n')
      .population('b', 1, 'neuron n()\n  value <- 2 * I\n');
    expect(() => network.build()).toThrow(/PL1202.*two different definitions are named `neuron n`/);
  });
});
