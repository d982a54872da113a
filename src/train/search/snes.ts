import { exp } from '../../equations/functions/exp.js';
import { log } from '../../equations/functions/log.js';
import { MirroredSearch } from './mirrored.js';
import { ranksOf } from './ranks.js';
import type { SearchOptions, SearchState } from './search.js';

/**
 * Separable natural evolution strategies (Wierstra et al. 2014, Algorithm 6): utilities by rank, the centre moves by
 * `η σ Σ u z`, deviations by `exp(η_σ / 2 · Σ u (z² − 1))`.
 */
export class Snes extends MirroredSearch {
  constructor(options: SearchOptions, start: Float64Array, resumed?: SearchState) {
    super(options, start, resumed);
  }

  protected learn(fitness: ArrayLike<number>): void {
    const utility = utilities(fitness);
    const { centre, sigma, pairs, options } = this;
    const move = new Float64Array(centre.length);
    const spread = new Float64Array(centre.length);
    for (let pair = 0; pair < pairs; pair++) {
      const difference = utility[2 * pair]! - utility[2 * pair + 1]!;
      const sum = utility[2 * pair]! + utility[2 * pair + 1]!;
      const noise = this.noiseOf(pair);
      for (let i = 0; i < centre.length; i++) {
        const z = noise[i]!;
        move[i] = move[i]! + difference * z;
        spread[i] = spread[i]! + sum * (z * z - 1);
      }
    }
    for (let i = 0; i < centre.length; i++) {
      centre[i] = centre[i]! + options.learningRate * sigma[i]! * move[i]!;
      sigma[i] = sigma[i]! * exp(0.5 * options.sigmaLearningRate * spread[i]!);
    }
  }
}

/** `max(0, log(n / 2 + 1) − log k)` for the k-th best, scaled to sum 1, minus 1 / n; ties share by mean rank. */
function utilities(fitness: ArrayLike<number>): Float64Array {
  const n = fitness.length;
  const raw = ranksOf(fitness).map((rank) => Math.max(0, log(n / 2 + 1) - log(n - rank)));
  let total = 0;
  for (const value of raw) total += value;
  return raw.map((value) => value / total - 1 / n);
}
