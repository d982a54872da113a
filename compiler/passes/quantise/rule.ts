import type { Expression } from '../../../src/equations/ast.js';
import { inlineLocals, sumOfProducts } from '../../../src/equations/canonical.js';
import type { Product, RuleModel } from '../../../src/equations/model.js';
import { substitute } from '../../../src/equations/names.js';
import { printExpression } from '../../../src/equations/print.js';
import type { Projection } from '../../../src/network/network.js';
import {
  combine,
  convert,
  integer,
  multiply,
  type Ranged,
  read,
  reinterpret,
  shiftLeft,
  widen,
} from '../../analysis/ranged.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import { NOWHERE, type Span } from '../../diagnostics/diagnostic.js';
import type { FixedField, FixedRule, FixedTerm, FixedUpdate } from '../../levels/fixed/fixed.js';
import { type Format, MAX_WIDTH, signed, unsigned } from '../../levels/numbers/format.js';
import { toInteger } from '../../levels/numbers/rounding.js';
import type { PassContext } from '../../pass.js';
import { sumOfProductsOf } from '../../target.js';
import { encodeCoefficients } from './coefficients.js';

/** A trace as it lies in a 7-bit register: the stored integer minus `offset` has `format`. */
export interface TraceFormat {
  readonly field: string;
  readonly stored: Format;
  readonly format: Format;
  readonly offset: number;
}

/** What the rule of one projection reads. */
export interface RuleScope {
  readonly context: PassContext;
  readonly projection: Projection;
  readonly rule: RuleModel;
  readonly weight: FixedField;
  /** Per-synapse variables of the rule. */
  readonly fields: readonly FixedField[];
  /** The postsynaptic neuron of each synapse. */
  readonly columns: ArrayLike<number>;
  signal(name: string): TraceFormat;
  readonly modulator: TraceFormat | undefined;
  /** The parameter that each synapse holds in its tag, and the field that holds it. */
  readonly tagged: { readonly parameter: string; readonly field: FixedField } | undefined;
}

/** The rule as the learning engine computes it: sums of products, floor shifts, one stochastic rounding per variable. */
export function quantiseRule(scope: RuleScope): FixedRule {
  const { rule } = scope;
  const updates: FixedUpdate[] = [];
  const terms: FixedTerm[] = [];
  const names: string[] = [];
  const variables = rule.updates.filter((u) => !u.local).map((u) => u.target);
  const targets = [...new Set(variables), 'w'];
  for (const [operation, target] of targets.entries()) {
    const products = productsOf(rule, target);
    const built = products.map((p, i) =>
      termOf(scope, target, p, target === 'w' ? `w${i}` : `${target}:${i}`),
    );
    terms.push(...built.map((b) => b.term));
    names.push(...products.map((p) => termName(target, p)));
    const field = target === 'w' ? scope.weight : scope.fields.find((f) => f.symbol === target)!;
    updates.push(
      sumUpdate(
        scope,
        field,
        built.flatMap((b) => b.products),
        operation,
      ),
    );
  }
  return {
    every: scope.projection.every,
    updates,
    terms,
    ...encodeCoefficients(scope, terms, names),
  };
}

/** The change of one variable as a sum of products. */
export function productsOf(rule: RuleModel, target: string): readonly Product[] {
  const parameters = new Set(rule.parameters.map((p) => p.name));
  const isCoefficient = (name: string): boolean => parameters.has(name);
  const change = changeOf(rule, target);
  return change ? sumOfProducts(change, isCoefficient).products : [];
}

/** The name of a product that survives folding: `TARGET: FACTORS` without the coefficient, `1` for none. */
export function termName(target: string, { factors }: Product): string {
  return `${target}: ${factors.length === 0 ? '1' : factors.map(printExpression).join(' * ')}`;
}

function changeOf(rule: RuleModel, target: string): Expression | undefined {
  const { dw, updates } = inlineLocals(rule);
  if (target === 'w') return dw;
  const own = updates.filter((u) => u.target === target);
  const { origin } = own[0]!;
  const old: Expression = { kind: 'name', name: target, origin };
  // A later assignment reads what an earlier one gave.
  const value = own.reduce<Expression>(
    (before, u) => substitute(u.value, (name) => (name === target ? before : undefined)),
    old,
  );
  return { kind: 'binary', operator: '-', left: value, right: old, origin };
}

