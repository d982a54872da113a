import { describe, expect, it } from 'vitest';
import {
  draw,
  drawPost,
  drawRounding,
  drawRow,
  roundingDraw,
  uniform,
} from '../../compiler/levels/numbers/draw.js';
import { shiftRight, topBits } from '../../compiler/levels/numbers/rounding.js';

type Words = Parameters<typeof draw>;
const ONES = 0xffffffff;

/**
 * [seed, projection, pre, post, step, operation], the two words of the row, the draw: made by a separate program
 * written from the description in draw.ts.
 */
const VECTORS: readonly (readonly [words: Words, a: number, b: number, value: number])[] = [
  [[0, 0, 0, 0, 0, 0], 0x79e50f3e, 0x805f783a, 0x5d2010e3],
  [[1, 0, 0, 0, 0, 0], 0x97e9dc2d, 0x37dfccdc, 0xf46755a4],
  [[0, 1, 0, 0, 0, 0], 0xeea64fc0, 0x05b63dce, 0xeb171e85],
  [[0, 0, 1, 0, 0, 0], 0x3736fd4c, 0x3050baa5, 0x8f9d7958],
  [[0, 0, 0, 1, 0, 0], 0x79e50f3e, 0x805f783a, 0xbf8fc840],
  [[0, 0, 0, 0, 1, 0], 0x4214ff7c, 0x2d76a233, 0x571990e1],
  [[0, 0, 0, 0, 0, 1], 0xc085bb6c, 0x12ff0675, 0x140fd722],
  [[ONES, ONES, ONES, ONES, ONES, ONES], 0x0d6b5e0a, 0xdfa8deca, 0x26ac0bd9],
  [[0x80000000, 2, 31, 17, 123456, 1], 0x5417a579, 0x5265a1e0, 0x12b5e3ac],
  [[42, 3, 7, 5, 999, 0], 0x66194533, 0xf19f6f57, 0xf2c0e449],
];

const NAMES = ['seed', 'projection', 'pre', 'post', 'step', 'operation'] as const;

/** Draws along one word, the others fixed. */
function along(
  name: (typeof NAMES)[number],
  count: number,
  others: Words = [9, 1, 4, 2, 7, 0],
): number[] {
  const at = NAMES.indexOf(name);
  return Array.from({ length: count }, (_, i) => {
    const words: Words = [...others];
    words[at] = i;
    return draw(...words);
  });
}

/** Σ (seen − expected)² / expected over equally likely bins. */
function chiSquare(bins: readonly number[]): number {
  const expected = bins.reduce((sum, n) => sum + n, 0) / bins.length;
  return bins.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}

function correlation(values: readonly number[], lag: number): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  let product = 0;
  let square = 0;
  for (const [i, v] of values.entries()) {
    square += (v - mean) ** 2;
    if (i + lag < values.length) product += (v - mean) * (values[i + lag]! - mean);
  }
  return product / square;
}

