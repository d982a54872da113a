import type { SumOfProductsArithmetic } from '../../target.js';

/** A coefficient as the engine holds it: Σ mantissa · 2^exponent over the product words of one term. */
export interface EncodedCoefficient {
  readonly mantissas: readonly number[];
  readonly exponents: readonly number[];
  /** The value that the words stand for. */
  readonly value: number;
}

/**
 * The nearest sum of `words` mantissa · 2^exponent terms to `scaled` (the coefficient in engine units), greedily:
 * each word takes what the ones before left. Ties go to the smaller exponent, which loses fewer low bits of
 * the product. Out of range saturates: the caller compares `value` with what it asked for.
 */
export function encodeCoefficient(
  scaled: number,
  words: number,
  arithmetic: Pick<SumOfProductsArithmetic, 'mantissaBits' | 'exponentMaximum'>,
): EncodedCoefficient {
  const mantissas: number[] = [];
  const exponents: number[] = [];
  let value = 0;
  for (let word = 0; word < words; word++) {
    const [mantissa, exponent] = nearestWord(scaled - value, arithmetic);
    mantissas.push(mantissa);
    exponents.push(exponent);
    value += mantissa * 2 ** exponent;
  }
  return { mantissas, exponents, value };
}

function nearestWord(
  wanted: number,
  {
    mantissaBits,
    exponentMaximum,
  }: Pick<SumOfProductsArithmetic, 'mantissaBits' | 'exponentMaximum'>,
): [number, number] {
  const low = -(2 ** (mantissaBits - 1));
  const high = 2 ** (mantissaBits - 1) - 1;
  let best: [number, number] = [0, 0];
  let bestError = Math.abs(wanted);
  for (let exponent = 0; exponent <= exponentMaximum; exponent++) {
    const rounded = Math.floor(wanted / 2 ** exponent + 0.5);
    const mantissa = Math.max(low, Math.min(high, rounded));
    const error = Math.abs(wanted - mantissa * 2 ** exponent);
    if (error < bestError && mantissa !== 0) {
      best = [mantissa, exponent];
      bestError = error;
    }
    if (rounded >= low && rounded <= high) break;
  }
  return best;
}
