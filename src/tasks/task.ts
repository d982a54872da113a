import type { World, WorldConditions } from '../network/world.js';

/**
 * One episode of a task, as data: what is fixed before it starts. `group` names the hidden condition that
 * scores are reported by (for instance the hidden body); `parameters` are read by the task alone.
 */
export interface EpisodeSpec {
  readonly label: string;
  readonly group: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A running episode. A step is `observe`, then `act`; neither allocates. */
export interface Episode {
  /** Writes the observation of this step (`observationSize` numbers) into `into`. */
  observe(into: Float64Array): void;
  /** Takes the action (`actionSize` numbers), moves the world on and returns the score of this step. */
  act(action: ArrayLike<number>): number;
  /** The reward after the last step; 0 before the first one. The next step's rules read it as `m`. */
  readonly modulator: number;
}

/** A task as equations, with the numbers of each of its episodes. */
export interface TaskWorld extends World {
  conditions(spec: EpisodeSpec, seed: number): WorldConditions;
}

/** A task with its variant chosen. An episode's score is the sum of its step scores; more is better. */
export interface Task {
  /** The canonical name, every variant written out: `hidden-dynamics:angles=2`. */
  readonly name: string;
  readonly about: string;
  readonly observationSize: number;
  readonly actionSize: number;
  /** Steps of every episode. */
  readonly steps: number;
  /** `train` is what a search sees; `test` holds conditions that it never sees. */
  readonly episodes: {
    readonly train: readonly EpisodeSpec[];
    readonly test: readonly EpisodeSpec[];
  };
  /** The task as equations, where it has them: the same episodes to the last bit, in generated code. */
  readonly world?: TaskWorld;
  /** Starts an episode; every random number of it is a draw of `seed` (32 bits). */
  createEpisode(spec: EpisodeSpec, seed: number): Episode;
}

/** A choice that a task offers, written `key=value` after its name. */
export interface TaskVariant {
  readonly key: string;
  readonly about: string;
  readonly values: readonly number[];
  readonly default: number;
}

/** A task with its variants still open. */
export interface TaskFamily {
  readonly name: string;
  readonly about: string;
  readonly variants: readonly TaskVariant[];
  /** Makes the task; `chosen` has a value for every variant. */
  create(chosen: Readonly<Record<string, number>>): Task;
}
