import type { Expression } from '../../../../src/equations/ast.js';
import { sumOfProducts } from '../../../../src/equations/canonical.js';
import { printExpression } from '../../../../src/equations/print.js';
import type { ParameterValue } from '../../../../src/network/network.js';
import { largestMagnitude } from '../../../analysis/extremes.js';
import { read } from '../../../analysis/ranged.js';
import { diagnostic } from '../../../diagnostics/catalogue.js';
import { fail, type Span } from '../../../diagnostics/diagnostic.js';
import { signed } from '../../../levels/numbers/format.js';
import { evaluateStatic } from '../static.js';
import type { HeldCoefficient, Leaf, Polynomial, Term } from './polynomial.js';

/** Beyond these magnitudes no shift of an instruction brings a number to the others. */
const LEAST = 2 ** -30;
const MOST = 2 ** 30;

/** What an expression over parameters and other values is made of. */
export interface TermScope {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The population or projection, for messages. */
  readonly owner: string;
  readonly target: string;
  /** A factor that is no number: a name, or a function that does not expand. */
  leaf(factor: Expression): Leaf;
  /** A coefficient that differs between elements. */
  held(coefficient: Expression, values: Float64Array): HeldCoefficient;
}

/** An expression as a sum of products over leaves; products whose coefficient is 0 are gone. */
export function polynomialOf(expression: Expression, scope: TermScope): Polynomial {
  const isParameter = (name: string): boolean => scope.parameters[name] !== undefined;
  const { products } = sumOfProducts(expression, isParameter);
  return products.flatMap(({ coefficient, factors }) => {
    const value = staticValue(coefficient, scope)!;
    if (largestMagnitude(typeof value === 'number' ? [value] : value) === 0) return [];
    const own = factors.map((f) => scope.leaf(f));
    return [termOf(coefficient, value, own, scope)];
  });
}

/** A term with a coefficient that is one number or one per element. */
export function termOf(
  coefficient: Expression,
  value: ParameterValue,
  factors: readonly Leaf[],
  scope: Pick<TermScope, 'held'>,
): Term {
  if (typeof value === 'number') return { number: value, held: undefined, factors };
  return { number: 1, held: scope.held(coefficient, value), factors };
}

/**
 * The value of an expression of parameters alone, undefined for any other; PL1008 where it is not finite, PL2001 where its
 * size is beyond instructions.
 */
export function staticValue(
  expression: Expression,
  { parameters, owner, target }: Pick<TermScope, 'parameters' | 'owner' | 'target'>,
): ParameterValue | undefined {
  const value = evaluateStatic(expression, parameters);
  if (value === undefined) return undefined;
  const values = typeof value === 'number' ? [value] : value;
  const bad = values.find((v) => !Number.isFinite(v));
  const span = expression.origin;
  const text = printExpression(expression);
  if (bad !== undefined) {
    fail(diagnostic('PL1008', `${text} is ${bad} for the parameters of ${owner}`, { span }));
  }
  const largest = largestMagnitude(values);
  if (largest === 0 || (largest >= LEAST && largest < MOST)) return value;
  const message = `\`${text}\`, which is ${largest}, does not fit: ${target} holds constants from 2^-30 to 2^30`;
  const help = 'scale the equation, so that its numbers are nearer to 1';
  return fail(diagnostic('PL2001', message, { span, help }));
}

/** A coefficient in `bits` bits under a field's name. */
export function heldCoefficient(
  key: string,
  values: Float64Array,
  bits: number,
  fieldOf: (fraction: number) => string,
  origin: Span,
): HeldCoefficient {
  const bound = Math.max(largestMagnitude(values), LEAST);
  const fraction = Math.floor(Math.log2((2 ** (bits - 1) - 1) / bound));
  return {
    key,
    values,
    bound,
    fraction,
    read: (f) => read(fieldOf(f), signed(bits, f), origin),
  };
}
