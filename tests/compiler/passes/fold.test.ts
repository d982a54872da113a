import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldNetwork } from '../../../compiler/passes/fold.js';
import { ruleModel } from '../../../src/equations/load.js';
import { printExpression } from '../../../src/equations/print.js';
import { NetworkBuilder, type ProjectionOptions } from '../../../src/network/builder.js';
import { checkNetwork } from '../../../src/network/check.js';
import type { Network, Projection } from '../../../src/network/network.js';
import { createReferenceMachine } from '../../../src/network/reference.js';
import { networkOf, networkShapes, noise } from '../../lockstep/random-networks.js';
import { GATE } from '../../machines/networks.js';

const SEED = 20_270;

function network(options: ProjectionOptions, pre = 2, post = 2, neuron = 'ternary_lif'): Network {
  return new NetworkBuilder('n')
    .input('input', pre)
    .population('out', post, neuron)
    .projection('input', 'out', options)
    .output('out')
    .build();
}

/** The folded projection of a network with one; the folded network passes its check and its text reads back. */
function folded(given: Network, options: { keepZeros?: boolean } = {}): Projection {
  const result = foldNetwork(given, options);
  checkNetwork(result);
  const [projection] = result.projections;
  const again = ruleModel(projection!.rule!.text);
  const { parameters, signals, usesModulator } = projection!.rule!;
  const facts = (r: typeof again): unknown[] => [
    r.parameters.map((p) => [p.name, p.scope]),
    r.signals.map((s) => s.name),
    r.usesModulator,
    r.variables.map((v) => v.name),
  ];
  expect(facts(again)).toEqual([
    parameters.map((p) => [p.name, p.scope]),
    signals.map((s) => s.name),
    usesModulator,
    projection!.rule!.variables.map((v) => v.name),
  ]);
  return projection!;
}

const dwOf = ({ rule }: Projection): string => (rule?.dw ? printExpression(rule.dw) : '');
const list = (value: unknown): unknown =>
  value instanceof Float64Array ? Array.from(value) : value;

/** Dyadic numbers, so that every product of them is exact. */
const PDLF = {
  lr: [0.5, 0.25, 1, -0.5],
  A: [1, 2, -0.5, 0.25],
  B: [0.5, -1, 4, 1],
  C: [2, 0.5, -1, 8],
  D: [-1, 0.125, 1, 2],
};

