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

/** A part of a job: some of its members on some of the training episodes. */
export interface EvaluationShare extends EvaluationJob {
  readonly episodes: { readonly from: number; readonly to: number };
}

/** Judges members side by side. */
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

  /** Training episodes of the task. */
  get episodes(): number {
    return this.#task.episodes.train.length;
  }

  /** The fitnesses of members, in order; the same whatever others are judged with them. */
  judge(job: EvaluationJob): number[] {
    const { episodes } = this;
    const scores = this.scores({ ...job, episodes: { from: 0, to: episodes } });
    return job.members.map((_, m) => fitnessOf(scores.subarray(m * episodes, (m + 1) * episodes)));
  }

  /** The score of each member in each episode of a share, members × episodes. */
  scores({ sample, members, seed, episodes }: EvaluationShare): Float64Array {
    const { lanes } = this;
    const groups: (() => void)[] = [];
    for (let first = 0; first < members.length; first += lanes) {
      for (let lane = 0; lane < lanes; lane++) {
        // Lanes without a member of their own run the last one again.
        this.#load(sample, members[Math.min(first + lane, members.length - 1)]!, lane);
      }
      groups.push(this.#members.machine.keepInitial());
    }
    const count = episodes.to - episodes.from;
    const given = new Float64Array(members.length * count);
    // Episode by episode: what all members of a generation meet is made once.
    for (let i = 0; i < count; i++) {
      const episode = episodes.from + i;
      const spec = this.#task.episodes.train[episode]!;
      for (const [group, prepare] of groups.entries()) {
        prepare();
        const scores = this.#rollout.run(spec, episodeSeed(seed, episode));
        const own = Math.min(lanes, members.length - group * lanes);
        for (let lane = 0; lane < own; lane++) {
          given[(group * lanes + lane) * count + i] = scores[lane]!;
        }
      }
    }
    return given;
  }

  #load(sample: Sample, member: number, lane: number): void {
    if (this.#genome.length !== sample.centre.length) {
      this.#genome = new Float64Array(sample.centre.length);
    }
    const genome = member === CENTRE ? sample.centre : memberGenome(this.#genome, sample, member);
    this.#members.load(genome, lane);
  }
}

/** A fitness is the mean score over all training episodes of the task, in their order. */
export function fitnessOf(scores: Float64Array): number {
  let sum = 0;
  for (const score of scores) sum += score;
  return sum / scores.length;
}