describe('draws', () => {
  it.each(VECTORS)('of %j are what they have always been', (words, a, b, value) => {
    const [seed, projection, pre, post, step, operation] = words;
    const row = drawRow({ a: 0, b: 0 }, seed, projection, pre, step, operation);
    expect([row.a >>> 0, row.b >>> 0]).toEqual([a, b]);
    expect(drawPost(row, post)).toBe(value);
    expect(draw(...words)).toBe(value);
    expect(uniform(...words)).toBe(value / 2 ** 32);
  });

  it('take every word modulo 2^32', () => {
    expect(draw(-1, -1, -1, -1, -1, -1)).toBe(0x26ac0bd9);
    expect(draw(42, 3, 7, 5, 999 + 2 ** 32, 0)).toBe(0xf2c0e449);
  });

  it('leave the state of the row alone', () => {
    const row = drawRow({ a: 5, b: 6 }, 42, 3, 7, 999, 0);
    const before = { ...row };
    const first = [0, 1, 2].map((post) => drawPost(row, post));
    expect(row).toEqual(before);
    expect([0, 1, 2].map((post) => drawPost(row, post))).toEqual(first);
  });

  it.each(NAMES)('have even top 7 bits along %s', (name) => {
    const bins = new Array<number>(128).fill(0);
    for (const value of along(name, 2 ** 15)) bins[topBits(value, 7)]! += 1;
    // 127 degrees of freedom: 186.6 is passed once in 2,500 samples, 78.0 as seldom from below.
    const sum = chiSquare(bins);
    expect(sum).toBeLessThan(186.6);
    expect(sum).toBeGreaterThan(78);
  });

  it.each(NAMES)('have even pairs of neighbours along %s', (name) => {
    const bins = new Array<number>(256).fill(0);
    const values = along(name, 2 ** 15).map((v) => topBits(v, 4));
    for (let i = 0; i + 1 < values.length; i += 2) bins[16 * values[i]! + values[i + 1]!]! += 1;
    // 255 degrees of freedom.
    expect(chiSquare(bins)).toBeLessThan(340);
  });

  it.each(NAMES)('do not depend on their predecessors along %s', (name) => {
    const values = along(name, 2 ** 14).map((v) => topBits(v, 7));
    for (const lag of [1, 2, 3, 4, 8, 16, 64]) {
      // Four standard deviations of independent values.
      expect(Math.abs(correlation(values, lag)), `lag ${lag}`).toBeLessThan(4 / Math.sqrt(2 ** 14));
    }
  });

  it('do not depend on the neighbour in the next row, step or operation', () => {
    for (const word of [0, 1, 2, 4, 5] as const) {
      let product = 0;
      for (let post = 0; post < 2 ** 14; post++) {
        const words: Words = [9, 1, 4, post, 7, 0];
        const here = uniform(...words) - 0.5;
        words[word] += 1;
        product += here * (uniform(...words) - 0.5);
      }
      expect(Math.abs((12 * product) / 2 ** 14), NAMES[word]).toBeLessThan(4 / Math.sqrt(2 ** 14));
    }
  });

  it.each(NAMES)('change half of their bits when one bit of %s changes', (name) => {
    const at = NAMES.indexOf(name);
    const samples = 200;
    for (let bit = 0; bit < 32; bit++) {
      const flips = new Array<number>(32).fill(0);
      for (let i = 0; i < samples; i++) {
        const words: Words = [i, i * 3, i * 5, i * 7, i * 11, i % 4];
        const before = draw(...words);
        words[at] = (words[at]! ^ (1 << bit)) >>> 0;
        const changed = before ^ draw(...words);
        for (let out = 0; out < 32; out++) flips[out]! += (changed >>> out) & 1;
      }
      const total = flips.reduce((sum, n) => sum + n, 0) / (32 * samples);
      expect(total, `bit ${bit}`).toBeGreaterThan(0.45);
      expect(total, `bit ${bit}`).toBeLessThan(0.55);
      // The bits that stochastic rounding reads, one by one: five standard deviations.
      for (let out = 25; out < 32; out++) {
        expect(Math.abs(flips[out]! / samples - 0.5), `${bit} → ${out}`).toBeLessThan(0.18);
      }
    }
  });

  it('make stochastic rounding unbiased', () => {
    const samples = 2 ** 16;
    for (const value of [-1000, -129, -128, -1, 0, 1, 63, 64, 127, 128, 999]) {
      let sum = 0;
      for (let post = 0; post < samples; post++) {
        sum += shiftRight(value, 7, 'stochastic', draw(3, 0, 0, post, 0, 0));
      }
      // Five standard deviations of a coin: 5 · 0.5 / 256.
      expect(Math.abs(sum / samples - value / 128), `${value}`).toBeLessThan(0.0098);
    }
  });
});

describe('draws of roundings', () => {
  const row = drawRow({ a: 0, b: 0 }, 9, 1, 4, 7, 0);

  it('are bytes of a word that four neighbours share, the lowest first, for up to 8 bits', () => {
    for (let post = 0; post < 64; post++) {
      const word = drawPost(row, Math.floor(post / 4));
      const byte = Math.floor(word / 256 ** (post % 4)) % 256;
      for (let bits = 1; bits <= 8; bits++) {
        const drawn = topBits(drawRounding(row, post, bits), bits);
        expect(drawn, `${post}, ${bits} bits`).toBe(Math.floor(byte / 2 ** (8 - bits)));
      }
    }
  });

  it('are words of their own beyond 8 bits', () => {
    for (let post = 0; post < 8; post++)
      expect(drawRounding(row, post, 9)).toBe(drawPost(row, post));
    expect(roundingDraw(9, 1, 4, 5, 7, 0, 12)).toBe(draw(9, 1, 4, 5, 7, 0));
  });

  it('have even top 7 bits, even pairs of neighbours and no memory along the neurons', () => {
    const values = Array.from({ length: 2 ** 15 }, (_, post) =>
      topBits(roundingDraw(9, 1, 4, post, 7, 0, 7), 7),
    );
    const bins = new Array<number>(128).fill(0);
    for (const value of values) bins[value]! += 1;
    expect(chiSquare(bins)).toBeLessThan(186.6);
    expect(chiSquare(bins)).toBeGreaterThan(78);
    for (const distance of [1, 2, 3, 4]) {
      const pairs = new Array<number>(256).fill(0);
      for (let i = 0; i + distance < values.length; i += 8) {
        pairs[16 * (values[i]! >> 3) + (values[i + distance]! >> 3)]! += 1;
      }
      expect(chiSquare(pairs), `distance ${distance}`).toBeLessThan(340);
    }
    for (const lag of [1, 2, 3, 4, 8, 16, 64]) {
      expect(Math.abs(correlation(values, lag)), `lag ${lag}`).toBeLessThan(4 / Math.sqrt(2 ** 15));
    }
  });

  it('make stochastic rounding unbiased', () => {
    const samples = 2 ** 16;
    for (const value of [-1000, -129, -1, 1, 63, 127, 999]) {
      let sum = 0;
      for (let post = 0; post < samples; post++) {
        sum += shiftRight(value, 7, 'stochastic', roundingDraw(3, 0, 0, post, 0, 0, 7));
      }
      expect(Math.abs(sum / samples - value / 128), `${value}`).toBeLessThan(0.0098);
    }
  });
});
