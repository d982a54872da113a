import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maximumOf,
  minimumOf,
  parseFormat,
  signed,
  unsigned,
} from '../../compiler/levels/numbers/format.js';
import {
  OVERFLOWS,
  overflowTo,
  ROUNDINGS,
  type Rounding,
  shiftRight,
  toInteger,
  topBits,
} from '../../compiler/levels/numbers/rounding.js';

const TWO = 2 ** 23;

describe('dropping bits', () => {
  /** value / 4, by hand: floor, nearest (ties toward +∞), toward zero. */
  it.each([
    [-9, -3, -2, -2],
    [-8, -2, -2, -2],
    [-7, -2, -2, -1],
    [-6, -2, -1, -1],
    [-5, -2, -1, -1],
    [-4, -1, -1, -1],
    [-3, -1, -1, 0],
    [-2, -1, 0, 0],
    [-1, -1, 0, 0],
    [0, 0, 0, 0],
    [1, 0, 0, 0],
    [2, 0, 1, 0],
    [3, 0, 1, 0],
    [4, 1, 1, 1],
    [5, 1, 1, 1],
    [6, 1, 2, 1],
    [7, 1, 2, 1],
  ])('%d / 4', (value, floor, nearest, towardZero) => {
    expect(shiftRight(value, 2, 'floor')).toBe(floor);
    expect(shiftRight(value, 2, 'nearest')).toBe(nearest);
    expect(shiftRight(value, 2, 'toward-zero')).toBe(towardZero);
  });

  it.each([
    // The two top bits of the draw are added before the floor.
    [5, 0x00000000, 1],
    [5, 0x80000000, 1],
    [5, 0xbfffffff, 1],
    [5, 0xc0000000, 2],
    [6, 0x7fffffff, 1],
    [6, 0x80000000, 2],
    [4, 0xffffffff, 1],
    [-5, 0x00000000, -2],
    [-5, 0x40000000, -1],
    [-4, 0xffffffff, -1],
    [-1, 0x3fffffff, -1],
    [-1, 0x40000000, 0],
  ])('%d / 4 with the draw %d', (value, random, expected) => {
    expect(shiftRight(value, 2, 'stochastic', random)).toBe(expected);
  });

  it('is exact where bits are appended or none is dropped', () => {
    for (const rounding of ROUNDINGS) {
      expect(shiftRight(-3, 0, rounding, 0xffffffff)).toBe(-3);
      expect(shiftRight(-3, -4, rounding, 0xffffffff)).toBe(-48);
    }
  });

  it('works to 2^53', () => {
    const large = 2 ** 52 + 1;
    expect(shiftRight(large, 1, 'floor')).toBe(2 ** 51);
    expect(shiftRight(large, 1, 'nearest')).toBe(2 ** 51 + 1);
    expect(shiftRight(-large, 1, 'floor')).toBe(-(2 ** 51) - 1);
    expect(shiftRight(-large, 1, 'toward-zero')).toBe(-(2 ** 51));
  });

  it('never gives minus zero', () => {
    for (const rounding of ROUNDINGS) {
      for (const value of [-3, -2, -1, 0, 1]) {
        for (const random of [0, 0xffffffff]) {
          expect(Object.is(shiftRight(value, 2, rounding, random), -0)).toBe(false);
        }
      }
    }
  });

  it('stays within one of the exact quotient, and keeps what divides evenly', () => {
    const property = fc.property(
      fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom<Rounding>(...ROUNDINGS),
      fc.nat(0xffffffff),
      (value, bits, rounding, random) => {
        const result = shiftRight(value, bits, rounding, random);
        expect(Number.isInteger(result)).toBe(true);
        expect(Math.abs(result - value / 2 ** bits)).toBeLessThan(1);
        const whole = (value % 2 ** 20) + 0;
        expect(shiftRight(whole * 2 ** bits, bits, rounding, random)).toBe(whole);
      },
    );
    fc.assert(property, { seed: 41, numRuns: 1000 });
  });
});

describe('the top bits of a draw', () => {
  it.each([
    [0x00000000, 7, 0],
    [0x01ffffff, 7, 0],
    [0x02000000, 7, 1],
    [0xfdffffff, 7, 126],
    [0xffffffff, 7, 127],
    [0x80000000, 1, 1],
    [0x7fffffff, 1, 0],
    [0xffffffff, 0, 0],
    [0x12345678, 32, 0x12345678],
    [0x12345678, 40, 0x1234567800],
    [-1, 7, 127],
  ])('%d: %d bits', (random, bits, expected) => {
    expect(topBits(random, bits)).toBe(expected);
  });
});

