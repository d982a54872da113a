import type { Json } from './canonical.js';
import type { Comparison } from './comparison.js';
import type { Verification } from './verify.js';

/**
 * The `comparisons` of the command line's JSON: those of a verification with the rule error and the drift summed up to
 * `{ max, rms }` and `{ rms }` in weight units, their details beside them, and the seconds of each.
 */
export function comparisonsJson({ comparisons, seconds }: Verification): readonly Json[] {
  return comparisons.map((comparison, i) => ({
    ...comparison,
    ruleError: comparison.ruleError && summary(comparison.ruleError),
    seconds: seconds[i] ?? null,
  }));
}

function summary({ oneStep, terms, drift }: NonNullable<Comparison['ruleError']>): Json {
  const compared = oneStep.reduce((sum, e) => sum + e.compared, 0);
  const squares = oneStep.reduce((sum, e) => sum + e.rms ** 2 * e.compared, 0);
  const drifted = drift.reduce((sum, point) => sum + point.weights ** 2, 0);
  return {
    oneStep: {
      max: oneStep.reduce((most, e) => Math.max(most, e.max), 0),
      rms: compared > 0 ? Math.sqrt(squares / compared) : 0,
      projections: oneStep,
      terms,
    },
    drift: { rms: drift.length > 0 ? Math.sqrt(drifted / drift.length) : 0, points: drift },
  };
}
