import {
  type Format,
  maximumOf,
  minimumOf,
  printFormat,
  toReal,
} from '../../levels/numbers/format.js';
import type { PassContext } from '../../pass.js';

type Range = readonly [number, number];

/**
 * Notes what became of a value: `seen` in the calibration, `proved` by interval analysis, in reals; `exact` where no bit is
 * ever dropped.
 */
export function noteFormat(
  context: PassContext,
  value: string,
  format: Format,
  {
    seen,
    proved,
    exact = false,
  }: { readonly seen: Range | null; readonly proved: Range | null; readonly exact?: boolean },
): void {
  const held: Range = [toReal(minimumOf(format), format), toReal(maximumOf(format), format)];
  const range = seen ?? proved;
  const largest = magnitudeOf(range ?? held);
  context.format({
    value,
    seen,
    proved,
    format: printFormat(format),
    relativeError: largest > 0 && !exact ? 2 ** (-format.fraction - 1) / largest : 0,
    saturations: range && range[0] >= held[0] && range[1] <= held[1] ? 0 : null,
  });
}

/** The range of a value in the calibration; null where it saw none. */
export function rangeSeen(
  context: PassContext,
  kind: 'variable' | 'weight' | 'synapse',
  owner: string,
  name: string,
): Range | null {
  const seen = context.calibration.find(kind, owner, name);
  return seen ? [seen.minimum, seen.maximum] : null;
}

const magnitudeOf = ([low, high]: Range): number => Math.max(Math.abs(low), Math.abs(high));
