/**
 * What surrounds a network, as equations: a machine that compiles them runs whole episodes without leaving generated code.
 * Everything is float64. A step shows the observation, runs the network, then runs the equations on its action. Whatever
 * does not depend on the action (noise, patterns, labels) is tabulated before the episode.
 */
export interface World {
  /**
   * One `neuron` in the language of equations, which reads its parameters and variables: `value` is the score of the
   * step. Every parameter is an action, a constant, a column, or has a default. Variables hold finite numbers.
   */
  readonly equations: string;
  /** Steps of every episode. */
  readonly steps: number;
  /** The names that the network is shown, in the order of its input. */
  readonly observation: readonly string[];
  /** The parameters that take the network's output, in its order. */
  readonly action: readonly string[];
  /** The parameters that keep their values through an episode, and the variables that do not begin as the equations say. */
  readonly constants: readonly string[];
  /** The parameters that have a value of their own in every step. */
  readonly columns: readonly string[];
  /** The variable that the rules of the next step read as `m`. */
  readonly modulator: string;
}

/** The numbers of one episode of a world. */
export interface WorldConditions {
  /** One per constant. */
  readonly constants: Float64Array;
  /** Steps × columns. */
  readonly table: Float64Array;
}

/** Whole episodes of every lane of a machine in a world. */
export interface LaneWorld {
  /**
   * Resets the machine and runs an episode; `seed` (32 bits) governs the machine's draws. A lane whose action is not finite
   * gets the score NaN and its world stands still; the episode ends when no lane goes on.
   */
  run(conditions: WorldConditions, seed: number, scores: Float64Array): void;
}
