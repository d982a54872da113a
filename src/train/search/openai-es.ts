import { type AdamState, adamAscend, adamStart } from './adam.js';
import { MirroredSearch } from './mirrored.js';
import { resumedAdam, withAdam } from './pgpe.js';
import { centredRanks } from './ranks.js';
import type { SearchOptions, SearchState } from './search.js';

/** Evolution strategies with a fixed deviation (Salimans et al. 2017): gradient `mean 0.5 (f+ − f−) z / σ`, Adam. */
export class OpenAiEs extends MirroredSearch {
  #adam: AdamState;

  constructor(options: SearchOptions, start: Float64Array, resumed?: SearchState) {
    super(options, start, resumed);
    this.#adam = resumed ? resumedAdam(resumed) : adamStart(start.length);
  }

  protected learn(fitness: ArrayLike<number>): void {
    const shaped = centredRanks(fitness);
    const { centre, sigma, pairs } = this;
    const gradient = new Float64Array(centre.length);
    for (let pair = 0; pair < pairs; pair++) {
      const difference = (0.5 * (shaped[2 * pair]! - shaped[2 * pair + 1]!)) / pairs;
      const noise = this.noiseOf(pair);
      for (let i = 0; i < centre.length; i++) {
        gradient[i] = gradient[i]! + (difference * noise[i]!) / sigma[i]!;
      }
    }
    this.#adam = adamAscend(this.#adam, centre, gradient, this.options.learningRate);
  }

  override state(): SearchState {
    return withAdam(super.state(), this.#adam);
  }
}
