import { log } from './log.js';

/**
 * A standard normal number from two 32-bit draws (Box and Muller 1958): √(−2 ln u)·cos(2πv) with
 * u = (first + ½) / 2^32 and v = (second + ½) / 2^32. Largest magnitude 6.8,
 * absolute error below 2e-15. The same bits on every engine.
 */
export function gaussian(first: number, second: number): number {
  const radius = Math.sqrt(-2 * log(((first >>> 0) + 0.5) / 2 ** 32));
  return radius * cosineOfTurn(second);
}

/** cos(2π·(v + ½)/2^32): the top two bits choose the quadrant, a Taylor series does the rest. */
export function cosineOfTurn(v: number): number {
  const quadrant = v >>> 30;
  const angle = (((v & 0x3fffffff) + 0.5) / 2 ** 30) * (Math.PI / 2);
  switch (quadrant) {
    case 0:
      return series(angle, 0);
    case 1:
      return -series(angle, 1);
    case 2:
      return -series(angle, 0);
    default:
      return series(angle, 1);
  }
}

/** cos (first = 0) or sin (first = 1) of an angle in [0, π/2]. */
function series(angle: number, first: 0 | 1): number {
  const square = angle * angle;
  let sum = 1;
  for (let n = 22 + first; n > first; n -= 2) sum = 1 - (sum * square) / (n * (n - 1));
  return first === 0 ? sum : sum * angle;
}
