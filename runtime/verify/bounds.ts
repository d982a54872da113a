import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag, didYouMean } from '../../compiler/diagnostics/diagnostic.js';
import type { DriftPoint, ProjectionRuleError, ScoreComparison } from './comparison.js';

/** What a user may bound, and what each limit is of. */
export const BOUNDED: Readonly<Record<string, string>> = {
  score: 'the loss of score as a share of the magnitude of the first score',
  rule: 'the rms error of one step of every rule, in least steps of its weights',
  drift: 'the rms of the difference of the weights, at every point of the run',
};
export const BOUNDS: readonly string[] = Object.keys(BOUNDED);

/** Limits by name. */
export type Bounds = Readonly<Record<string, number>>;

/** What a bounded comparison measured. */
export interface Measured {
  readonly score: ScoreComparison | null;
  readonly oneStep: readonly ProjectionRuleError[];
  readonly drift: readonly DriftPoint[];
}

/** Reads `score=0.05`, … Throws PL5308 for unknown names, limits that are no numbers from 0, and repetitions: all of them. */
export function parseBounds(texts: readonly string[]): Bounds {
  const bag = new DiagnosticBag();
  const bounds: Record<string, number> = {};
  for (const text of texts) {
    const [name = '', value = '', ...more] = text.split('=').map((part) => part.trim());
    const limit = value === '' ? Number.NaN : Number(value);
    if (Object.hasOwn(bounds, name)) {
      bag.add(diagnostic('PL5308', `the bound \`${name}\` is given twice`));
    } else if (more.length > 0)
      bag.add(diagnostic('PL5308', `\`${text}\` is not of the form NAME=LIMIT`));
    else bounds[name] = limit;
  }
  reportBounds(bounds, bag);
  bag.finish();
  return bounds;
}

/** Refuses unknown names and limits that are no numbers from 0 (PL5308). */
export function checkBounds(bounds: Bounds): void {
  const bag = new DiagnosticBag();
  reportBounds(bounds, bag);
  bag.finish();
}

function reportBounds(bounds: Bounds, bag: DiagnosticBag): void {
  for (const [name, limit] of Object.entries(bounds)) {
    if (!BOUNDS.includes(name)) {
      const help = didYouMean(name, BOUNDS, 'known');
      bag.add(diagnostic('PL5308', `there is no bound \`${name}\``, { help }));
    } else if (!(limit >= 0 && limit < Infinity)) {
      bag.add(diagnostic('PL5308', `the limit of \`${name}\` is not a number from 0`));
    }
  }
}

/** The names of the bounds that the measurements pass. A score that could not be measured passes its bound. */
export function brokenBounds({ score, oneStep, drift }: Measured, bounds: Bounds): string[] {
  const passed: Readonly<Record<string, (limit: number) => boolean>> = {
    score: (limit) => score === null || -score.difference > limit * Math.abs(score.left),
    rule: (limit) => oneStep.some((e) => e.rmsSteps > limit),
    drift: (limit) => drift.some((point) => point.weights > limit),
  };
  return BOUNDS.filter((name) => bounds[name] !== undefined && passed[name]!(bounds[name]));
}