interface BuiltTerm {
  readonly term: FixedTerm;
  readonly products: readonly Ranged[];
}

function termOf(scope: RuleScope, target: string, product: Product, name: string): BuiltTerm {
  const learning = sumOfProductsOf(scope.context.capabilities);
  const { coefficient, factors } = engineFactors(scope, product);
  const shift = shiftOf(scope, factors);
  const fraction = factors.reduce((sum, f) => sum + f.value.e.format.fraction, 0);
  const targetField =
    target === 'w' ? scope.weight : scope.fields.find((f) => f.symbol === target)!;
  const accumulator = targetField.format.fraction + learning.fractionBits;
  const count = Math.ceil(scope.context.options.coefficientBits / learning.mantissaBits);
  const words = Array.from({ length: count }, (_, i) => ({
    mantissa: `${name}.m${i}`,
    exponent: `${name}.e${i}`,
  }));
  const { origin } = product;
  const products = words.map((word) => {
    const half = 2 ** (learning.mantissaBits - 1);
    const first = read(word.mantissa, signed(learning.mantissaBits, 0), origin, [-half, half - 1]);
    let p = first;
    for (const factor of factors) p = multiply(reinterpret(factor.value, 0, origin), p, origin);
    if (p.e.format.width > MAX_WIDTH) {
      tooManyFactors(scope, product);
      p = first;
    }
    const floored = convert(
      reinterpret(p, shift, origin),
      signed(48, 0),
      'floor',
      'saturate',
      origin,
    );
    const tight = { ...floored, e: { ...floored.e, format: signed(learning.productBits + 1, 0) } };
    const exponent = read(word.exponent, unsigned(4, 0), origin, [0, learning.exponentMaximum]);
    const shifted = reinterpret(
      shiftLeft(shift > 0 ? tight : p, exponent, origin),
      accumulator,
      origin,
    );
    return convert(
      shifted,
      signed(learning.accumulatorBits, accumulator),
      'floor',
      'saturate',
      origin,
    );
  });
  const scale = 2 ** (accumulator - fraction + shift);
  return { term: { target, coefficient, scale, words, origin }, products };
}

interface Factor {
  readonly value: Ranged;
  /** With which it enters the engine's shift. */
  readonly width: number;
}

/** What the engine multiplies; a coefficient in the tag is one more factor, and 1 is left in its place. */
function engineFactors(
  scope: RuleScope,
  { coefficient, factors, origin }: Product,
): { readonly coefficient: Expression; readonly factors: readonly Factor[] } {
  const own = factors.map((f) => factorOf(scope, f));
  const { tagged } = scope;
  if (coefficient.kind !== 'name' || coefficient.name !== tagged?.parameter) {
    return { coefficient, factors: own };
  }
  const { tag } = sumOfProductsOf(scope.context.capabilities).widths;
  const value = read(tagged.field.name, tagged.field.format, origin);
  return {
    coefficient: { kind: 'number', value: 1, origin },
    factors: [...own, { value, width: tag }],
  };
}

function shiftOf({ context }: RuleScope, factors: readonly Pick<Factor, 'width'>[]): number {
  const { mantissaBits, productBits } = sumOfProductsOf(context.capabilities);
  const widths = factors.reduce((sum, f) => sum + f.width, 0);
  return Math.max(0, widths + mantissaBits - productBits);
}

/**
 * The format of a coefficient in the tag: its largest magnitude fits, and the binary point is not so far to the left that the
 * engine's least step could not give it back.
 */
