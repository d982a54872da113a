import { describe, expect, it } from 'vitest';
import {
  combine,
  convert,
  integer,
  type Ranged,
  read,
  widen,
} from '../../../compiler/analysis/ranged.js';
import type { MicroKernel } from '../../../compiler/levels/micro/micro.js';
import { signed, unsigned } from '../../../compiler/levels/numbers/format.js';
import type { ROUNDINGS } from '../../../compiler/levels/numbers/rounding.js';
import { evaluateFixed } from '../../../runtime/fixed/evaluate.js';
import { Dice } from '../dice.js';
import { kernelOf, randomKernel, type Written } from '../kernels.js';
import { HERE } from '../random-ranged.js';
import { runMicro } from '../run-micro.js';

const SEED = 8_128;
const S8 = signed(8, 0);
const field = (name: string): Ranged => read(name, S8, HERE);
const plus = (a: Ranged, b: Ranged | number): Ranged =>
  combine('add', a, typeof b === 'number' ? integer(b, 0, HERE) : b, HERE);
const into = (target: string, value: Ranged): Written => ({
  target,
  value: convert(value, S8, 'floor', 'saturate', HERE),
});

/** The fields after a kernel. */
function run(
  kernel: MicroKernel,
  fields: Readonly<Record<string, number>>,
): Record<string, number> {
  const after = new Map(Object.entries(fields));
  runMicro(kernel, { fields: after, random: () => 0 });
  return Object.fromEntries(after);
}

const countOf = ({ operations }: MicroKernel, kind: string): number =>
  operations.filter((o) => o.kind === kind).length;

describe('select', () => {
  it('loads a field once, and computes equal expressions once', () => {
    const sum = (): Ranged => plus(field('a'), field('b'));
    const kernel = kernelOf([into('c', sum()), into('d', plus(sum(), 1)), into('e', sum())]);
    expect(countOf(kernel, 'load')).toBe(2);
    expect(countOf(kernel, 'add')).toBe(2);
    expect(run(kernel, { a: 5, b: 6 })).toEqual({ a: 5, b: 6, c: 11, d: 12, e: 11 });
  });

  it('reads what was just stored, without a load', () => {
    const kernel = kernelOf([
      into('a', plus(field('b'), 1)),
      into('c', plus(field('a'), field('a'))),
    ]);
    expect(kernel.operations.flatMap((o) => (o.kind === 'load' ? [o.field] : []))).toEqual(['b']);
    expect(run(kernel, { a: 100, b: 3 })).toEqual({ a: 4, b: 3, c: 8 });
  });

  it('computes again what a store has outdated', () => {
    const next = (): Ranged => plus(field('a'), 1);
    const kernel = kernelOf([into('b', next()), into('a', next()), into('c', next())]);
    expect(run(kernel, { a: 5 })).toEqual({ a: 6, b: 6, c: 7 });
  });

  it('keeps an old value that a store would destroy', () => {
    const kernel = kernelOf([into('t', field('a')), into('a', field('b')), into('b', field('t'))]);
    expect(run(kernel, { a: 1, b: 2 })).toEqual({ a: 2, b: 1, t: 1 });
  });

  it('tells constants and conversions of other formats and draws apart', () => {
    const half = (operation: number): Ranged =>
      convert(read('a', signed(8, 1), HERE), S8, 'stochastic', 'saturate', HERE, operation);
    const kernel = kernelOf([
      { target: 'b', value: half(0) },
      { target: 'c', value: half(1) },
      { target: 'd', value: half(0) },
    ]);
    expect(countOf(kernel, 'shift')).toBe(2);
    const fields = new Map([['a', 7]]);
    runMicro(kernel, { fields, random: (operation) => (operation === 1 ? 0xffffffff : 0) });
    expect([...fields.values()]).toEqual([7, 3, 4, 3]);
  });

  it('costs nothing where a format already holds the value', () => {
    const kernel = kernelOf([
      { target: 'b', value: convert(field('a'), signed(9, 0), 'nearest', 'wrap', HERE) },
    ]);
    expect(kernel.operations.map((o) => o.kind)).toEqual(['load', 'store']);
  });

  it('limits a value exactly where it can leave the format', () => {
    const limits = (
      from: Ranged,
      width: number,
      fraction: number,
      overflow: 'saturate' | 'wrap' | 'symmetric',
      rounding: (typeof ROUNDINGS)[number] = 'floor',
    ): number =>
      countOf(
        kernelOf([
          { target: 'b', value: convert(from, signed(width, fraction), rounding, overflow, HERE) },
        ]),
        'limit',
      );
    expect(limits(field('a'), 8, 0, 'saturate')).toBe(0);
    expect(limits(field('a'), 7, 0, 'saturate')).toBe(1);
    expect(limits(field('a'), 7, -1, 'wrap')).toBe(0);
    // 127 / 2 rounds up to 64.
    expect(limits(field('a'), 7, -1, 'wrap', 'nearest')).toBe(1);
    expect(limits(field('a'), 9, 1, 'saturate')).toBe(0);
    expect(limits(field('a'), 8, 1, 'saturate')).toBe(1);
    // −128 becomes −127.
    expect(limits(field('a'), 8, 0, 'symmetric')).toBe(1);
    expect(limits(read('a', unsigned(7, 0), HERE), 8, 0, 'symmetric')).toBe(0);
  });

  it('a symmetric limit holds at the least value, as in the tree', () => {
    const value = convert(field('a'), S8, 'floor', 'symmetric', HERE);
    const kernel = kernelOf([{ target: 'b', value }]);
    for (let a = -128; a < 128; a++) {
      const expected = Math.max(-127, a);
      expect(run(kernel, { a })['b']).toBe(expected);
      const env = { read: () => a, random: () => 0, saturated: () => undefined };
      expect(evaluateFixed(value.e, env)).toBe(expected);
    }
  });

  it('states a format that holds a widened value before its limit', () => {
    const wide = convert(read('a', signed(20, 0), HERE), signed(24, 16), 'floor', 'saturate', HERE);
    const kernel = kernelOf([{ target: 'b', value: wide }]);
    const shift = kernel.operations.find((o) => o.kind === 'shift')!;
    expect(shift.format).toEqual(signed(36, 16));
    expect(run(kernel, { a: 2 ** 19 - 1 })['b']).toBe(2 ** 23 - 1);
    expect(run(kernel, { a: -2 })['b']).toBe(-(2 ** 17));
  });

  it('exact widening appends zeros', () => {
    const kernel = kernelOf([{ target: 'b', value: widen(field('a'), 3) }]);
    expect(run(kernel, { a: -128 })['b']).toBe(-1024);
  });

  it(`computes what the trees mean, on random kernels (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    let stored = 0;
    let joined = 0;
    for (let k = 0; k < 500; k++) {
      const { updates, values, nodes } = randomKernel(dice);
      const kernel = kernelOf(updates);
      if (kernel.operations.length < nodes) joined++;
      for (let sample = 0; sample < 6; sample++) {
        const start = values();
        const word = dice.word();
        const random = (operation: number): number => (word * (2 * operation + 1)) >>> 0;
        const expected = new Map(start);
        for (const { target, value } of updates) {
          const env = { read: (f: string) => expected.get(f)!, random, saturated: () => undefined };
          expected.set(target, evaluateFixed(value.e, env));
        }
        const fields = new Map(start);
        runMicro(kernel, { fields, random });
        expect(Object.fromEntries(fields), `kernel ${k}`).toEqual(Object.fromEntries(expected));
        stored += updates.length;
      }
    }
    expect(stored).toBeGreaterThan(5000);
    expect(joined).toBeGreaterThan(100);
  });
});
