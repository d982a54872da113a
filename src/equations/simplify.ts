import type { Expression } from './ast.js';
import { evaluate, FLOAT64 } from './evaluate.js';

const isNumber = (e: Expression, value: number): boolean =>
  e.kind === 'number' && e.value === value;

/**
 * Symbolic simplification, inside out: constants fold in float64, 0 + e, e + 0, e − 0, 1·e, e·1, e/1, 0·e, −−e, e^0 and e^1
 * vanish. Equal in real numbers; every node that stays keeps its span. 0·e is taken as 0 although e could be infinite.
 */
export function simplify(e: Expression): Expression {
  switch (e.kind) {
    case 'number':
    case 'name':
      return e;
    case 'unary': {
      const operand = simplify(e.operand);
      if (e.operator === '-' && operand.kind === 'unary' && operand.operator === '-')
        return operand.operand;
      return folded({ ...e, operand });
    }
    case 'call':
      return folded({ ...e, arguments: e.arguments.map(simplify) });
    case 'binary':
      return simplifyBinary({ ...e, left: simplify(e.left), right: simplify(e.right) });
  }
}

function simplifyBinary(e: Expression & { readonly kind: 'binary' }): Expression {
  const { left, right, origin } = e;
  const zero: Expression = { kind: 'number', value: 0, origin };
  switch (e.operator) {
    case '+':
      if (isNumber(left, 0)) return right;
      return isNumber(right, 0) ? left : folded(e);
    case '-':
      if (isNumber(right, 0)) return left;
      return isNumber(left, 0)
        ? simplify({ kind: 'unary', operator: '-', operand: right, origin })
        : folded(e);
    case '*':
      if (isNumber(left, 0) || isNumber(right, 0)) return zero;
      if (isNumber(left, 1)) return right;
      return isNumber(right, 1) ? left : folded(e);
    case '/':
      return isNumber(right, 1) ? left : folded(e);
    case '^':
      if (isNumber(right, 0)) return { kind: 'number', value: 1, origin };
      return isNumber(right, 1) ? left : folded(e);
    default:
      return folded(e);
  }
}

/** The number that an operation on numbers gives; the operation itself where that is not finite. */
function folded(e: Expression): Expression {
  const operands =
    e.kind === 'unary'
      ? [e.operand]
      : e.kind === 'binary'
        ? [e.left, e.right]
        : e.kind === 'call'
          ? e.arguments
          : [];
  if (!operands.every((o) => o.kind === 'number')) return e;
  const value = evaluate(e, () => 0, FLOAT64);
  if (!Number.isFinite(value)) return e;
  return { kind: 'number', value, origin: e.origin };
}
