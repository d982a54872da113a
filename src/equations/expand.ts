import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail, type Span } from '../../compiler/diagnostics/diagnostic.js';
import type { Expression } from './ast.js';
import { exponentOf } from './evaluate.js';
import type { Product } from './model.js';
import { namesOf } from './names.js';
import { printExpression } from './print.js';
import { simplify } from './simplify.js';

/** Most products of a sum, and most factors of a product: beyond them no chip is meant. */
const MOST_PRODUCTS = 1000;
const MOST_FACTORS = 32;

/** The products of a simplified expression, like ones merged in the order of their first appearance; PL1012 where there are too many. */
export function expand(
  e: Expression,
  isCoefficient: (name: string) => boolean,
): readonly Product[] {
  const walk = (child: Expression): readonly Product[] => expand(child, isCoefficient);
  const isConstant = (child: Expression): boolean => [...namesOf(child)].every(isCoefficient);
  const { origin } = e;
  if (isConstant(e)) return [{ coefficient: e, factors: [], origin }];
  if (e.kind === 'unary' && e.operator === '-') return walk(e.operand).map(negate);
  if (e.kind !== 'binary') return [factor(e)];
  switch (e.operator) {
    case '+':
      return merge([...walk(e.left), ...walk(e.right)], origin);
    case '-':
      return merge([...walk(e.left), ...walk(e.right).map(negate)], origin);
    case '*':
      return times(walk(e.left), walk(e.right), origin);
    case '/': {
      const { left, right } = e;
      if (isConstant(right))
        return walk(left).map((p) => ({ ...p, coefficient: binary('/', p.coefficient, right) }));
      return times(walk(left), [factor(binary('/', one(right.origin), right))], origin);
    }
    case '^': {
      const base = walk(e.left);
      let result: readonly Product[] = [{ coefficient: one(origin), factors: [], origin }];
      for (let i = 0; i < exponentOf(e.right); i++) result = times(result, base, origin);
      return result;
    }
    default:
      return [factor(e)];
  }
}

function factor(e: Expression): Product {
  return { coefficient: one(e.origin), factors: [e], origin: e.origin };
}

function times(
  left: readonly Product[],
  right: readonly Product[],
  origin: Span,
): readonly Product[] {
  if (left.length * right.length > 16 * MOST_PRODUCTS) tooMany(origin);
  const products = left.flatMap((a) =>
    right.map((b) => ({
      coefficient: binary('*', a.coefficient, b.coefficient),
      factors: sorted([...a.factors, ...b.factors]),
      // A coefficient before a sum leaves its terms their own places in the text.
      origin:
        right.length > 1 && a.factors.length === 0
          ? b.origin
          : left.length > 1 && b.factors.length === 0
            ? a.origin
            : origin,
    })),
  );
  return merge(products, origin);
}

/** Like products become one, at the place and with the span of the first. */
function merge(products: readonly Product[], origin: Span): readonly Product[] {
  const merged = new Map<string, Product>();
  for (const product of products) {
    if (product.factors.length > MOST_FACTORS) tooMany(origin);
    const key = product.factors.map(printExpression).join(' * ');
    const known = merged.get(key);
    const coefficient = simplify(
      known ? binary('+', known.coefficient, product.coefficient) : product.coefficient,
    );
    merged.set(key, { ...(known ?? product), coefficient });
  }
  if (merged.size > MOST_PRODUCTS) tooMany(origin);
  return [...merged.values()];
}

function tooMany(span: Span): never {
  const message = `multiplied out, this has more than ${MOST_PRODUCTS} products or ${MOST_FACTORS} factors`;
  return fail(diagnostic('PL1012', message, { span, help: 'use lower powers' }));
}

function sorted(factors: readonly Expression[]): readonly Expression[] {
  return factors
    .map((e) => ({ e, text: printExpression(e) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ e }) => e);
}

const negate = (p: Product): Product => ({
  ...p,
  coefficient: { kind: 'unary', operator: '-', operand: p.coefficient, origin: p.origin },
});

const one = (origin: Span): Expression => ({ kind: 'number', value: 1, origin });

function binary(operator: '+' | '*' | '/', left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, origin: left.origin };
}
