import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import { draw } from '../../compiler/levels/numbers/draw.js';
import type { Machine, MachineShape } from '../network/machine.js';
import { applyInjuries, maskAction, type PreparedInjury } from './injury.js';
import { TASK_STREAM } from './noise.js';
import type { Episode, EpisodeSpec, Task } from './task.js';

export interface EpisodeOptions {
  /** 32 bits; governs the task's draws and the machine's. */
  readonly seed: number;
  readonly injuries?: readonly PreparedInjury[];
  /** False freezes every rule for the whole episode; true when absent. */
  readonly learning?: boolean;
}

const NO_INJURIES: readonly PreparedInjury[] = [];

/**
 * A machine acting in a task, one step at a time: injuries, observation, network step, action. Buffers are made at
 * construction and reused by every episode; a step allocates nothing while no injury is active.
 */
export class Rollout {
  /** The observation that the current step gave, `observationSize` numbers. */
  readonly observation: Float64Array;
  /** Steps done in this episode. */
  steps = 0;
  /** The sum of the step scores so far; NaN once the network gave an action that is not finite. */
  score = 0;
  readonly #machine: Machine;
  readonly #task: Task;
  readonly #output: string;
  readonly #masked: Float64Array;
  readonly #inputs: { readonly values: Record<string, Float64Array>; modulator: number };
  #episode: Episode | undefined;
  #injuries = NO_INJURIES;

  /** Throws PL5103 when the machine's input and output do not have the task's sizes. */
  constructor(machine: Machine, task: Task) {
    const [input, output] = portsFor(machine.shape, task);
    this.#machine = machine;
    this.#task = task;
    this.#output = output;
    this.observation = new Float64Array(task.observationSize);
    this.#masked = new Float64Array(task.actionSize);
    this.#inputs = { values: { [input]: this.observation }, modulator: 0 };
  }

  /** Resets the machine and begins an episode. */
  start(spec: EpisodeSpec, options: EpisodeOptions): void {
    const { seed, injuries = NO_INJURIES, learning = true } = options;
    this.#episode = this.#task.createEpisode(spec, seed);
    this.#injuries = injuries;
    this.#machine.learning = learning;
    this.#machine.reset({ seed });
    this.steps = 0;
    this.score = 0;
  }

  /** True after the last step, or after a step whose action was not finite: such an episode ends there. */
  get done(): boolean {
    return this.steps >= this.#task.steps || Number.isNaN(this.score);
  }

  /** One step; returns its score. Calling it before `start` is a bug. */
  step(): number {
    const episode = this.#episode;
    if (episode === undefined) throw new Error('step before start');
    const machine = this.#machine;
    const injuries = this.#injuries;
    applyInjuries(machine, injuries, this.steps);
    episode.observe(this.observation);
    this.#inputs.modulator = episode.modulator;
    const action = machine.step(this.#inputs)[this.#output]!;
    const score = finite(action)
      ? episode.act(maskAction(action, this.#masked, injuries, this.steps))
      : Number.NaN;
    this.steps++;
    this.score += score;
    return score;
  }

  /** A whole episode; returns its score (NaN: see `score`). */
  run(spec: EpisodeSpec, options: EpisodeOptions): number {
    this.start(spec, options);
    while (!this.done) this.step();
    return this.score;
  }
}

/** Whether every number of an action is one. */
export function finite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** Runs one episode and returns its score. */
export function runEpisode(
  machine: Machine,
  task: Task,
  spec: EpisodeSpec,
  options: EpisodeOptions,
): number {
  return new Rollout(machine, task).run(spec, options);
}

/** Scores of episodes, whole and by group. */
export interface EpisodeScores {
  readonly mean: number;
  /** One per episode, in the order of the specs. */
  readonly scores: readonly number[];
  readonly groups: readonly {
    readonly group: string;
    readonly mean: number;
    readonly episodes: number;
  }[];
}

/**
 * Runs every spec once. Episode i gets the seed `episodeSeed(seed, i)`, so that two machines given the same specs
 * and seed meet the same episodes.
 */
export function runEpisodes(
  machine: Machine,
  task: Task,
  specs: readonly EpisodeSpec[],
  options: EpisodeOptions,
): EpisodeScores {
  const rollout = new Rollout(machine, task);
  const scores = specs.map((spec, i) =>
    rollout.run(spec, { ...options, seed: episodeSeed(options.seed, i) }),
  );
  return summarize(specs, scores);
}

/** The seed of the i-th episode of a set. */
export function episodeSeed(seed: number, index: number): number {
  return draw(seed, TASK_STREAM, index, 0, 0, 2);
}

function summarize(specs: readonly EpisodeSpec[], scores: readonly number[]): EpisodeScores {
  const names = [...new Set(specs.map((s) => s.group))];
  const groups = names.map((group) => {
    const own = scores.filter((_, i) => specs[i]!.group === group);
    return { group, mean: meanOf(own), episodes: own.length };
  });
  return { mean: meanOf(scores), scores, groups };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);

/** The names of the input and the output of a machine that fits a task; PL5103 otherwise. */
export function portsFor(
  { inputs, outputs }: MachineShape,
  task: Task,
): readonly [input: string, output: string] {
  const [input] = inputs;
  const [output] = outputs;
  const fits =
    inputs.length === 1 &&
    outputs.length === 1 &&
    input?.size === task.observationSize &&
    output?.size === task.actionSize;
  if (fits) return [input.name, output.name];
  const sizes = (ports: readonly { readonly size: number }[]): string =>
    ports.map((p) => p.size).join(' + ') || 'none';
  fail(
    diagnostic('PL5103', `this network does not fit the task \`${task.name}\``, {
      notes: [
        `the task gives ${task.observationSize} numbers and takes ${task.actionSize}`,
        `the network takes ${sizes(inputs)} and gives ${sizes(outputs)}`,
      ],
      help: 'give the task that the network was trained on, or train a network for this one',
    }),
  );
}
