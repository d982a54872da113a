import type { ParameterValue } from '../../../../src/network/network.js';
import type { FixedRule } from '../../../levels/fixed/fixed.js';
import { overflowTo } from '../../../levels/numbers/rounding.js';
import type { CoefficientArrays } from '../coefficients.js';
import { evaluateStatic } from '../static.js';

/** The coefficients that synapses hold, as integers of their formats: nearest, saturated. */
export function plainWords(
  { terms, coefficients }: Pick<FixedRule, 'terms' | 'coefficients'>,
  parameters: Readonly<Record<string, ParameterValue>>,
  count: number,
): CoefficientArrays {
  const words = new Map<string, Int32Array>();
  for (const { coefficient, scale, words: own } of terms) {
    for (const { mantissa } of own) {
      const { format } = coefficients.find((c) => c.name === mantissa)!;
      const real = evaluateStatic(coefficient, parameters)!;
      const values = new Int32Array(count);
      for (let k = 0; k < count; k++) {
        const value = typeof real === 'number' ? real : real[k]!;
        values[k] = overflowTo(Math.floor(value * scale + 0.5), format, 'saturate');
      }
      words.set(mantissa, values);
    }
  }
  return words;
}