export function taggedFormat(scope: RuleScope, parameter: string, largest: number): Format {
  const { widths, fractionBits } = sumOfProductsOf(scope.context.capabilities);
  const product = productsOf(scope.rule, 'w').find(
    ({ coefficient: c }) => c.kind === 'name' && c.name === parameter,
  )!;
  const factors = product.factors.map((f) => factorOf(scope, f));
  const shift = shiftOf(scope, [...factors, { width: widths.tag }]);
  const others = factors.reduce((sum, f) => sum + f.value.e.format.fraction, 0);
  const most = scope.weight.format.fraction + fractionBits - others + shift;
  // The largest integer is 2^(tag − 1) − 1.
  const fits = Math.floor(Math.log2((2 ** (widths.tag - 1) - 1) / largest));
  return signed(widths.tag, Math.min(most, fits));
}

function tooManyFactors({ context, rule }: RuleScope, { factors, origin }: Product): void {
  const message = `a product of ${factors.length} factors in the rule ${rule.name} passes ${MAX_WIDTH} bits`;
  const help = 'multiply some of them in the neuron, as a variable of its own';
  context.report(diagnostic('PL3003', message, { span: origin, help }));
}

function factorOf(scope: RuleScope, factor: Expression): Factor {
  const { widths } = sumOfProductsOf(scope.context.capabilities);
  const { origin } = factor;
  if (factor.kind === 'name') {
    const { name } = factor;
    if (name === 'w')
      return { value: read('weight', scope.weight.format, origin), width: widths.weight };
    const field = scope.fields.find((f) => f.symbol === name);
    if (field) return { value: read(field.name, field.format, origin), width: widths.tag };
    const trace = name === 'm' ? scope.modulator : scope.signal(name);
    if (trace) return { value: traceFactor(trace, origin), width: widths.trace };
  }
  scope.context.report(
    diagnostic(
      'PL3003',
      `the learning engine cannot compute ${printExpression(factor)} in a rule`,
      {
        span: origin,
        help: 'compute it in the neuron as a variable and bind a signal x_NAME or y_NAME to it',
      },
    ),
  );
  return { value: integer(0, 0, origin), width: 0 };
}

/** `V + constant` on an unsigned trace register: the sign comes back exactly. */
function traceFactor(trace: TraceFormat, origin: Span): Ranged {
  const stored = read(trace.field, trace.stored, origin);
  const value =
    trace.offset === 0
      ? stored
      : combine('subtract', stored, integer(trace.offset, 0, origin), origin);
  return reinterpret(value, trace.format.fraction, origin);
}

/** Accumulates the products below the variable's low bits, rounds stochastically, clips. */
function sumUpdate(
  scope: RuleScope,
  field: FixedField,
  products: readonly Ranged[],
  operation: number,
): FixedUpdate {
  const learning = sumOfProductsOf(scope.context.capabilities);
  const origin = products[0]?.e.origin ?? scope.rule.parameters[0]?.origin ?? NOWHERE;
  const format = signed(learning.accumulatorBits, field.format.fraction + learning.fractionBits);
  let sum = widen(read(field.name, field.format, origin), format.fraction);
  for (const product of products) {
    sum = convert(
      combine('add', sum, product, product.e.origin),
      format,
      'floor',
      'saturate',
      product.e.origin,
    );
  }
  let value = convert(sum, field.format, 'stochastic', 'saturate', origin, operation);
  if (field.name === 'weight') value = clipWeight(scope.rule, value, field.format);
  return { target: field.name, value: value.e, origin };
}

function clipWeight(rule: RuleModel, value: Ranged, format: Format): Ranged {
  let result = value;
  for (const n of rule.normalizations) {
    if (n.kind !== 'clip') continue;
    const low = toInteger(n.low, format);
    const high = toInteger(n.high, format);
    if (low > result.low)
      result = combine('maximum', result, integer(low, format.fraction, n.origin), n.origin);
    if (high < result.high)
      result = combine('minimum', result, integer(high, format.fraction, n.origin), n.origin);
  }
  return result;
}

/** The clip bounds of a rule in reals, or undefined. */
export function clipOf(rule: RuleModel): { low: number; high: number } | undefined {
  const clips = rule.normalizations.filter((n) => n.kind === 'clip');
  if (clips.length === 0) return undefined;
  return { low: Math.max(...clips.map((c) => c.low)), high: Math.min(...clips.map((c) => c.high)) };
}
