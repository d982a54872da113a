import type { Sample } from './sample.js';

/** Everything that a search carries from one generation to the next. */
export interface SearchState {
  readonly generation: number;
  /** Numbers of the method that are not per parameter, by name. */
  readonly scalars: Readonly<Record<string, number>>;
  /** One array per quantity, `centre` and `sigma` among them. */
  readonly arrays: Readonly<Record<string, Float64Array>>;
}

/**
 * A black-box search that maximises fitness. `ask` and `tell` alternate; members come in mirrored pairs and are
 * functions of `sample`, so whoever holds it can make any member.
 */
export interface Search {
  readonly centre: Float64Array;
  readonly sample: Sample;
  /** All members of this generation, in order. */
  ask(): Float64Array[];
  /** Their fitnesses, in order; moves on to the next generation. */
  tell(fitness: ArrayLike<number>): void;
  state(): SearchState;
}

export const SEARCH_METHODS = ['pgpe', 'openai-es', 'snes'] as const;
export type SearchMethod = (typeof SEARCH_METHODS)[number];

/** What a search needs besides its starting centre. */
export interface SearchOptions {
  readonly method: SearchMethod;
  /** Members of a generation: an even number, at least 4. */
  readonly population: number;
  /** 32 bits. */
  readonly seed: number;
  /** Starting deviation of every parameter; more than 0. */
  readonly sigma: number;
  /** Of the centre: Adam's for `pgpe` and `openai-es`, the natural step for `snes`. */
  readonly learningRate: number;
  /** Of the deviations, where the method adapts them. */
  readonly sigmaLearningRate: number;
}
