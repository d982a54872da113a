import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import type { Expression } from '../../src/equations/ast.js';
import { inlineLocals, sumOfProducts } from '../../src/equations/canonical.js';
import { evaluate, FLOAT64 } from '../../src/equations/evaluate.js';
import { ruleModel } from '../../src/equations/load.js';
import type { Product, RuleModel, SumOfProducts } from '../../src/equations/model.js';
import { namesOf } from '../../src/equations/names.js';
import { printExpression } from '../../src/equations/print.js';
import { type ExpressionShape, expressions } from './random-definition.js';

function canonical(rule: RuleModel): SumOfProducts {
  const parameters = rule.parameters.map((p) => p.name);
  return sumOfProducts(inlineLocals(rule).dw!, (name) => parameters.includes(name));
}

const shown = ({ products }: SumOfProducts): Record<string, string> =>
  Object.fromEntries(
    products.map((p) => [
      p.factors.map(printExpression).join(' · ') || '1',
      printExpression(p.coefficient),
    ]),
  );

const dw = (text: string, parameters = 'a = 1, b = 1, c = 1'): Record<string, string> =>
  shown(canonical(ruleModel(`rule r(${parameters})\n  dw = ${text}\n`)));

describe('sumOfProducts', () => {
  it('folds PDLF to the four products of its paper', () => {
    expect(shown(canonical(ruleModel('pdlf')))).toEqual({
      'x · y': 'lr * A',
      x: '-(lr * (A * C))',
      y: 'lr * B',
      '1': 'lr * D',
    });
  });

  it('blames each product of PDLF on its own term', () => {
    const rule = ruleModel(
      'rule pdlf(lr, A, B, C, D)\n  dw = lr * (A * x * (y - C) + B * y + D)\n',
    );
    const line = '  dw = lr * (A * x * (y - C) + B * y + D)';
    expect(
      canonical(rule).products.map(({ origin: { column, length } }) =>
        line.slice(column - 1, column - 1 + length),
      ),
    ).toEqual(['A * x * (y - C)', 'A * x * (y - C)', 'B * y', 'D']);
  });

  it.each<[string, Record<string, string>]>([
    ['x * y + y * x', { 'x · y': '2' }],
    ['a * x + b * x - c * x', { x: 'a + b - c' }],
    ['(x + y)^2', { 'x · x': '1', 'x · y': '2', 'y · y': '1' }],
    ['(x - y) * (x + y)', { 'x · x': '1', 'y · y': '-1' }],
    ['(a * x + b) / c', { x: 'a / c', '1': 'b / c' }],
    ['x * (y - y)', {}],
    ['a * x / (1 + y)', { '1 / (1 + y) · x': 'a' }],
    ['a * tanh(b * y) * x', { 'tanh(b * y) · x': 'a' }],
    ['a * (x > b) * w', { 'w · x > b': 'a' }],
    ['m * w^2 * a^2', { 'm · w · w': 'a^2' }],
    ['-(x - a)', { x: '-1', '1': 'a' }],
    ['exp(a) * x^0', { '1': 'exp(a)' }],
    ['min(x, y) + max(x, 0 + y)', { 'min(x, y)': '1', 'max(x, y)': '1' }],
  ])('expands %s', (text, expected) => {
    const names = [...new Set(text.match(/\b[abc]\b/g) ?? [])].map((n) => `${n} = 1`).join(', ');
    expect(dw(text, names)).toEqual(expected);
  });

  it('refuses what no chip could hold', () => {
    for (const text of ['((x + y + w)^8)^8', '(x * y)^8 * (x * y)^8 * y'])
      expect(() => dw(text, '')).toThrow(/PL1012: multiplied out/);
    expect(Object.keys(dw('(x + y)^8', ''))).toHaveLength(9);
  });
});

const COEFFICIENTS = ['a', 'b', 'c'];
const SHAPE: ExpressionShape = {
  names: [...COEFFICIENTS, 'x', 'y', 'x_spike', 'w', 'm', 'e'],
  numbers: fc.constantFrom(0, 0.5, 1, 2, 3),
  operators: ['+', '-', '*', '/'],
  functions: ['tanh', 'abs', 'max'],
  exponents: 3,
};
const isCoefficient = (name: string): boolean => COEFFICIENTS.includes(name);

