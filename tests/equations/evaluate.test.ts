import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../src/equations/ast.js';
import {
  type Arithmetic,
  evaluate,
  FLOAT32,
  FLOAT64,
  foldConstants,
} from '../../src/equations/evaluate.js';
import { exp } from '../../src/equations/functions/exp.js';
import { namesOf } from '../../src/equations/names.js';
import { parseDefinitions } from '../../src/equations/parse.js';
import { printExpression } from '../../src/equations/print.js';
import { simplify } from '../../src/equations/simplify.js';
import { expressions, WHOLE_LANGUAGE } from './random-definition.js';

function parsed(text: string): Expression {
  const [rule] = parseDefinitions(`rule r\n  dw = ${text}\n`, 'r.txt');
  if (rule?.kind !== 'rule' || !rule.dw) throw new Error('no dw');
  return rule.dw;
}

const VALUES: Readonly<Record<string, number>> = { a: 0.1, b: -3, c: 0, n: Number.NaN };

const value = (text: string, arithmetic: Arithmetic = FLOAT64): number =>
  evaluate(parsed(text), (name) => arithmetic.round(VALUES[name]!), arithmetic);

describe('evaluate', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['2 - 3 - 4', -5],
    ['12 / 3 / 2', 2],
    ['-2^2', -4],
    ['(-2)^3', -8],
    ['c^0', 1],
    ['a^3', 0.1 * 0.1 * 0.1],
    ['|b| + abs(b)', 6],
    ['sign(b) * 10 + sign(c) + sign(2)', -9],
    ['min(a, b) + max(a, b)', -2.9],
    ['1 < 2 and not 2 <= 1', 1],
    ['a == 0.1 or a != a', 1],
    ['b and a', 1],
    ['c or c', 0],
    ['n or c', 1],
    ['not n', 0],
    ['sign(n)', 0],
    ['n == n', 0],
    ['min(n, b)', -3],
    ['max(n, b)', -3],
    ['sqrt(2)', Math.SQRT2],
    ['exp(1)', exp(1)],
  ])('gives %s = %d', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('multiplies powers from the left, one rounding each', () => {
    const f = Math.fround;
    const a = f(0.1);
    expect(value('a^4', FLOAT32)).toBe(f(f(f(a * a) * a) * a));
    expect(value('a^4')).toBe(0.1 * 0.1 * 0.1 * 0.1);
  });

  it('rounds constants, operations and functions to float32', () => {
    const f = Math.fround;
    expect(value('0.1 + 0.2', FLOAT32)).toBe(f(f(0.1) + f(0.2)));
    expect(value('16777217 - 16777216', FLOAT32)).toBe(0);
    expect(value('a * 0.3 - 7', FLOAT32)).toBe(f(f(f(0.1) * f(0.3)) - 7));
    expect(value('exp(0.1)', FLOAT32)).toBe(f(exp(f(0.1))));
    expect(value('sqrt(0.1)', FLOAT32)).toBe(f(Math.sqrt(f(0.1))));
  });
});

const reals = fc.double({ noNaN: true, noDefaultInfinity: true, min: -8, max: 8 });
const environment = fc.array(reals, { minLength: 12, maxLength: 12 });
const reader =
  (drawn: readonly number[], { round }: Arithmetic) =>
  (name: string): number =>
    round(drawn[WHOLE_LANGUAGE.names.indexOf(name)]!);

describe('foldConstants', () => {
  it.each([FLOAT64, FLOAT32])('keeps every bit in $name', (arithmetic) => {
    fc.assert(
      fc.property(expressions(), environment, (e, drawn) => {
        const read = reader(drawn, arithmetic);
        const folded = foldConstants(e, arithmetic);
        expect(evaluate(folded, read, arithmetic)).toBe(evaluate(e, read, arithmetic));
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  it('leaves names, and constants that are not finite', () => {
    expect(printExpression(foldConstants(parsed('a + 2 * 3 + 1 / 0'), FLOAT64))).toBe(
      'a + 6 + 1 / 0',
    );
  });
});

/** Whether every part of an expression has a finite value: only there is a simplified one promised to agree. */
function finiteInside(e: Expression, read: (name: string) => number): boolean {
  if (!Number.isFinite(evaluate(e, read, FLOAT64))) return false;
  switch (e.kind) {
    case 'unary':
      return finiteInside(e.operand, read);
    case 'binary':
      return finiteInside(e.left, read) && finiteInside(e.right, read);
    case 'call':
      return e.arguments.every((a) => finiteInside(a, read));
    default:
      return true;
  }
}

describe('simplify', () => {
  it('keeps the float64 value, and adds no names', () => {
    let compared = 0;
    fc.assert(
      fc.property(expressions(), environment, (e, drawn) => {
        const read = reader(drawn, FLOAT64);
        if (!finiteInside(e, read)) return;
        compared++;
        const simple = simplify(e);
        expect(evaluate(simple, read, FLOAT64) + 0).toBe(evaluate(e, read, FLOAT64) + 0);
        for (const name of namesOf(simple)) expect(namesOf(e)).toContain(name);
      }),
      { seed: 22, numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it.each([
    ['0 + a', 'a'],
    ['a + 0', 'a'],
    ['a - 0', 'a'],
    ['0 - a', '-a'],
    ['1 * a * 1', 'a'],
    ['-1 * a', '-a'],
    ['0 * a', '0'],
    ['a / 1', 'a'],
    ['--a', 'a'],
    ['a^1 + a^0', 'a + 1'],
    ['a + -b', 'a - b'],
    ['a - -b', 'a + b'],
    ['-a * -b', 'a * b'],
    ['a * -b / c', '-(a * b / c)'],
    ['a * b - a * b', '0'],
    ['(2 + 3) * a', '5 * a'],
    ['-(1 - 3) * a', '2 * a'],
    ['1 / 0 * a', '1 / 0 * a'],
  ])('makes %s %s', (text, simple) => {
    expect(printExpression(simplify(parsed(text)))).toBe(simple);
  });

  it('keeps the spans of what stays', () => {
    const e = simplify(parsed('1 * (a + b)'));
    expect(e.origin).toEqual({ file: 'r.txt', line: 2, column: 13, length: 5 });
  });
});
