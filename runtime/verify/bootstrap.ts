import { uniform } from '../../compiler/levels/numbers/draw.js';

export interface BootstrapOptions {
  /** 32 bits; governs the resampling. */
  readonly seed: number;
  /** 2000 when absent. */
  readonly resamples?: number;
  /** Between 0 and 1; 0.95 when absent. */
  readonly confidence?: number;
}

export interface MeanInterval {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number];
  readonly confidence: number;
}

/** The `projection` word of resampling draws: apart from networks and tasks. */
const RESAMPLING = 0x7a5c0001;

/**
 * The mean of values with its percentile bootstrap interval (Efron 1979): the quantiles of the means of samples of
 * the same size, drawn with replacement by `draw`. Needs at least one value.
 */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions): MeanInterval {
  const { seed, resamples = 2000, confidence = 0.95 } = options;
  const means = Array.from({ length: resamples }, (_, resample) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      const u = uniform(seed, RESAMPLING, resample, i, 0, 0);
      sum += values[Math.floor(u * values.length)]!;
    }
    return sum / values.length;
  }).sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, interval: [quantile(means, tail), quantile(means, 1 - tail)], confidence };
}

/** The quantile of sorted values, linear between neighbours (Hyndman and Fan 1996, definition 7). */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
