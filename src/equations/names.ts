import type { Expression } from './ast.js';

/** Calls `visit` for every node of an expression, outer first, left to right. */
export function forEachNode(expression: Expression, visit: (node: Expression) => void): void {
  visit(expression);
  switch (expression.kind) {
    case 'unary':
      return forEachNode(expression.operand, visit);
    case 'binary':
      forEachNode(expression.left, visit);
      return forEachNode(expression.right, visit);
    case 'call':
      for (const argument of expression.arguments) forEachNode(argument, visit);
      return;
    default:
      return;
  }
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
  switch (e.kind) {
    case 'number':
      return e;
    case 'name':
      return replace(e.name) ?? e;
    case 'unary':
      return { ...e, operand: substitute(e.operand, replace) };
    case 'binary':
      return { ...e, left: substitute(e.left, replace), right: substitute(e.right, replace) };
    case 'call':
      return { ...e, arguments: e.arguments.map((a) => substitute(a, replace)) };
  }
}
