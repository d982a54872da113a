import { createPairNoise, type PairNoise, pairNoise } from './noise.js';
import { memberGenome, type Sample } from './sample.js';
import type { Search, SearchOptions, SearchState } from './search.js';

/** What the searches share: a centre, a deviation per parameter, mirrored pairs, and the generation count. */
export abstract class MirroredSearch implements Search {
  readonly centre: Float64Array;
  protected readonly sigma: Float64Array;
  protected readonly pairs: number;
  readonly #noise: PairNoise;
  #generation: number;

  constructor(
    protected readonly options: SearchOptions,
    start: Float64Array,
    resumed: SearchState | undefined,
  ) {
    this.centre = (resumed?.arrays['centre'] ?? start).slice();
    this.sigma =
      resumed?.arrays['sigma']?.slice() ?? new Float64Array(start.length).fill(options.sigma);
    this.#generation = resumed?.generation ?? 0;
    this.pairs = options.population / 2;
    this.#noise = createPairNoise(this.pairs, start.length);
  }

  get sample(): Sample {
    const { centre, sigma } = this;
    const { seed } = this.options;
    return { seed, generation: this.#generation, centre, sigma, noise: this.#noise };
  }

  ask(): Float64Array[] {
    return Array.from({ length: this.options.population }, (_, member) =>
      memberGenome(new Float64Array(this.centre.length), this.sample, member),
    );
  }

  tell(fitness: ArrayLike<number>): void {
    this.learn(fitness);
    this.#generation++;
  }

  state(): SearchState {
    return {
      generation: this.#generation,
      scalars: {},
      arrays: { centre: this.centre.slice(), sigma: this.sigma.slice() },
    };
  }

  /** The standard normal numbers of a pair of this generation; overwritten in the next. */
  protected noiseOf(pair: number): Float64Array {
    return pairNoise(this.#noise, this.options.seed, this.#generation, pair);
  }

  /** Moves centre and deviations, given the fitnesses of the members in order. */
  protected abstract learn(fitness: ArrayLike<number>): void;
}
