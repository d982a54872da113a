import type { Expression } from '../../../src/equations/ast.js';
import { evaluate, FLOAT32 } from '../../../src/equations/evaluate.js';
import { namesOf } from '../../../src/equations/names.js';
import { unreachable } from '../../diagnostics/diagnostic.js';

/** Names that generated float code may use beside its own: helpers with the meaning of equations/evaluate.ts. */
export const FLOAT_PRELUDE = `
const f = Math.fround, abs = Math.abs;
const sign = (a) => (a > 0 ? 1 : a < 0 ? -1 : 0);
const min = (a, b) => (a < b ? a : b);
const max = (a, b) => (a > b ? a : b);
const power = (a, n) => { let r = a; for (let i = 1; i < n; i++) r = f(r * a); return r; };
`;

/**
 * An expression as JavaScript in float32: one \`f\` (Math.fround) per operation, operands left to right, so that it
 * gives the bits of \`evaluate(…, FLOAT32)\`.
 */
export function emitFloat(e: Expression, name: (name: string) => string): string {
  const emit = (child: Expression): string => emitFloat(child, name);
  // A subtree without names has one value, with the roundings of its own operations.
  if (namesOf(e).size === 0) return literal(evaluate(e, noNames, FLOAT32));
  switch (e.kind) {
    case 'number':
      throw new Error('a number has no names');
    case 'name':
      return name(e.name);
    case 'unary':
      return e.operator === '-' ? `(-${emit(e.operand)})` : `(${emit(e.operand)} === 0 ? 1 : 0)`;
    case 'binary':
      return emitBinary(e, emit);
    case 'call': {
      const operands = e.arguments.map(emit).join(', ');
      const exact = e.function === 'abs' || e.function === 'sign' || e.function === 'min' || e.function === 'max';
      if (exact) return `${e.function}(${operands})`;
      return e.function === 'sqrt' ? `f(Math.sqrt(${operands}))` : `f(${e.function}(${operands}))`;
    }
    default:
      return unreachable(e);
  }
}

const noNames = (name: string): number => {
  throw new Error(`${name} is no number`);
};

function emitBinary(
  e: Expression & { readonly kind: 'binary' },
  emit: (child: Expression) => string,
): string {
  const left = emit(e.left);
  switch (e.operator) {
    case '+':
    case '-':
    case '*':
    case '/':
      return `f(${left} ${e.operator} ${emit(e.right)})`;
    case '^': {
      const exponent = e.right.kind === 'number' ? e.right.value : 1;
      return exponent === 0 ? '1' : `power(${left}, ${exponent})`;
    }
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

/** A number as source text; negative ones in parentheses. */
export function literal(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : Number.isNaN(value) ? 'NaN' : '(-Infinity)';
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : `${value}`;
}
