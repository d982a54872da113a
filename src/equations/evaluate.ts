import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import type { BinaryOperator, Expression, FunctionName } from './ast.js';
import { exp } from './functions/exp.js';
import { log } from './functions/log.js';
import { tanh } from './functions/tanh.js';

/** The arithmetic of a walk: `round` is applied to every constant and every result. */
export interface Arithmetic {
  readonly name: 'float64' | 'float32';
  round(value: number): number;
}

export const FLOAT64: Arithmetic = { name: 'float64', round: (value) => value };
/** Each operation in float64, then rounded: for + − · / and sqrt this is IEEE float32 arithmetic. */
export const FLOAT32: Arithmetic = { name: 'float32', round: Math.fround };

/**
 * The value of an expression by walking its tree, left operand first, one rounding per operation: the order that all
 * generated code follows. `min(a, b)` is a where a < b else b, `max(a, b)` is a where a > b else b; `sign(0)` is 0;
 * comparisons and logic give 1 or 0 and read any number but 0 as true; `e^n` is ((e·e)·e)…, `e^0` is 1.
 */
export function evaluate(
  expression: Expression,
  read: (name: string) => number,
  arithmetic: Arithmetic,
): number {
  const { round } = arithmetic;
  const walk = (e: Expression): number => {
    switch (e.kind) {
      case 'number':
        return round(e.value);
      case 'name':
        return read(e.name);
      case 'unary':
        return e.operator === '-' ? -walk(e.operand) : walk(e.operand) === 0 ? 1 : 0;
      case 'binary':
        if (e.operator === '^')
          return power(walk(e.left), (e.right as { value: number }).value, round);
        return round(applyBinary(e.operator, walk(e.left), walk(e.right)));
      case 'call':
        return round(applyFunction(e.function, e.arguments.map(walk)));
      default:
        return unreachable(e);
    }
  };
  return walk(expression);
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

function applyFunction(name: FunctionName, [a = 0, b = 0]: readonly number[]): number {
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
