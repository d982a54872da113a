import type { Expression } from './ast.js';
import type { Cursor } from './cursor.js';
import { evaluate, FLOAT64 } from './evaluate.js';
import { namesOf } from './names.js';

/** The value of a bound or rate; names in it are reported at its place (PL1009). */
export function evaluateConstant(expression: Expression, cursor: Cursor): number {
  for (const name of namesOf(expression)) {
    const message = `a bound or rate is a constant; it cannot read \`${name}\``;
    cursor.report(message, expression.origin, undefined, 'PL1009');
  }
  return evaluate(expression, () => 0, FLOAT64) + 0;
}
