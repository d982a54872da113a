import type { Inputs, LaneMachine } from '../network/machine.js';
import type { LaneWorld, WorldConditions } from '../network/world.js';
import { finite, portsFor } from './rollout.js';
import type { Episode, EpisodeSpec, Task } from './task.js';

interface KnownConditions {
  readonly seed: number;
  readonly conditions: WorldConditions;
}

/**
 * The lanes of a machine acting in one task: each lane meets an episode of its own, with the same spec and seed. A lane's
 * score is that of a Rollout of its network alone. An episode is one call of generated code where the task has
 * equations and the machine compiles them, else it goes step by step; a step allocates nothing.
 */
export class LaneRollout {
  /** The score of each lane in the last episode; NaN once its network gave an action that is not finite. */
  readonly scores: Float64Array;
  readonly #machine: LaneMachine;
  readonly #task: Task;
  readonly #output: string;
  readonly #observations: readonly Float64Array[];
  readonly #inputs: readonly (Inputs & { modulator: number })[];
  readonly #episodes: Episode[] = [];
  readonly #world: LaneWorld | undefined;
  /** The numbers of the last episodes of each spec: those of a generation, and those of its centre. */
  readonly #conditions = new Map<EpisodeSpec, readonly KnownConditions[]>();

  /**
   * `stepwise` asks for the slow way, which gives the same.
   *
   * @throws DiagnosticsError PL5103 when the machine's input and output do not have the task's sizes.
   */
  constructor(machine: LaneMachine, task: Task, options: { readonly stepwise?: boolean } = {}) {
    const [input, output] = portsFor(machine.shape, task);
    this.#machine = machine;
    this.#task = task;
    this.#output = output;
    this.scores = new Float64Array(machine.lanes);
    this.#observations = Array.from(
      { length: machine.lanes },
      () => new Float64Array(task.observationSize),
    );
    this.#inputs = this.#observations.map((values) => ({
      values: { [input]: values },
      modulator: 0,
    }));
    if (options.stepwise !== true && task.world) this.#world = machine.inhabit?.(task.world);
  }

  /** One whole episode in every lane; returns `scores`. */
  run(spec: EpisodeSpec, seed: number): Float64Array {
    if (this.#world) {
      this.#machine.learning = true;
      this.#world.run(this.#conditionsOf(spec, seed), seed, this.scores);
      return this.scores;
    }
    const { lanes } = this.#machine;
    for (let lane = 0; lane < lanes; lane++) {
      this.#episodes[lane] = this.#task.createEpisode(spec, seed);
    }
    this.#machine.learning = true;
    this.#machine.reset({ seed });
    this.scores.fill(0);
    for (let step = 0; step < this.#task.steps; step++) if (!this.#step()) break;
    return this.scores;
  }

  #conditionsOf(spec: EpisodeSpec, seed: number): WorldConditions {
    const known = this.#conditions.get(spec) ?? [];
    const found = known.find((k) => k.seed === seed);
    if (found && found === known[0]) return found.conditions;
    const last = found ?? { seed, conditions: this.#task.world!.conditions(spec, seed) };
    this.#conditions.set(spec, [last, ...known.filter((k) => k !== found)].slice(0, 2));
    return last.conditions;
  }

  /** One step; false when no lane goes on. */
  #step(): boolean {
    const { scores } = this;
    for (let lane = 0; lane < scores.length; lane++) {
      // A lane that has diverged keeps its last inputs; nobody looks at it any more.
      if (Number.isNaN(scores[lane])) continue;
      const episode = this.#episodes[lane]!;
      episode.observe(this.#observations[lane]!);
      this.#inputs[lane]!.modulator = episode.modulator;
    }
    this.#machine.step(this.#inputs);
    let going = false;
    for (let lane = 0; lane < scores.length; lane++) {
      if (Number.isNaN(scores[lane])) continue;
      const action = this.#machine.outputs(lane)[this.#output]!;
      scores[lane]! += finite(action) ? this.#episodes[lane]!.act(action) : Number.NaN;
      going ||= !Number.isNaN(scores[lane]);
    }
    return going;
  }
}