describe('overflow', () => {
  it.each([
    // format, value, saturate, wrap, symmetric
    ['s8.0', 127, 127, 127, 127],
    ['s8.0', 128, 127, -128, 127],
    ['s8.0', 255, 127, -1, 127],
    ['s8.0', 256, 127, 0, 127],
    ['s8.0', -127, -127, -127, -127],
    ['s8.0', -128, -128, -128, -127],
    ['s8.0', -129, -128, 127, -127],
    ['s8.0', -1000, -128, 24, -127],
    ['u8.0', 255, 255, 255, 255],
    ['u8.0', 256, 255, 0, 255],
    ['u8.0', -1, 0, 255, -1],
    ['u8.0', 1000, 255, 232, 255],
    ['s1.0', 1, 0, -1, 0],
    ['s24.12', TWO, TWO - 1, -TWO, TWO - 1],
    ['s24.12', -TWO - 1, -TWO, TWO - 1, -TWO + 1],
    ['s53.0', 2 ** 52, 2 ** 52 - 1, -(2 ** 52), 2 ** 52 - 1],
  ])('%s of %d', (text, value, saturate, wrap, symmetric) => {
    const format = parseFormat(text)!;
    expect(overflowTo(value, format, 'saturate')).toBe(saturate);
    expect(overflowTo(value, format, 'wrap')).toBe(wrap);
    expect(overflowTo(value, format, 'symmetric')).toBe(symmetric);
  });

  it.each([
    [TWO - 1, TWO - 1],
    [TWO, TWO],
    [TWO + 1, -TWO + 1],
    [2 * TWO, 0],
    [-TWO + 1, -TWO + 1],
    [-TWO, TWO],
    [-TWO - 1, TWO - 1],
    [0, 0],
    // One wrap only, as Lava does.
    [4 * TWO, 2 * TWO],
  ])('lava-wrap-24 of %d is %d', (value, expected) => {
    expect(overflowTo(value, signed(25, 0), 'lava-wrap-24')).toBe(expected);
  });

  it('leaves every value of the format alone, and gives none outside it', () => {
    const property = fc.property(
      fc.boolean(),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
      (sign, width, value) => {
        const format = sign ? signed(width, 0) : unsigned(width, 0);
        const inside = value >= minimumOf(format) && value <= maximumOf(format);
        for (const overflow of ['saturate', 'wrap'] as const) {
          const result = overflowTo(value, format, overflow);
          if (inside) expect(result).toBe(value);
          expect(result).toBeGreaterThanOrEqual(minimumOf(format));
          expect(result).toBeLessThanOrEqual(maximumOf(format));
        }
        const wrapped = overflowTo(value, format, 'wrap');
        expect(Math.abs(value - wrapped) % 2 ** width).toBe(0);
      },
    );
    fc.assert(property, { seed: 42, numRuns: 1000 });
  });

  it('has a name for each form', () => {
    expect(OVERFLOWS).toEqual(['saturate', 'wrap', 'symmetric', 'lava-wrap-24']);
  });
});

describe('real numbers as integers', () => {
  it.each([
    // value, format, nearest, floor, toward zero
    [0.5, 's8.0', 1, 0, 0],
    [-0.5, 's8.0', 0, -1, 0],
    [-1.5, 's8.0', -1, -2, -1],
    [0.3, 's8.7', 38, 38, 38],
    [-0.3, 's8.7', -38, -39, -38],
    [1, 's8.7', 127, 127, 127],
    [-1.01, 's8.7', -128, -128, -128],
    [-0.2, 'u8.7', 0, 0, 0],
    [3e9, 's8.-10', 127, 127, 127],
    [5000, 's8.-10', 5, 4, 4],
    [Number.POSITIVE_INFINITY, 's8.0', 127, 127, 127],
    [Number.NEGATIVE_INFINITY, 's8.0', -128, -128, -128],
  ])('%d in %s', (value, text, nearest, floor, towardZero) => {
    const format = parseFormat(text)!;
    expect(toInteger(value, format)).toBe(nearest);
    expect(toInteger(value, format, 'nearest')).toBe(nearest);
    expect(toInteger(value, format, 'floor')).toBe(floor);
    expect(toInteger(value, format, 'toward-zero')).toBe(towardZero);
  });
});
