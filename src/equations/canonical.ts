import type { Expression } from './ast.js';
import type { Product, RuleModel, SumOfProducts, Update } from './model.js';
import { namesOf, substitute } from './names.js';
import { printExpression } from './print.js';
import { simplify } from './simplify.js';

/** A rule without local names: they are written out where they were read. */
export interface InlinedRule {
  readonly dw: Expression | undefined;
  /** Updates of per-synapse variables, in order. */
  readonly updates: readonly Update[];
}

/** Writes out the local names of a rule. A local reads variables as they were where it was defined. */
export function inlineLocals(rule: Pick<RuleModel, 'dw' | 'updates'>): InlinedRule {
  const locals = new Map<string, Expression>();
  const inline = (e: Expression): Expression => substitute(e, (name) => locals.get(name));
  const updates: Update[] = [];
  for (const update of rule.updates) {
    const value = inline(update.value);
    if (update.local) locals.set(update.target, value);
    else
      updates.push({ ...update, value, condition: update.condition && inline(update.condition) });
  }
  return { dw: rule.dw && inline(rule.dw), updates };
}

/**
 * An expression as a sum of products `coefficient · Π factors`: products are expanded, like ones merged. Factors are names
 * that are no coefficients, or functions of them that do not expand (a call, a comparison, a quotient by a signal), sorted by
 * their text. Equal to the original in real numbers; coefficients are simplified.
 */
export function sumOfProducts(
  expression: Expression,
  isCoefficient: (name: string) => boolean,
): SumOfProducts {
  const merged = new Map<string, Product>();
  for (const product of expand(expression, isCoefficient)) {
    const factors = [...product.factors].sort((a, b) =>
      compareText(printExpression(a), printExpression(b)),
    );
    const key = factors.map(printExpression).join(' * ');
    const known = merged.get(key);
    const coefficient = known ? add(known.coefficient, product.coefficient) : product.coefficient;
    merged.set(key, { coefficient, factors, origin: known?.origin ?? product.origin });
  }
  const products = [...merged.values()]
    .map((p) => ({ ...p, coefficient: simplify(p.coefficient) }))
    .filter((p) => !(p.coefficient.kind === 'number' && p.coefficient.value === 0));
  return { products };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function binary(operator: '+' | '-' | '*' | '/', left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, origin: left.origin };
}
const add = (a: Expression, b: Expression): Expression => binary('+', a, b);

function expand(e: Expression, isCoefficient: (name: string) => boolean): readonly Product[] {
  const walk = (child: Expression): readonly Product[] => expand(child, isCoefficient);
  const { origin } = e;
  const one: Expression = { kind: 'number', value: 1, origin };
  if ([...namesOf(e)].every(isCoefficient)) return [{ coefficient: e, factors: [], origin }];
  const atom: readonly Product[] = [{ coefficient: one, factors: [e], origin }];
  if (e.kind === 'unary' && e.operator === '-') return walk(e.operand).map(negate);
  if (e.kind !== 'binary') return atom;
  switch (e.operator) {
    case '+':
      return [...walk(e.left), ...walk(e.right)];
    case '-':
      return [...walk(e.left), ...walk(e.right).map(negate)];
    case '*':
      return times(walk(e.left), walk(e.right), origin);
    case '/': {
      if (![...namesOf(e.right)].every(isCoefficient)) return atom;
      return walk(e.left).map((p) => ({ ...p, coefficient: binary('/', p.coefficient, e.right) }));
    }
    case '^': {
      const base = walk(e.left);
      const exponent = e.right.kind === 'number' ? e.right.value : 1;
      let result: readonly Product[] = [{ coefficient: one, factors: [], origin }];
      for (let i = 0; i < exponent; i++) result = times(result, base, origin);
      return result;
    }
    default:
      return atom;
  }
}

const negate = (p: Product): Product => ({
  ...p,
  coefficient: { kind: 'unary', operator: '-', operand: p.coefficient, origin: p.origin },
});

function times(
  left: readonly Product[],
  right: readonly Product[],
  origin: Product['origin'],
): Product[] {
  return left.flatMap((a) =>
    right.map((b) => ({
      coefficient: binary('*', a.coefficient, b.coefficient),
      factors: [...a.factors, ...b.factors],
      origin,
    })),
  );
}
