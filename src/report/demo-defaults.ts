import type { CompileOptions } from '../../compiler/pass.js';

export interface DemoOptions {
  readonly task: string;
  /** The chip on whose integers the rule is evolved. */
  readonly target: string;
  /** The chip that takes the float rule as it is. */
  readonly core: string;
  readonly hidden: number;
  readonly population: number;
  /** Generations of the float rule and of the static control. */
  readonly generations: number;
  /** Generations on the target's integers. */
  readonly onTarget: number;
  readonly seed: number;
  readonly workers: number;
  /** Steps of the exact comparison. */
  readonly steps: number;
  /** Paired seeds of the score comparison. */
  readonly seeds: number;
  readonly compile: Partial<CompileOptions>;
  /** The folder of the files. */
  readonly folder: string;
}

/** What `npm start` runs: about a minute and a half on two cores. */
export const DEMO_DEFAULTS: DemoOptions = {
  task: 'hidden-dynamics',
  target: 'loihi2',
  core: 'fpga:icebreaker',
  hidden: 32,
  population: 64,
  generations: 120,
  onTarget: 120,
  seed: 1,
  workers: 2,
  steps: 10_000,
  seeds: 20,
  compile: {},
  folder: 'plastron-out',
};
