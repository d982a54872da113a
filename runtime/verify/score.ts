import { draw } from '../../compiler/levels/numbers/draw.js';
import type { Machine } from '../../src/network/machine.js';
import { runEpisodes } from '../../src/tasks/rollout.js';
import type { Task } from '../../src/tasks/task.js';

/** Task scores of two machines over the same seeds. */
export interface ScoreComparison {
  readonly left: number;
  readonly right: number;
  /** right − left. */
  readonly difference: number;
  /** 95 % bootstrap interval of the difference. */
  readonly interval: readonly [number, number];
  readonly seeds: number;
}

/** Mean scores over the test episodes of `seeds` paired seeds, with a bootstrap interval of their difference. */
export function compareScores(
  left: Machine,
  right: Machine,
  task: Task,
  options: { readonly seeds: number; readonly seed: number },
): ScoreComparison {
  const pairs = Array.from({ length: options.seeds }, (_, i) => {
    const seed = draw(options.seed, 0, i, 0, 0, 0);
    const specs = task.episodes.test;
    return [runEpisodes(left, task, specs, { seed }).mean, runEpisodes(right, task, specs, { seed }).mean] as const;
  });
  const differences = pairs.map(([a, b]) => b - a);
  return {
    left: mean(pairs.map((p) => p[0])),
    right: mean(pairs.map((p) => p[1])),
    difference: mean(differences),
    interval: bootstrapInterval(differences, options.seed),
    seeds: options.seeds,
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

const RESAMPLES = 2000;

/** The 2.5 % and 97.5 % percentiles of the mean over 2,000 resamples with replacement (Efron 1979); draws by `draw`. */
export function bootstrapInterval(values: readonly number[], seed: number): [number, number] {
  const means = Array.from({ length: RESAMPLES }, (_, r) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum += values[Math.floor((draw(seed, 1, r, i, 0, 0) / 2 ** 32) * values.length)]!;
    }
    return sum / values.length;
  }).sort((a, b) => a - b);
  return [means[Math.floor(RESAMPLES * 0.025)]!, means[Math.ceil(RESAMPLES * 0.975) - 1]!];
}
