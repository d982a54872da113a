import { exp } from './exp.js';

/**
 * Hyperbolic tangent in float64, the same bits on every engine. Error below 2 ulp.
 * Method: the continued fraction x / (1 + x²/(3 + x²/(5 + …))) for |x| < 0.55, else 1 − 2 / (e^2|x| + 1).
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.55) {
    const square = x * x;
    let fraction = 19;
    for (let odd = 17; odd >= 1; odd -= 2) fraction = odd + square / fraction;
    return x / fraction;
  }
  const value = size > 22 ? 1 : 1 - 2 / (exp(2 * size) + 1);
  return Number.isNaN(x) ? x : x < 0 ? -value : value;
}
