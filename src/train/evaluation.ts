import { LaneRollout } from '../tasks/lane-rollout.js';
import { taskOf } from '../tasks/registry.js';
import { episodeSeed } from '../tasks/rollout.js';
import type { Task } from '../tasks/task.js';
import { createMembers, type EvaluatorDescription } from './evaluator.js';
import type { MemberLanes } from './member-lanes.js';
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

/** Judges members side by side. A fitness is the mean score over all training episodes of the task. */
export class MemberJudge {
  readonly #task: Task;
  readonly #members: MemberLanes;
  readonly #rollout: LaneRollout;
  #genome = new Float64Array(0);

  constructor(context: EvaluationContext) {
    this.#task = taskOf(context.task);
    this.#members = createMembers(context.evaluator);
    this.#rollout = new LaneRollout(this.#members.machine, this.#task);
  }

  /** How many members are judged at once; fewer take as long. */
  get lanes(): number {
    return this.#members.machine.lanes;
  }

  /** The fitnesses of members, in order; the same whatever others are judged with them. */
  judge({ sample, members, seed }: EvaluationJob): number[] {
    const fitness: number[] = [];
    for (let first = 0; first < members.length; first += this.lanes) {
      fitness.push(...this.#judgeLanes(sample, members.slice(first, first + this.lanes), seed));
    }
    return fitness;
  }

  #judgeLanes(sample: Sample, members: readonly number[], seed: number): number[] {
    for (let lane = 0; lane < this.lanes; lane++) {
      // Lanes without a member of their own run the last one again.
      this.#load(sample, members[Math.min(lane, members.length - 1)]!, lane);
    }
    const { train } = this.#task.episodes;
    const sums = members.map(() => 0);
    for (let i = 0; i < train.length; i++) {
      const scores = this.#rollout.run(train[i]!, episodeSeed(seed, i));
      for (let lane = 0; lane < sums.length; lane++) sums[lane]! += scores[lane]!;
    }
    return sums.map((sum) => sum / train.length);
  }

  #load(sample: Sample, member: number, lane: number): void {
    if (this.#genome.length !== sample.centre.length) {
      this.#genome = new Float64Array(sample.centre.length);
    }
    const genome = member === CENTRE ? sample.centre : memberGenome(this.#genome, sample, member);
    this.#members.load(genome, lane);
  }
}
