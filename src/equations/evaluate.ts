import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import type { BinaryOperator, Expression, FunctionName } from './ast.js';
import { exp } from './functions/exp.js';
import { log } from './functions/log.js';
import { tanh } from './functions/tanh.js';
import { mapOperands, operandsOf } from './names.js';

/** The arithmetic of a walk: `round` is applied to every constant and every result. */
export interface Arithmetic {
  readonly name: 'float64' | 'float32';
  round(value: number): number;
}

export const FLOAT64: Arithmetic = { name: 'float64', round: (value) => value };
/** Each operation in float64, then rounded: for + − · / and sqrt this is IEEE float32 arithmetic. */
export const FLOAT32: Arithmetic = { name: 'float32', round: Math.fround };

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
  const { round } = arithmetic;
  const e = expression;
  switch (e.kind) {
    case 'number':
      return round(e.value);
    case 'name':
      return read(e.name);
    case 'unary': {
      const operand = evaluate(e.operand, read, arithmetic);
      return e.operator === '-' ? -operand : operand === 0 ? 1 : 0;
    }
    case 'binary': {
      const left = evaluate(e.left, read, arithmetic);
      return e.operator === '^'
        ? power(left, exponentOf(e.right), round)
        : round(applyBinary(e.operator, left, evaluate(e.right, read, arithmetic)));
    }
    case 'call': {
      // No function takes more than two; a list of them for every call would be the garbage of a step.
      const [first, second] = e.arguments;
      const a = first ? evaluate(first, read, arithmetic) : 0;
      const b = second ? evaluate(second, read, arithmetic) : 0;
      return round(applyFunction(e.function, a, b));
    }
    default:
      return unreachable(e);
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

function applyFunction(name: FunctionName, a: number, b: number): number {
  switch (name) {
    case 'abs':
      return Math.abs(a);
    case 'sign':
      return a > 0 ? 1 : a < 0 ? -1 : 0;
    case 'exp':
      return exp(a);
    case 'log':
      return log(a);
    case 'tanh':
      return tanh(a);
    case 'sqrt':
      return Math.sqrt(a);
    case 'min':
      return a < b ? a : b;
    case 'max':
      return a > b ? a : b;
    default:
      return unreachable(name);
  }
}
