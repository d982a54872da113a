import type { Expression } from '../../src/equations/ast.js';
import { inlineLocals, sumOfProducts } from '../../src/equations/canonical.js';
import type { ModelParameter, Product, RuleModel } from '../../src/equations/model.js';
import { namesOf } from '../../src/equations/names.js';
import { printRuleModel } from '../../src/equations/print.js';
import type { Network, ParameterValue, Projection } from '../../src/network/network.js';
import { columnsOf } from '../../src/network/synapses.js';
import type { PlacedNetwork } from '../levels/placed.js';
import type { Pass } from '../pass.js';
import { parametersOf } from './quantise/neuron.js';
import { evaluateStatic, expandParameters } from './quantise/static.js';

export const fold: Pass<PlacedNetwork, PlacedNetwork> = {
  name: 'fold',
  about: `Folds every rule to its canonical sum of products.
What: dw becomes Σ k_i · Π factors; each k_i is computed once, per synapse where its parameters are, from the rule's own
parameters. Products whose coefficients are all zero disappear.
Why: a chip multiplies a coefficient with signals; it should not recompute lr·A in every step.
Before: dw = lr * (A * x * (y - C) + B * y + D). After: dw = k0*x*y + k1*x + k2*y + k3 with k0 = lr·A, k1 = −lr·A·C, …`,
  needs: [],
  keeps: [],
  gives: ['folded'],
  run: (level) => ({ ...level, network: foldNetwork(level.network) }),
};

export interface FoldOptions {
  /** Keeps products whose coefficients are all zero: for searches that will change them. */
  readonly keepZeros?: boolean;
}

/** Folds every rule of a network. */
export function foldNetwork(network: Network, options: FoldOptions = {}): Network {
  const sizes = new Map(network.populations.map((p) => [p.name, p.size]));
  return {
    ...network,
    projections: network.projections.map((p) =>
      p.rule?.dw
        ? foldProjection(p, p.rule, columnsOf(p, sizes.get(p.pre)!, sizes.get(p.post)!), options)
        : p,
    ),
  };
}

function foldProjection(
  projection: Projection,
  rule: RuleModel,
  columns: Uint32Array,
  options: FoldOptions,
): Projection {
  const names = new Set(rule.parameters.map((p) => p.name));
  const dw = inlineLocals(rule).dw!;
  const { products } = sumOfProducts(dw, (name) => names.has(name));
  const given = expandParameters(parametersOf(rule, projection), columns);
  const values: Record<string, ParameterValue> = {};
  const parameters: ModelParameter[] = [];
  const kept: Expression[] = [];
  const taken = new Set([
    ...names,
    ...rule.variables.map((v) => v.name),
    ...rule.signals.map((q) => q.name),
  ]);
  for (const product of products) {
    const value = evaluateStatic(product.coefficient, given)!;
    const zero = typeof value === 'number' ? value === 0 : value.every((v) => v === 0);
    if (zero && !options.keepZeros) continue;
    const name = freeName(`k${kept.length}`, taken);
    values[name] = value;
    const scope = typeof value === 'number' ? 'scalar' : 'synapse';
    parameters.push({ name, scope, default: undefined, origin: product.coefficient.origin });
    kept.push(productExpression(name, product));
  }
  const rest = parametersOfUpdates(rule);
  for (const { name } of rest) values[name] = parametersOf(rule, projection)[name]!;
  const folded: RuleModel = {
    ...rule,
    parameters: [...parameters, ...rest],
    dw: kept.length > 0 ? sumOf(kept) : undefined,
    updates: inlineLocals(rule).updates,
  };
  return { ...projection, rule: { ...folded, text: printRuleModel(folded) }, parameters: values };
}

/** The name, with `_` appended until nothing else in the rule has it. */
const freeName = (name: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? freeName(`${name}_`, taken) : name;

/** Parameters that per-synapse variables still read. */
function parametersOfUpdates(rule: RuleModel): readonly ModelParameter[] {
  const read = new Set(
    inlineLocals(rule).updates.flatMap((u) => [
      ...namesOf(u.value),
      ...(u.condition ? namesOf(u.condition) : []),
    ]),
  );
  return rule.parameters.filter((p) => read.has(p.name));
}

function productExpression(name: string, product: Product): Expression {
  const { origin } = product;
  const first: Expression = { kind: 'name', name, origin };
  return product.factors.reduce<Expression>(
    (left, right) => ({ kind: 'binary', operator: '*', left, right, origin }),
    first,
  );
}

function sumOf(terms: readonly Expression[]): Expression {
  return terms.reduce((left, right) => ({
    kind: 'binary',
    operator: '+',
    left,
    right,
    origin: right.origin,
  }));
}
