import type { Expression } from './ast.js';
import { FLOAT64, foldNode } from './evaluate.js';
import { mapOperands } from './names.js';
import { printExpression } from './print.js';

type Binary = Expression & { readonly kind: 'binary' };

/**
 * Symbolic simplification, inside out. Constants fold in float64; 0 + e, e − 0, 1·e, e / 1, 0·e, e − e, −−e, e^0 and e^1
 * vanish; signs move outwards (−a·b, a·−b, −a/b become −(a·b), −(a/b); a + −b becomes a − b). Every node that stays keeps its
 * span. The float64 value keeps its bits, but for the sign of zeros, and where e is not finite: 0·e and e − e are 0.
 */
export function simplify(expression: Expression): Expression {
  const e = mapOperands(expression, simplify);
  if (e.kind === 'unary' && e.operator === '-') return negated(e.operand, e);
  return foldNode(e.kind === 'binary' ? simplifyBinary(e) : e, FLOAT64);
}

function simplifyBinary(e: Binary): Expression {
  switch (e.operator) {
    case '+':
      return simplifySum(e);
    case '-':
      return simplifyDifference(e);
    case '*':
      return simplifyProduct(e);
    case '/':
      return simplifyQuotient(e);
    case '^':
      if (isNumber(e.right, 0)) return number(1, e);
      return isNumber(e.right, 1) ? e.left : e;
    default:
      return e;
  }
}

function simplifySum(e: Binary): Expression {
  const { left, right } = e;
  if (isNumber(left, 0)) return right;
  if (isNumber(right, 0)) return left;
  const minus = operandOfMinus(right);
  return minus ? simplifyDifference({ ...e, operator: '-', right: minus }) : e;
}

function simplifyDifference(e: Binary): Expression {
  const { left, right } = e;
  if (isNumber(right, 0)) return left;
  if (isNumber(left, 0)) return negated(right, e);
  const minus = operandOfMinus(right);
  if (minus) return simplifySum({ ...e, operator: '+', right: minus });
  return printExpression(left) === printExpression(right) ? number(0, e) : e;
}

function simplifyProduct(e: Binary): Expression {
  const { left, right } = e;
  if (isNumber(left, 0) || isNumber(right, 0)) return number(0, e);
  if (isNumber(left, 1)) return right;
  if (isNumber(right, 1)) return left;
  if (isNumber(left, -1)) return negated(right, e);
  if (isNumber(right, -1)) return negated(left, e);
  const [a, b] = [operandOfMinus(left), operandOfMinus(right)];
  if (!a && !b) return e;
  const positive: Expression = { ...e, left: a ?? left, right: b ?? right };
  return a && b ? positive : negated(positive, e);
}

function simplifyQuotient(e: Binary): Expression {
  const { left, right } = e;
  if (isNumber(right, 1)) return left;
  if (isNumber(right, -1)) return negated(left, e);
  const [a, b] = [operandOfMinus(left), operandOfMinus(right)];
  if (!a && !b) return e;
  const positive: Expression = { ...e, left: a ?? left, right: b ?? right };
  return a && b ? positive : negated(positive, e);
}

function negated(operand: Expression, at: Expression): Expression {
  if (operand.kind === 'number') return number(-operand.value, at);
  const { origin } = at;
  return operandOfMinus(operand) ?? { kind: 'unary', operator: '-', operand, origin };
}

/** e of −e; undefined for all else, numbers too. */
const operandOfMinus = (e: Expression): Expression | undefined =>
  e.kind === 'unary' && e.operator === '-' ? e.operand : undefined;

const isNumber = (e: Expression, value: number): boolean =>
  e.kind === 'number' && e.value === value;

const number = (value: number, { origin }: Expression): Expression => ({
  kind: 'number',
  value: value + 0,
  origin,
});