/** What the value would be if nothing cancelled: rounding errors are relative to it. */
function magnitude(e: Expression, read: (name: string) => number): number {
  const of = (child: Expression): number => magnitude(child, read);
  if (e.kind === 'unary') return of(e.operand);
  if (e.kind !== 'binary') return Math.abs(evaluate(e, read, FLOAT64));
  if (e.operator === '*') return of(e.left) * of(e.right);
  if (e.operator === '/') return of(e.left) / Math.abs(evaluate(e.right, read, FLOAT64));
  if (e.operator === '^') return of(e.left) ** evaluate(e.right, read, FLOAT64);
  return of(e.left) + of(e.right);
}

const productValue = ({ coefficient, factors }: Product, read: (name: string) => number): number =>
  factors.reduce(
    (product, factor) => product * evaluate(factor, read, FLOAT64),
    evaluate(coefficient, read, FLOAT64),
  );

describe('the canonical form of random rules', () => {
  const values = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0.5, max: 2, noNaN: true })), {
    minLength: SHAPE.names.length,
    maxLength: SHAPE.names.length,
  });

  it('equals the rule, and is canonical', () => {
    let compared = 0;
    let manyProducts = 0;
    fc.assert(
      fc.property(expressions(SHAPE), values, (e, drawn) => {
        const read = (name: string): number => {
          const [negative, size] = drawn[SHAPE.names.indexOf(name)]!;
          return negative ? -size : size;
        };
        const products = attempt(() => sumOfProducts(e, isCoefficient).products);
        const scale = magnitude(e, read);
        if (!products || !Number.isFinite(scale)) return;
        const sum = products.reduce((total, p) => total + productValue(p, read), 0);
        expect(Math.abs(sum - evaluate(e, read, FLOAT64))).toBeLessThanOrEqual(1e-12 * scale);
        checkForm(products);
        compared++;
        if (products.length > 2) manyProducts++;
      }),
      { seed: 41, numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(1000);
    expect(manyProducts).toBeGreaterThan(200);
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw error;
  }
}

function checkForm(products: readonly Product[]): void {
  const keys = products.map((p) => p.factors.map(printExpression).join(' · '));
  expect(new Set(keys).size).toBe(keys.length);
  for (const { coefficient, factors } of products) {
    expect([...namesOf(coefficient)].every(isCoefficient)).toBe(true);
    const texts = factors.map(printExpression);
    expect(texts).toEqual([...texts].sort());
    for (const factor of factors) expect([...namesOf(factor)].every(isCoefficient)).toBe(false);
  }
}

describe('inlineLocals', () => {
  const inlined = (...lines: string[]): { dw: string; updates: string[] } => {
    const { dw, updates } = inlineLocals(ruleModel(['rule r(a = 2)', ...lines].join('\n')));
    return {
      dw: printExpression(dw!),
      updates: updates.map(
        (u) =>
          `${u.target} <- ${printExpression(u.value)}` +
          (u.condition ? ` if ${printExpression(u.condition)}` : ''),
      ),
    };
  };

  it('writes local names out, in conditions too', () => {
    expect(inlined('s = x - y', 't = a * s', 'e <- e / 2 + t if s > 0', 'dw = e * t - s')).toEqual({
      dw: 'e * (a * (x - y)) - (x - y)',
      updates: ['e <- e / 2 + a * (x - y) if x - y > 0'],
    });
  });

  it('lets a local read a variable before and after it changes, each at its place', () => {
    expect(inlined('old = e * x', 'e <- old + a', 'new = e * x', 'dw = new')).toEqual({
      dw: 'e * x',
      updates: ['e <- e * x + a'],
    });
  });

  it('refuses a local that would change its value, directly or through another', () => {
    const lines = ['old = e * a', 'again = old + 1', 'e <- e / 2 + x', 'dw = again'];
    expect(() => inlined(...lines)).toThrow(
      'PL1013: `again` was computed from `e`, which has changed since',
    );
  });
});
