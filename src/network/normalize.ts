import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import type { Normalization } from '../equations/ast.js';
import type { RealArray, Round } from './reference-state.js';

/**
 * One normalisation over the weights of a projection, in place. `before` holds the weights before the rule ran.
 * Every operation is rounded: `clip` to [low, high]; `decay` w − rate · before; `max` w / max|w|, untouched
 * where the maximum is 0; `pow2` halves all while max|w| > 1.
 */
export function normalizeWeights(
  normalization: Normalization,
  weights: RealArray,
  before: RealArray,
  round: Round,
): void {
  switch (normalization.kind) {
    case 'clip': {
      const low = round(normalization.low);
      const high = round(normalization.high);
      for (let k = 0; k < weights.length; k++) {
        if (weights[k]! < low) weights[k] = low;
        else if (weights[k]! > high) weights[k] = high;
      }
      return;
    }
    case 'decay': {
      const rate = round(normalization.rate);
      for (let k = 0; k < weights.length; k++) {
        weights[k] = round(weights[k]! - round(rate * before[k]!));
      }
      return;
    }
    case 'max': {
      const maximum = largestMagnitude(weights);
      if (maximum === 0) return;
      for (let k = 0; k < weights.length; k++) weights[k] = round(weights[k]! / maximum);
      return;
    }
    case 'pow2': {
      let maximum = largestMagnitude(weights);
      // An overflowed weight stays infinite however often it is halved.
      for (; maximum > 1 && maximum < Infinity; maximum = largestMagnitude(weights)) {
        for (let k = 0; k < weights.length; k++) weights[k] = round(weights[k]! / 2);
      }
      return;
    }
    default:
      unreachable(normalization);
  }
}

function largestMagnitude(values: RealArray): number {
  let largest = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
