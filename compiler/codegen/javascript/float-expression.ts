import type { Expression } from '../../../src/equations/ast.js';
import { evaluate, FLOAT32 } from '../../../src/equations/evaluate.js';
import { namesOf } from '../../../src/equations/names.js';
import { unreachable } from '../../diagnostics/diagnostic.js';

/** Names that generated float code may use beside its own: helpers with the meaning of equations/evaluate.ts. */
export const FLOAT_PRELUDE = `const f = Math.fround, abs = Math.abs;
const sign = (a) => (a > 0 ? 1 : a < 0 ? -1 : 0);
const min = (a, b) => (a < b ? a : b);
const max = (a, b) => (a > b ? a : b);
const power = (a, n) => { let r = a; for (let i = 1; i < n; i++) r = f(r * a); return r; };`;

/** What the names of an expression are in the generated code. */
export interface FloatScope {
  /** The identifier of a name. */
  identifier(name: string): string;
  /** Whether a name only ever holds −1, 0 or 1: products with it are exact and need no rounding. */
  isUnit(name: string): boolean;
  /** The identifier of a value that has been computed elsewhere, outside the inner loop; undefined to compute it here. */
  hoisted(e: Expression): string | undefined;
}

/**
 * An expression as JavaScript in float32: one `f` (Math.fround) per operation that can round, operands left to
 * right, so that it gives the bits of `evaluate(…, FLOAT32)`.
 */
export function emitFloat(e: Expression, scope: FloatScope): string {
  // A subtree without names has one value, with the roundings of its own operations.
  if (namesOf(e).size === 0) return literal(evaluate(e, noNames, FLOAT32));
  return scope.hoisted(e) ?? emitNode(e, scope);
}

function emitNode(e: Expression, scope: FloatScope): string {
  const emit = (child: Expression): string => emitFloat(child, scope);
  switch (e.kind) {
    case 'number':
      return literal(Math.fround(e.value));
    case 'name':
      return scope.identifier(e.name);
    case 'unary':
      return e.operator === '-' ? `(-${emit(e.operand)})` : `(${emit(e.operand)} === 0 ? 1 : 0)`;
    case 'binary':
      return emitBinary(e, scope, emit);
    case 'call': {
      const operands = e.arguments.map(emit).join(', ');
      if (EXACT.has(e.function)) return `${e.function}(${operands})`;
      return e.function === 'sqrt' ? `f(Math.sqrt(${operands}))` : `f(${e.function}(${operands}))`;
    }
    default:
      return unreachable(e);
  }
}

/** Functions that give one of their operands, or −1, 0, 1. */
const EXACT: ReadonlySet<string> = new Set(['abs', 'sign', 'min', 'max']);

const noNames = (name: string): number => {
  throw new Error(`${name} is no number`);
};

function emitBinary(
  e: Expression & { readonly kind: 'binary' },
  scope: FloatScope,
  emit: (child: Expression) => string,
): string {
  const left = emit(e.left);
  switch (e.operator) {
    case '*': {
      const product = `${left} * ${emit(e.right)}`;
      const exact = isUnit(e.left, scope) || isUnit(e.right, scope);
      return exact ? `(${product})` : `f(${product})`;
    }
    case '+':
    case '-':
    case '/':
      return `f(${left} ${e.operator} ${emit(e.right)})`;
    case '^':
      return emitPower(e.left, left, e.right.kind === 'number' ? e.right.value : 1);
    case 'and':
      return `(${left} !== 0 && ${emit(e.right)} !== 0 ? 1 : 0)`;
    case 'or':
      return `(${left} !== 0 || ${emit(e.right)} !== 0 ? 1 : 0)`;
    case '==':
      return `(${left} === ${emit(e.right)} ? 1 : 0)`;
    case '!=':
      return `(${left} !== ${emit(e.right)} ? 1 : 0)`;
    default:
      return `(${left} ${e.operator} ${emit(e.right)} ? 1 : 0)`;
  }
}

function emitPower(base: Expression, text: string, exponent: number): string {
  if (exponent === 0) return '1';
  if (exponent === 1) return text;
  return base.kind === 'name' && exponent === 2
    ? `f(${text} * ${text})`
    : `power(${text}, ${exponent})`;
}

/** Whether an expression is −1, 0 or 1 whatever its names hold. */
export function isUnit(e: Expression, { isUnit: known }: Pick<FloatScope, 'isUnit'>): boolean {
  const unit = (child: Expression): boolean => isUnit(child, { isUnit: known });
  switch (e.kind) {
    case 'number':
      return e.value === 0 || e.value === 1;
    case 'name':
      return known(e.name);
    case 'unary':
      return e.operator === 'not' || unit(e.operand);
    case 'binary':
      if (e.operator === '*') return unit(e.left) && unit(e.right);
      return !['+', '-', '/', '^'].includes(e.operator);
    case 'call':
      return e.function === 'sign' || (EXACT.has(e.function) && e.arguments.every(unit));
    default:
      return unreachable(e);
  }
}

/** A number as source text; negative ones in parentheses. */
export function literal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Object.is(value, -0)) return '(-0)';
  return value < 0 ? `(${value})` : `${value}`;
}
