import { describe, expect, it } from 'vitest';
import { type Format, parseFormat, signed } from '../../compiler/levels/numbers/format.js';
import {
  mayScale,
  nextScale,
  SCALE_RANGES,
  scaleFraction,
  scaleReal,
  unitScale,
} from '../../compiler/levels/numbers/scale.js';
import { normalizeWeights } from '../../src/network/normalize.js';

/** Every format that may have a scale, of these widths. */
const formats = (...widths: readonly number[]): Format[] =>
  widths.flatMap((width) =>
    Array.from({ length: width - 1 }, (_, fraction) => signed(width, fraction)),
  );

/** Integers up to 2^(width − 1): all of them, or those near powers of two and a sweep. */
function magnitudes(width: number): number[] {
  const most = 2 ** (width - 1);
  if (width <= 9) return Array.from({ length: most + 1 }, (_, i) => i);
  const near = Array.from({ length: width }, (_, n) => [-2, -1, 0, 1, 2].map((d) => 2 ** n + d));
  const sweep = Array.from({ length: 400 }, (_, i) => 1 + ((i * 7919) % most));
  return [...new Set([0, ...near.flat(), ...sweep])].filter((n) => n >= 0 && n <= most);
}

const cases = formats(2, 3, 8, 9, 12, 16).flatMap((format) =>
  magnitudes(format.width).map((largest) => ({ format, largest })),
);

describe('the scale of a projection', () => {
  it('max: is the largest number, of 15 bits and a power of two, that brings the largest to 1 or below', () => {
    for (const { format, largest } of cases) {
      if (largest === 0) continue;
      const { mantissa, exponent } = nextScale('max', largest, format);
      // r · largest ≤ 1 < (r + one last place) · largest, in whole numbers.
      const one = 2n ** BigInt(format.fraction + scaleFraction(format));
      const product = (m: number): bigint => BigInt(m) * 2n ** BigInt(exponent) * BigInt(largest);
      expect(product(mantissa) <= one && product(mantissa + 1) > one).toBe(true);
    }
  });

  it('pow2: is how often the reference halves', () => {
    for (const { format, largest } of cases) {
      const weights = Float64Array.of(largest / 2 ** format.fraction);
      const before = weights[0]!;
      const origin = { file: '', line: 1, column: 1, length: 1 };
      normalizeWeights({ kind: 'pow2', origin }, weights, weights, (value) => value);
      expect(scaleReal(nextScale('pow2', largest, format), format) * before).toBe(weights[0]);
    }
  });

  it('has parts within their ranges, and is 1 where every weight is 0', () => {
    for (const { format, largest } of cases) {
      for (const kind of ['max', 'pow2'] as const) {
        const scale = nextScale(kind, largest, format);
        for (const part of ['mantissa', 'exponent'] as const) {
          const [low, high] = SCALE_RANGES[part](format);
          if (scale[part] < low || scale[part] > high)
            expect(scale).toBe(`within ${low} … ${high}`);
        }
        if (largest === 0) expect(scale).toEqual(unitScale(format));
      }
    }
    for (const format of formats(2, 9, 16)) {
      expect(scaleReal(unitScale(format), format)).toBe(1);
    }
  });

  it.each([
    ['max', 's16.12', 4096, 16384, 3],
    ['max', 's16.12', 4097, 32760, 2],
    ['max', 's16.12', 8191, 16386, 2],
    ['max', 's16.12', 12288, 21845, 1],
    ['max', 's16.12', 1, 16384, 15],
    ['max', 's16.12', 3, 21845, 13],
    ['max', 's16.12', 32768, 16384, 0],
    ['max', 's8.5', 100, 20971, 0],
    ['pow2', 's16.12', 4096, 16384, 3],
    ['pow2', 's16.12', 4097, 16384, 2],
    ['pow2', 's16.12', 8193, 16384, 1],
    ['pow2', 's16.12', 32768, 16384, 0],
    ['pow2', 's16.12', 5, 16384, 3],
  ] as const)('%s of %s: %i gives %i · 2^%i', (kind, text, largest, mantissa, exponent) => {
    expect(nextScale(kind, largest, parseFormat(text)!)).toEqual({ mantissa, exponent });
  });

  it.each([
    ['s16.14', true],
    ['s2.0', true],
    ['s16.15', false],
    ['s17.12', false],
    ['u16.12', false],
    ['s8.-1', false],
  ])('%s may have one: %s', (text, may) => {
    expect(mayScale(parseFormat(text)!)).toBe(may);
  });
});
