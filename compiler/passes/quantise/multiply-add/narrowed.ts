import { convert, type Ranged } from '../../../analysis/ranged.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import { type Format, formatOfRange } from '../../../levels/numbers/format.js';

/** The value in a format, or in a narrower one where nothing beyond it can come. */
export function narrowedTo(
  sum: Ranged,
  format: Format,
  rounding: 'nearest' | 'floor',
  origin: Span,
): Ranged {
  const made = convert(sum, format, rounding, 'saturate', origin);
  const tight = formatOfRange(made.low, made.high, format.fraction);
  return { ...made, e: { ...made.e, format: tight } };
}
