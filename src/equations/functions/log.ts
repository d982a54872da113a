import { exponentOf, LN2_HIGH, LN2_LOW, powerOfTwo } from './bits.js';

/** 2/23, 2/21, …, 2/3. */
const TERMS = Array.from({ length: 11 }, (_, i) => 2 / (23 - 2 * i));

/**
 * Natural logarithm in float64, the same bits on every engine. Error below 1 ulp; log(0) = −∞, negative gives NaN.
 * Method: x = 2^k·(1 + f) with 1 + f in [√½, √2), s = f / (2 + f), log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)) (fdlibm's form,
 * with the plain series for R).
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let scaled = x;
  let k = 0;
  if (x < 2 ** -1022) {
    scaled = x * 2 ** 54;
    k = -54;
  }
  const exponent = exponentOf(scaled);
  k += exponent;
  let m = scaled / powerOfTwo(exponent);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let series = 2 / 25;
  for (let i = 0; i < TERMS.length; i++) series = series * z + TERMS[i]!;
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + series * z) + k * LN2_LOW) - f);
}
