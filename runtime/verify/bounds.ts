import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag, nearestNames } from '../../compiler/diagnostics/diagnostic.js';
import type { BoundResult, Comparison } from './comparison.js';

/**
 * What a user may bound: `score` the magnitude of the mean score difference, relative to the left score; `rule-error`
 * the largest one-step error in steps of the weights' format (in weight units where there is none); `drift` the RMS of
 * the weights' drift, in weight units.
 */
export const BOUND_NAMES = ['score', 'rule-error', 'drift'] as const;
export type BoundName = (typeof BOUND_NAMES)[number];

export interface Bound {
  readonly name: BoundName;
  readonly limit: number;
}

/** Reads `score=0.05`, … Throws PL5303 for unknown names, limits that are no numbers from 0, and repetitions. */
export function parseBounds(texts: readonly string[]): readonly Bound[] {
  const bag = new DiagnosticBag();
  const bounds: Bound[] = [];
  for (const text of texts) {
    const [key = '', value = '', ...more] = text.split('=');
    const name = BOUND_NAMES.find((known) => known === key);
    const limit = value.trim() === '' ? Number.NaN : Number(value);
    if (name === undefined) {
      const near = nearestNames(key, BOUND_NAMES);
      const help = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known: ${BOUND_NAMES.join(', ')}`;
      bag.add(diagnostic('PL5303', `there is no bound \`${key}\``, { help }));
    } else if (!(limit >= 0 && limit < Infinity) || more.length > 0) {
      bag.add(diagnostic('PL5303', `\`${text}\` has no limit that is a number from 0`));
    } else if (bounds.some((b) => b.name === name)) {
      bag.add(diagnostic('PL5303', `the bound \`${name}\` is given twice`));
    } else bounds.push({ name, limit });
  }
  bag.finish();
  return bounds;
}

/** Holds a comparison against the user's bounds. What was not measured does not hold. */
export function applyBounds(
  comparison: Pick<Comparison, 'ruleError' | 'score'>,
  bounds: readonly Bound[],
): BoundResult[] {
  return bounds.map(({ name, limit }) => {
    const value = measured(comparison, name);
    return { name, limit, value, holds: value !== null && value <= limit };
  });
}

function measured(
  { ruleError, score }: Pick<Comparison, 'ruleError' | 'score'>,
  name: BoundName,
): number | null {
  switch (name) {
    case 'score': {
      if (score === null) return null;
      if (score.difference === 0) return 0;
      return score.left === 0 ? null : Math.abs(score.difference / score.left);
    }
    case 'rule-error':
      return ruleError && (ruleError.oneStep.maxLsb ?? ruleError.oneStep.max);
    case 'drift':
      return ruleError && ruleError.drift.rms;
  }
}