describe('fold', () => {
  it('brings pdlf to α·x·y + γ·x + β·y + δ', () => {
    const p = folded(network({ rule: 'pdlf', parameters: PDLF }));
    expect(dwOf(p)).toBe('k0 * x * y + k1 * x + k2 * y + k3');
    expect(Object.keys(p.parameters)).toEqual(['k0', 'k1', 'k2', 'k3']);
    const { lr, A, B, C, D } = PDLF;
    const each = (f: (k: number) => number): number[] => lr.map((_, k) => f(k));
    expect(list(p.parameters['k0'])).toEqual(each((k) => lr[k]! * A[k]!));
    expect(list(p.parameters['k1'])).toEqual(each((k) => -lr[k]! * A[k]! * C[k]!));
    expect(list(p.parameters['k2'])).toEqual(each((k) => lr[k]! * B[k]!));
    expect(list(p.parameters['k3'])).toEqual(each((k) => lr[k]! * D[k]!));
  });

  it('gives scalars where all parameters of a coefficient are scalars', () => {
    const p = folded(network({ rule: 'pdlf', parameters: { ...PDLF, lr: 0.5, B: 0.5 } }));
    expect(p.parameters['k2']).toBe(0.25);
    expect(p.rule!.parameters.map((q) => q.scope)).toEqual([
      'synapse',
      'synapse',
      'scalar',
      'synapse',
    ]);
  });

  it('drops products that are zero everywhere, with the signals that only they read, and keeps the names of the rest', () => {
    const given = network({ rule: 'pdlf', parameters: { ...PDLF, C: 0, A: [0, 0, 0, 0] } });
    const p = folded(given);
    expect(dwOf(p)).toBe('k2 * y + k3');
    expect(p.rule!.signals.map((s) => s.name)).toEqual(['y']);
    expect(p.bindings.map((b) => b.signal)).toEqual(['y']);
    const kept = folded(given, { keepZeros: true });
    expect(dwOf(kept)).toBe('k0 * x * y + k1 * x + k2 * y + k3');
    expect(list(kept.parameters['k2'])).toEqual(list(p.parameters['k2']));
  });

  it('keeps a product that is zero for all synapses but one', () => {
    const p = folded(network({ rule: 'pdlf', parameters: { ...PDLF, D: [0, 0, 0, 1] } }));
    expect(list(p.parameters['k3'])).toEqual([0, 0, 0, -0.5]);
  });

  it('has no change of the weight where every product is zero', () => {
    const p = folded(network({ rule: 'pdlf', parameters: { ...PDLF, lr: 0 } }));
    expect(p.rule!.dw).toBeUndefined();
    expect(p.parameters).toEqual({});
    expect(p.bindings).toEqual([]);
  });

  it('avoids the names of the rule, and keeps the parameters that its variables read', () => {
    const rule =
      'rule r(k0 = 0.5, per synapse a = 1)\n  k1 <- k1 * k0 + x\n  dw = a * k1 + k0 * y\n';
    const p = folded(network({ rule, parameters: { a: [1, 2, 3, 4] } }));
    expect(dwOf(p)).toBe('k0_ * k1 + k1_ * y');
    expect(list(p.parameters['k0_'])).toEqual([1, 2, 3, 4]);
    expect(p.parameters['k1_']).toBe(0.5);
    expect(p.parameters['k0']).toBe(0.5);
    expect(p.rule!.updates.map((u) => printExpression(u.value))).toEqual(['k1 * k0 + x']);
  });

  it('spreads per-neuron parameters by the postsynaptic neuron, even where there are as many synapses as neurons', () => {
    const rule = 'rule r(per neuron b)\n  e <- e * b + x\n  dw = b * e\n';
    const connectivity = [
      [0, 0],
      [1, 0],
      [2, 1],
      [2, 3],
    ] as const;
    const b = [0.125, 0.25, 0.5, 1];
    const p = folded(network({ rule, connectivity, parameters: { b } }, 3, 4));
    const spread = [0.125, 0.125, 0.25, 1];
    expect(list(p.parameters['k0'])).toEqual(spread);
    expect(list(p.parameters['b'])).toEqual(spread);
    expect(p.rule!.parameters.map((q) => q.scope)).toEqual(['synapse', 'synapse']);
  });

  it('writes out local names, and reads the modulator only where a product does', () => {
    const rule = 'rule r(a = 2, b = 0)\n  g = a * x\n  dw = g * y + b * m * y\n';
    const p = folded(network({ rule }));
    expect(dwOf(p)).toBe('k0 * x * y');
    expect(p.rule!.updates).toEqual([]);
    expect(p.rule!.usesModulator).toBe(false);
  });

  it('names the forms of one rule apart where they fold differently, and only there', () => {
    const other = 'rule pdlf_2(a = 1)\n  dw = a * x\n';
    const build = new NetworkBuilder('n').input('input', 2).population('out', 2, 'ternary_lif');
    const forms: readonly ProjectionOptions[] = [
      { rule: 'pdlf', parameters: PDLF },
      { rule: other },
      { rule: 'pdlf', parameters: { ...PDLF, C: 0 } },
      { rule: 'pdlf', parameters: { ...PDLF, lr: 1 } },
      { rule: 'pdlf', parameters: { ...PDLF, lr: 2, C: 0 } },
    ];
    for (const [i, form] of forms.entries())
      build.projection('input', 'out', { ...form, name: `p${i}` });
    const result = checkNetwork(foldNetwork(build.output('out').build()));
    expect(result.projections.map((p) => p.rule!.name)).toEqual([
      'pdlf',
      'pdlf_2',
      'pdlf_3',
      'pdlf',
      'pdlf_3',
    ]);
  });

  it('leaves fixed projections and its input alone', () => {
    const given = network({ initialWeights: 0.5 }, 2, 2, GATE);
    expect(foldNetwork(given).projections).toEqual(given.projections);
    const plastic = network({ rule: 'pdlf', parameters: PDLF });
    const before = structuredClone(plastic);
    foldNetwork(plastic);
    expect(plastic).toEqual(before);
  });

  it(`keeps the meaning: reference machines agree before and after on random networks (seed ${SEED})`, () => {
    let moved = 0;
    const property = fc.property(networkShapes, (shape) => {
      const given = networkOf(shape);
      const left = createReferenceMachine(given);
      const right = createReferenceMachine(foldNetwork(given));
      const states = left.shape.probes.filter(
        ({ probe }) =>
          probe.kind === 'weight' ||
          probe.kind === 'variable' ||
          (probe.kind === 'synapse' && probe.name === 'eligibility'),
      );
      for (let step = 0; step < 12; step++) {
        const inputs = {
          values: { observation: noise(shape.inputs, 9, 100 + step, shape.seed) },
          modulator: (step % 3) - 1,
        };
        left.step(inputs);
        right.step(inputs);
        for (const { probe } of states) {
          const expected = left.read(probe);
          const actual = right.read(probe);
          for (const [i, value] of expected.entries()) {
            const bound = 1e-9 * Math.max(1, Math.abs(value));
            expect(Math.abs(actual[i]! - value), JSON.stringify(probe)).toBeLessThanOrEqual(bound);
          }
        }
      }
      const fresh = createReferenceMachine(given);
      for (const { name, rule } of given.projections) {
        const probe = { kind: 'weight', projection: name } as const;
        if (rule && `${left.read(probe)}` !== `${fresh.read(probe)}`) moved++;
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 60 });
    expect(moved).toBeGreaterThan(60);
  });
});
