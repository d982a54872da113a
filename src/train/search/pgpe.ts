import { type AdamState, adamAscend, adamStart } from './adam.js';
import { MirroredSearch } from './mirrored.js';
import { centredRanks } from './ranks.js';
import type { SearchOptions, SearchState } from './search.js';

/** A deviation changes by at most this fraction of itself in one generation. */
const LARGEST_SIGMA_CHANGE = 0.2;

/**
 * Policy gradients with parameter-based exploration (Sehnke et al. 2010), symmetric sampling, rank-shaped
 * fitness, Adam on the centre: Δμ from `mean 0.5 (f+ − f−) ε`, Δσ from `mean (f̄ − b)(ε² − σ²) / σ`, b the mean.
 */
export class Pgpe extends MirroredSearch {
  #adam: AdamState;

  constructor(options: SearchOptions, start: Float64Array, resumed?: SearchState) {
    super(options, start, resumed);
    this.#adam = resumed ? resumedAdam(resumed) : adamStart(start.length);
  }

  protected learn(fitness: ArrayLike<number>): void {
    const shaped = centredRanks(fitness);
    const { centre, sigma, pairs } = this;
    const gradient = new Float64Array(centre.length);
    const sigmaGradient = new Float64Array(centre.length);
    for (let pair = 0; pair < pairs; pair++) {
      const plus = shaped[2 * pair]!;
      const minus = shaped[2 * pair + 1]!;
      const noise = this.noiseOf(pair);
      const difference = (0.5 * (plus - minus)) / pairs;
      // Centred ranks have mean 0, so the baseline b is 0.
      const average = (0.5 * (plus + minus)) / pairs;
      for (let i = 0; i < centre.length; i++) {
        const z = noise[i]!;
        gradient[i] = gradient[i]! + difference * sigma[i]! * z;
        sigmaGradient[i] = sigmaGradient[i]! + average * sigma[i]! * (z * z - 1);
      }
    }
    this.#adam = adamAscend(this.#adam, centre, gradient, this.options.learningRate);
    for (let i = 0; i < sigma.length; i++) {
      const limit = LARGEST_SIGMA_CHANGE * sigma[i]!;
      const change = this.options.sigmaLearningRate * sigmaGradient[i]!;
      sigma[i] = sigma[i]! + Math.max(-limit, Math.min(limit, change));
    }
  }

  override state(): SearchState {
    return withAdam(super.state(), this.#adam);
  }
}

/** Adds Adam's moments to a state. */
export function withAdam(state: SearchState, adam: AdamState): SearchState {
  return {
    ...state,
    scalars: { ...state.scalars, steps: adam.steps },
    arrays: { ...state.arrays, first: adam.first.slice(), second: adam.second.slice() },
  };
}

/** Reads Adam's moments back. */
export function resumedAdam(state: SearchState): AdamState {
  return {
    first: state.arrays['first']!.slice(),
    second: state.arrays['second']!.slice(),
    steps: state.scalars['steps']!,
  };
}
