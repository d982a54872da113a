import type { SumOfProductsArithmetic } from '../../target.js';

/*
 * A coefficient as the engine holds it: Σ mantissa · 2^exponent over the product words of one term, each of which takes what
 * the ones before left. Out of range saturates: who encodes compares `wordValue` with what was asked for.
 */

const EXPONENT_BITS = 6;
/** A word as one integer: the mantissa above the exponent. */
const pack = (mantissa: number, exponent: number): number => (mantissa << EXPONENT_BITS) | exponent;
/** The mantissa of a word. */
export const mantissaOf = (word: number): number => word >> EXPONENT_BITS;
/** The exponent of a word. */
export const exponentOf = (word: number): number => word & (2 ** EXPONENT_BITS - 1);
const POWERS = Array.from({ length: 2 ** EXPONENT_BITS }, (_, e) => 2 ** e);
/** mantissa · 2^exponent. */
export const wordValue = (word: number): number => mantissaOf(word) * POWERS[exponentOf(word)]!;

/**
 * The nearest mantissa · 2^exponent to a number in engine units, as one integer. Ties go to the smaller exponent, which loses
 * fewer low bits of the product.
 */
export function nearestWord(
  wanted: number,
  {
    mantissaBits,
    exponentMaximum,
  }: Pick<SumOfProductsArithmetic, 'mantissaBits' | 'exponentMaximum'>,
): number {
  const low = -1 << (mantissaBits - 1);
  const high = -low - 1;
  // Below the first exponent whose mantissa fits, larger exponents come nearer: only the last of them can be the best.
  // Mantissas of numbers from 2^n on do not fit before n − mantissaBits + 1; beyond 2^32 the count starts low.
  const magnitude = 31 - Math.clz32(Math.abs(wanted));
  let exponent = Math.min(exponentMaximum, Math.max(0, magnitude - mantissaBits));
  let scaled = wanted / POWERS[exponent]!;
  while (exponent < exponentMaximum && (scaled + 0.5 < low || scaled + 0.5 >= high + 1)) {
    exponent++;
    scaled *= 0.5;
  }
  let best = 0;
  let bestError = Math.abs(wanted);
  for (let e = Math.max(0, exponent - 1); e <= exponent; e++) {
    const unit = POWERS[e]!;
    const mantissa = Math.max(low, Math.min(high, Math.floor(wanted / unit + 0.5)));
    const error = Math.abs(wanted - mantissa * unit);
    if (error < bestError && mantissa !== 0) {
      best = pack(mantissa, e);
      bestError = error;
    }
  }
  return best;
}
