import { uniform } from '../../compiler/levels/numbers/draw.js';

export interface BootstrapOptions {
  /** 32 bits; governs the resampling. */
  readonly seed: number;
  /** 2000 when absent. */
  readonly resamples?: number;
  /** Between 0 and 1; 0.95 when absent. */
  readonly confidence?: number;
}

/** The `projection` word of resampling draws: apart from networks and tasks. */
const RESAMPLING = 0x7a5c0001;

/**
 * The percentile bootstrap interval of a mean (Efron 1979): quantiles of the means of samples of the same size, drawn
 * with replacement by `draw`. Needs at least one value.
 */
export function bootstrapInterval(
  values: readonly number[],
  { seed, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
): readonly [low: number, high: number] {
  const means = Array.from({ length: resamples }, (_, resample) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum += values[Math.floor(uniform(seed, RESAMPLING, resample, i, 0, 0) * values.length)]!;
    }
    return sum / values.length;
  }).sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  return [quantile(means, tail), quantile(means, 1 - tail)];
}

/** The quantile of sorted values, linear between neighbours (Hyndman and Fan 1996, definition 7). */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** The mean of at least one value. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
