import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import type { FixedComparison, FixedExpression } from '../../compiler/levels/fixed/fixed.js';
import { maximumOf, minimumOf, printFormat } from '../../compiler/levels/numbers/format.js';
import { overflowTo, shiftRight } from '../../compiler/levels/numbers/rounding.js';

/** What an expression reads: fields by name, and the draw of a stochastic rounding. */
export interface FixedEnvironment {
  read(field: string): number;
  random(operation: number, bits: number): number;
  /** Told of every value that an overflow rule changed. */
  saturated(expression: FixedExpression): void;
  /** Told of the value of every node, where somebody watches. */
  readonly visited?: ((expression: FixedExpression, value: number) => void) | undefined;
}

/**
 * The integer of an expression, by walking the tree: exact, with numbers below 2^53 throughout. A node whose
 * value does not fit its own format is a bug of the compiler and throws.
 */
export function evaluateFixed(expression: FixedExpression, env: FixedEnvironment): number {
  const value = compute(expression, env) + 0;
  const { format } = expression;
  if (value < minimumOf(format) || value > maximumOf(format)) {
    if (!(expression.kind === 'convert' && expression.overflow === 'lava-wrap-24')) {
      throw new Error(`${expression.kind} gives ${value}, outside ${printFormat(format)}`);
    }
  }
  env.visited?.(expression, value);
  return value;
}

function compute(e: FixedExpression, env: FixedEnvironment): number {
  switch (e.kind) {
    case 'constant':
      return e.value;
    case 'read':
      return env.read(e.field);
    case 'add':
      return evaluateFixed(e.left, env) + evaluateFixed(e.right, env);
    case 'subtract':
      return evaluateFixed(e.left, env) - evaluateFixed(e.right, env);
    case 'multiply':
      return evaluateFixed(e.left, env) * evaluateFixed(e.right, env);
    case 'minimum':
      return Math.min(evaluateFixed(e.left, env), evaluateFixed(e.right, env));
    case 'maximum':
      return Math.max(evaluateFixed(e.left, env), evaluateFixed(e.right, env));
    case 'negate':
      return -evaluateFixed(e.operand, env);
    case 'absolute':
      return Math.abs(evaluateFixed(e.operand, env));
    case 'sign':
      return Math.sign(evaluateFixed(e.operand, env));
    case 'compare':
      return compareFixed(e.operator, evaluateFixed(e.left, env), evaluateFixed(e.right, env))
        ? 1
        : 0;
    case 'and':
      return evaluateFixed(e.left, env) !== 0 && evaluateFixed(e.right, env) !== 0 ? 1 : 0;
    case 'or':
      return evaluateFixed(e.left, env) !== 0 || evaluateFixed(e.right, env) !== 0 ? 1 : 0;
    case 'not':
      return evaluateFixed(e.operand, env) === 0 ? 1 : 0;
    case 'select':
      return evaluateFixed(e.condition, env) !== 0
        ? evaluateFixed(e.then, env)
        : evaluateFixed(e.otherwise, env);
    case 'convert':
      return convert(e, evaluateFixed(e.operand, env), env);
    case 'shift-left':
      return evaluateFixed(e.operand, env) * 2 ** evaluateFixed(e.by, env);
    case 'reinterpret':
      return evaluateFixed(e.operand, env);
    case 'table':
      return lookup(
        e.entries,
        Math.floor((evaluateFixed(e.operand, env) - e.first) / 2 ** e.shift),
      );
    default:
      return unreachable(e);
  }
}

function convert(
  e: FixedExpression & { readonly kind: 'convert' },
  value: number,
  env: FixedEnvironment,
): number {
  const dropped = e.operand.format.fraction - e.format.fraction;
  const random = e.rounding === 'stochastic' ? env.random(e.operation, dropped) : 0;
  const rounded = shiftRight(value, dropped, e.rounding, random);
  const result = overflowTo(rounded, e.format, e.overflow);
  if (result !== rounded) env.saturated(e);
  return result;
}

function lookup(entries: readonly number[], index: number): number {
  return entries[Math.max(0, Math.min(entries.length - 1, index))]!;
}

/** The comparison of two integers. */
export function compareFixed(operator: FixedComparison, left: number, right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    default:
      return unreachable(operator);
  }
}
