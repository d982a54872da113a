import type { Expression } from '../../src/equations/ast.js';
import { inlineLocals, sumOfProducts } from '../../src/equations/canonical.js';
import type { ModelParameter, Product, RuleModel, Update } from '../../src/equations/model.js';
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
parameters. Products whose coefficients are all zero disappear, and with them the signals that nothing else reads.
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

/** Folds every rule of a network. Folded parameters are scalars or per synapse: none is per neuron. */
export function foldNetwork(network: Network, options: FoldOptions = {}): Network {
  const sizes = new Map(network.populations.map((p) => [p.name, p.size]));
  const projections = network.projections.map((p) =>
    p.rule
      ? foldProjection(
          p,
          p.rule,
          () => columnsOf(p, sizes.get(p.pre)!, sizes.get(p.post)!),
          options,
        )
      : p,
  );
  return { ...network, projections: withOwnNames(projections) };
}

/** Projections of one rule may fold to different ones (another product is zero): each of those gets a name of its own. */
function withOwnNames(projections: readonly Projection[]): readonly Projection[] {
  const names = new Set(projections.flatMap((p) => (p.rule ? [p.rule.name] : [])));
  const texts = new Map<string, string>();
  return projections.map((p) => {
    if (!p.rule) return p;
    const { name: own, text } = p.rule;
    if ((texts.get(own) ?? text) === text) {
      texts.set(own, text);
      return p;
    }
    let number = 2;
    const named = (): RuleModel => ({ ...p.rule!, name: `${own}_${number}` });
    const same = (rule: RuleModel): boolean => texts.get(rule.name) === printRuleModel(rule);
    while (names.has(named().name) && !same(named())) number++;
    const rule = { ...named(), text: printRuleModel(named()) };
    names.add(rule.name);
    texts.set(rule.name, rule.text);
    return { ...p, rule };
  });
}

/** The products of a rule under the names of their folded coefficients, and the updates without locals. */
interface FoldedForm {
  readonly products: readonly { readonly name: string; readonly product: Product }[];
  readonly updates: readonly Update[];
}

function foldedForm(rule: RuleModel): FoldedForm {
  const names = new Set(rule.parameters.map((p) => p.name));
  const { dw, updates } = inlineLocals(rule);
  const products = dw ? sumOfProducts(dw, (name) => names.has(name)).products : [];
  const taken = new Set([
    ...names,
    ...rule.variables.map((v) => v.name),
    ...rule.signals.map((q) => q.name),
  ]);
  // Numbered by their place in the whole sum, so that a product keeps its name whether or not others are zero.
  const named = products.map((product, i) => ({ name: freeName(`k${i}`, taken), product }));
  return { products: named, updates };
}

/** The parameters of a rule as the projection gives them, per synapse where they are not scalars. */
const givenParameters = (
  projection: Projection,
  rule: RuleModel,
  columns: () => ArrayLike<number>,
): Record<string, ParameterValue> =>
  expandParameters(parametersOf(rule, projection), rule.parameters, columns);

/**
 * A rule folded once for many projections that differ in parameters alone: gives what `foldNetwork` with `keepZeros` makes of the
 * parameters of one of them.
 */
export function parameterFolder(
  rule: RuleModel,
  columns: () => ArrayLike<number>,
): (projection: Projection) => Readonly<Record<string, ParameterValue>> {
  const { products, updates } = foldedForm(rule);
  const read = namesOfUpdates(updates);
  const rest = rule.parameters.filter((p) => read.has(p.name));
  return (projection) => {
    const given = givenParameters(projection, rule, columns);
    return Object.fromEntries([
      ...products.map((p) => [p.name, evaluateStatic(p.product.coefficient, given)!] as const),
      ...rest.map(({ name }) => [name, given[name]!] as const),
    ]);
  };
}

function foldProjection(
  projection: Projection,
  rule: RuleModel,
  columns: () => ArrayLike<number>,
  options: FoldOptions,
): Projection {
  const { products, updates } = foldedForm(rule);
  const given = givenParameters(projection, rule, columns);
  const values: Record<string, ParameterValue> = {};
  const parameters: ModelParameter[] = [];
  const kept: Expression[] = [];
  for (const { name, product } of products) {
    const value = evaluateStatic(product.coefficient, given)!;
    const zero = typeof value === 'number' ? value === 0 : value.every((v) => v === 0);
    if (zero && !options.keepZeros) continue;
    values[name] = value;
    const scope = typeof value === 'number' ? 'scalar' : 'synapse';
    parameters.push({ name, scope, default: undefined, origin: product.coefficient.origin });
    kept.push(productExpression(name, product));
  }
  const rest = rule.parameters.filter((p) => namesOfUpdates(updates).has(p.name));
  for (const { name, origin } of rest) {
    values[name] = given[name]!;
    const scope = typeof given[name] === 'number' ? 'scalar' : 'synapse';
    parameters.push({ name, scope, default: undefined, origin });
  }
  const read = new Set([...kept.flatMap((e) => [...namesOf(e)]), ...namesOfUpdates(updates)]);
  const signals = rule.signals.filter((s) => read.has(s.name));
  const folded: RuleModel = {
    ...rule,
    parameters,
    signals,
    usesModulator: read.has('m'),
    dw: kept.length > 0 ? sumOf(kept) : undefined,
    updates,
  };
  return {
    ...projection,
    rule: { ...folded, text: printRuleModel(folded) },
    bindings: projection.bindings.filter((b) => read.has(b.signal)),
    parameters: values,
  };
}

/** The name, with `_` appended until nothing else in the rule has it. */
const freeName = (name: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? freeName(`${name}_`, taken) : name;

/** What the changes of per-synapse variables read. */
const namesOfUpdates = (updates: readonly Update[]): Set<string> =>
  new Set(
    updates.flatMap((u) => [...namesOf(u.value), ...(u.condition ? namesOf(u.condition) : [])]),
  );

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
