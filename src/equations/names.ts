import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import type { Expression } from './ast.js';

/** Calls `visit` for every node of an expression, outer first, left to right. */
export function forEachNode(expression: Expression, visit: (node: Expression) => void): void {
  visit(expression);
  for (const operand of operandsOf(expression)) forEachNode(operand, visit);
}

/** Names that an expression reads. */
export function namesOf(expression: Expression): Set<string> {
  const names = new Set<string>();
  forEachNode(expression, (e) => {
    if (e.kind === 'name') names.add(e.name);
  });
  return names;
}

/** The expression with names replaced; undefined keeps a name. */
export function substitute(
  e: Expression,
  replace: (name: string) => Expression | undefined,
): Expression {
  if (e.kind === 'name') return replace(e.name) ?? e;
  return mapOperands(e, (operand) => substitute(operand, replace));
}

/** The same node over other operands. */
export function mapOperands(e: Expression, map: (operand: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'number':
    case 'name':
      return e;
    case 'unary':
      return { ...e, operand: map(e.operand) };
    case 'binary':
      return { ...e, left: map(e.left), right: map(e.right) };
    case 'call':
      return { ...e, arguments: e.arguments.map(map) };
    default:
      return unreachable(e);
  }
}

/** Operations on the longest way from the root to a leaf; 0 for a number or a name. Walks without recursion. */
export function heightOf(expression: Expression): number {
  let height = -1;
  let level: readonly Expression[] = [expression];
  while (level.length > 0) {
    height++;
    level = level.flatMap(operandsOf);
  }
  return height;
}

/** The direct operands of a node, left to right. */
export function operandsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'name':
      return [];
    case 'unary':
      return [e.operand];
    case 'binary':
      return [e.left, e.right];
    case 'call':
      return e.arguments;
    default:
      return unreachable(e);
  }
}
