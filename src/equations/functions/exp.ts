import { LN2_HIGH, LN2_LOW, powerOfTwo } from './bits.js';

/**
 * e^x in float64, with + − · / and exponent bits only, so that every engine gives the same bits. Error below 1.5 ulp.
 * Method: x = k·ln 2 + r with |r| ≤ 0.35, Taylor series of e^r to the 13th power, times 2^k.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1 / 6227020800;
  // By index: an iterator over them would box each one.
  for (let i = 0; i < COEFFICIENTS.length; i++) sum = sum * r + COEFFICIENTS[i]!;
  const half = Math.floor(k / 2);
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/** 1/n! from n = 12 down to 0. */
const COEFFICIENTS = [
  1 / 479001600,
  1 / 39916800,
  1 / 3628800,
  1 / 362880,
  1 / 40320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  1 / 2,
  1,
  1,
];
