import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import type { BinaryOperator, Expression, FunctionName } from './ast.js';
import { exp } from './functions/exp.js';
import { log } from './functions/log.js';
import { tanh } from './functions/tanh.js';
import { heightOf, mapOperands, operandsOf } from './names.js';

/** The arithmetic of a walk: `round` is applied to every constant and every result. */
export interface Arithmetic {
  readonly name: 'float64' | 'float32';
  round(value: number): number;
}

export const FLOAT64: Arithmetic = { name: 'float64', round: (value) => value };
/** Each operation in float64, then rounded: for + − · / and sqrt this is IEEE float32 arithmetic. */
export const FLOAT32: Arithmetic = { name: 'float32', round: Math.fround };

/** Puts the number of a name into `values[at]`. */
export type ReadInto = (name: string, values: Float64Array, at: number) => void;

/**
 * The value of an expression by walking its tree. All generated code gives the same bits, because it follows the same order:
 * - operands before their operation, left before right, one rounding per operation; what `read` gives is rounded already;
 * - `e^n` is ((e·e)·e)…, from the left, one rounding each; `e^0` is 1 and `e^1` is e;
 * - `min(a, b)` is a where a < b, else b; `max(a, b)` is a where a > b, else b (so b where one of them is NaN);
 * - `sign` is 1, −1, or 0 for ±0 and NaN; `abs` and unary minus change the sign bit alone;
 * - comparisons, `and`, `or`, `not` give 1 or 0, and read every number but ±0 as true (NaN too);
 * - `sqrt` is IEEE's; `exp`, `log`, `tanh` are those of functions/, in float32 rounded from their float64 value.
 */
export function evaluate(
  expression: Expression,
  read: (name: string) => number,
  arithmetic: Arithmetic,
): number {
  const values = roomFor(expression);
  const into: ReadInto = (name, v, at) => {
    v[at] = read(name);
  };
  evaluateInto(expression, into, arithmetic, values, 0);
  return values[0]!;
}

/** Heights of expressions that were evaluated: most are evaluated again. */
const heights = new WeakMap<Expression, number>();

/** Room for `evaluateInto` at 0 over an expression. */
export function roomFor(expression: Expression): Float64Array {
  const height = heights.get(expression) ?? heightOf(expression);
  heights.set(expression, height);
  return new Float64Array(height + 2);
}

/**
 * `evaluate` for machines: the value of `e` lands in `values[at]`, and what lies above is used on the way. A number that a
 * function gives back may be boxed; here none is, so that a walk allocates nothing.
 */
export function evaluateInto(
  e: Expression,
  read: ReadInto,
  arithmetic: Arithmetic,
  values: Float64Array,
  at: number,
): void {
  const { round } = arithmetic;
  switch (e.kind) {
    case 'number':
      values[at] = round(e.value);
      return;
    case 'name':
      read(e.name, values, at);
      return;
    case 'unary':
      evaluateInto(e.operand, read, arithmetic, values, at);
      values[at] = e.operator === '-' ? -values[at]! : values[at] === 0 ? 1 : 0;
      return;
    case 'binary':
      evaluateInto(e.left, read, arithmetic, values, at);
      if (e.operator === '^') {
        values[at] = power(values[at]!, exponentOf(e.right), round);
        return;
      }
      evaluateInto(e.right, read, arithmetic, values, at + 1);
      values[at] = round(applyBinary(e.operator, values[at]!, values[at + 1]!));
      return;
    case 'call':
      // No function takes more than two.
      for (let i = 0; i < e.arguments.length; i++) {
        evaluateInto(e.arguments[i]!, read, arithmetic, values, at + i);
      }
      applyFunction(e.function, values, at);
      values[at] = round(values[at]!);
      return;
    default:
      unreachable(e);
  }
}

/**
 * The expression with each part that reads no name replaced by the number that `evaluate` gives for it, where that is finite.
 * Evaluated in the same arithmetic, it gives the same bits.
 */
export function foldConstants(expression: Expression, arithmetic: Arithmetic): Expression {
  const folded = mapOperands(expression, (operand) => foldConstants(operand, arithmetic));
  return foldNode(folded, arithmetic);
}

/** `foldConstants` for a node whose operands are folded already. */
export function foldNode(e: Expression, arithmetic: Arithmetic): Expression {
  const operands = operandsOf(e);
  if (operands.length === 0 || !operands.every((o) => o.kind === 'number')) return e;
  const value = evaluate(e, noNames, arithmetic);
  return Number.isFinite(value) ? { kind: 'number', value, origin: e.origin } : e;
}

/** The reader of an expression that reads nothing. */
export function noNames(name: string): number {
  throw new Error(`${name} is read where only constants may stand`);
}

/** The exponent of `^`: the parser lets only numbers pass. */
export function exponentOf(right: Expression): number {
  if (right.kind !== 'number') throw new Error('an exponent is a number');
  return right.value;
}

function power(base: number, exponent: number, round: (value: number) => number): number {
  if (exponent === 0) return 1;
  let result = base;
  for (let i = 1; i < exponent; i++) result = round(result * base);
  return result;
}

function applyBinary(operator: Exclude<BinaryOperator, '^'>, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '<':
      return a < b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case 'and':
      return a !== 0 && b !== 0 ? 1 : 0;
    case 'or':
      return a !== 0 || b !== 0 ? 1 : 0;
    default:
      return unreachable(operator);
  }
}

/** A function of `values[at]` and `values[at + 1]`, in place of the first. */
function applyFunction(name: FunctionName, values: Float64Array, at: number): void {
  const a = values[at]!;
  const b = values[at + 1]!;
  switch (name) {
    case 'abs':
      values[at] = Math.abs(a);
      return;
    case 'sign':
      values[at] = a > 0 ? 1 : a < 0 ? -1 : 0;
      return;
    case 'exp':
      values[at] = exp(a);
      return;
    case 'log':
      values[at] = log(a);
      return;
    case 'tanh':
      values[at] = tanh(a);
      return;
    case 'sqrt':
      values[at] = Math.sqrt(a);
      return;
    case 'min':
      if (!(a < b)) values[at] = b;
      return;
    case 'max':
      if (!(a > b)) values[at] = b;
      return;
    default:
      unreachable(name);
  }
}
