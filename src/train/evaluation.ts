import { taskOf } from '../tasks/registry.js';
import { episodeSeed, Rollout } from '../tasks/rollout.js';
import type { Task } from '../tasks/task.js';
import { createEvaluator, type EvaluatorDescription, type MemberMachine } from './evaluator.js';
import { memberGenome, type Sample } from './search/sample.js';

/** What stays the same through a training run. */
export interface EvaluationContext {
  readonly task: string;
  readonly evaluator: EvaluatorDescription;
}

/** The centre of a sample, where a member's number is asked for. */
export const CENTRE = -1;

/** Members of one generation to be judged, all on the same episodes. */
export interface EvaluationJob {
  readonly sample: Sample;
  /** Numbers of members, or `CENTRE`. */
  readonly members: readonly number[];
  /** Every member meets the same episodes with the same draws (common random numbers). */
  readonly seed: number;
}

/** Judges members on one machine. A fitness is the mean score over all training episodes of the task. */
export class MemberJudge {
  readonly #task: Task;
  readonly #member: MemberMachine;
  readonly #rollout: Rollout;
  #genome = new Float64Array(0);

  constructor(context: EvaluationContext) {
    this.#task = taskOf(context.task);
    this.#member = createEvaluator(context.evaluator).create();
    this.#rollout = new Rollout(this.#member.machine, this.#task);
  }

  judge(sample: Sample, member: number, seed: number): number {
    if (this.#genome.length !== sample.centre.length) {
      this.#genome = new Float64Array(sample.centre.length);
    }
    const genome = member === CENTRE ? sample.centre : memberGenome(this.#genome, sample, member);
    this.#member.load(genome);
    const { train } = this.#task.episodes;
    let sum = 0;
    for (let i = 0; i < train.length; i++) {
      sum += this.#rollout.run(train[i]!, { seed: episodeSeed(seed, i) });
    }
    return sum / train.length;
  }
}
