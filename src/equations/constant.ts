import type { Expression } from './ast.js';
import type { Cursor } from './cursor.js';
import { evaluate, FLOAT64 } from './evaluate.js';

/** The value of an expression without names; a name in it is reported at its place. */
export function evaluateConstant(expression: Expression, cursor: Cursor): number {
  let unknown: string | undefined;
  const value = evaluate(
    expression,
    (name) => {
      unknown = name;
      return 0;
    },
    FLOAT64,
  );
  if (unknown !== undefined) cursor.report(`${unknown} is no number`, expression.origin);
  return value;
}
