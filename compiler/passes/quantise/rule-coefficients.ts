import type { ParameterValue } from '../../../src/network/network.js';
import { unreachable } from '../../diagnostics/diagnostic.js';
import type { FixedRule } from '../../levels/fixed/fixed.js';
import type { LearningArithmetic } from '../../target.js';
import { type CoefficientArrays, coefficientArrays } from './coefficients.js';
import { plainWords } from './multiply-add/coefficients.js';

/**
 * The integers of the coefficients of every synapse, by name, for a rule whose formats are chosen: what `compile` would make of
 * other parameters of it.
 */
export function ruleCoefficients(
  rule: Pick<FixedRule, 'terms' | 'coefficients'>,
  parameters: Readonly<Record<string, ParameterValue>>,
  count: number,
  learning: LearningArithmetic,
): CoefficientArrays {
  switch (learning.kind) {
    case 'sum-of-products':
      return coefficientArrays(rule.terms, parameters, count, learning, () => undefined);
    case 'multiply-add':
      return plainWords(rule, parameters, count);
    default:
      return unreachable(learning);
  }
}
