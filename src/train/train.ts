import { extremesOf } from '../../compiler/analysis/extremes.js';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { draw } from '../../compiler/levels/numbers/draw.js';
import type { Network } from '../network/network.js';
import { printNetwork } from '../network/text.js';
import { taskOf } from '../tasks/registry.js';
import type { Task } from '../tasks/task.js';
import {
  type BestCentre,
  type Checkpoint,
  type GenerationRecord,
  writeCheckpoint,
} from './checkpoint.js';
import { CENTRE, type EvaluationJob } from './evaluation.js';
import { type EvaluatorDescription, evaluatorLabel } from './evaluator.js';
import { genomeOf, synapseUpdatesPerStep, withGenome } from './genome.js';
import { createPool, type JudgePool } from './pool.js';
import { checkResumable, type RunIdentity } from './resume.js';
import { createSearch } from './search/create.js';
import type { Search, SearchOptions } from './search/search.js';
import { startThreads, type WorkerThreads } from './threads.js';

export interface TrainOptions {
  /** A TASK text, such as `hidden-dynamics:angles=4`. */
  readonly task: string;
  /** What is trained, and where the search starts (`genomeOf`). */
  readonly network: Network;
  readonly search: SearchOptions;
  /** In all, those before a resumed checkpoint included. */
  readonly generations: number;
  /** Worker threads; 0 runs in this thread. The result does not depend on it. */
  readonly workers: number;
  /** Threads that several runs share, one after the other; then `workers` is not read, and the caller closes them. */
  readonly threads?: WorkerThreads;
  /** What members run on; float32 on generated code when absent. */
  readonly evaluator?: EvaluatorDescription;
  /** A file to save to after every generation. */
  readonly checkpoint?: string;
  /** A run to go on with; its task, network, evaluator and search options must be these. */
  readonly resume?: Checkpoint;
}

/** What one generation gave, and how fast. Times are in seconds of the caller's clock. */
export interface Progress extends GenerationRecord {
  /** Generations done, of `generations`. */
  readonly generation: number;
  readonly generations: number;
  /** Score of the best centre so far. */
  readonly best: number;
  /** Episodes and synapse updates of this call so far. */
  readonly episodes: number;
  readonly synapseUpdates: number;
  readonly seconds: number;
  readonly episodesPerSecond: number;
  readonly etaSeconds: number;
}

export interface TrainHooks {
  /** Seconds since any moment. */
  readonly clock: () => number;
  readonly progress?: (progress: Progress) => void;
  /** Hears of what is done otherwise than the network says, before the run. */
  readonly report?: (diagnostic: Diagnostic) => void;
  /** Aborting ends the run after the last finished generation. */
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  readonly interrupted: boolean;
  /** The network with the best centre seen. */
  readonly network: Network;
  /** Score of that centre on the run's fixed episodes; NaN when none has been judged. */
  readonly best: number;
  /** Mean fitness of the last generation's members; NaN when there is none. */
  readonly mean: number;
  readonly generations: number;
  readonly history: readonly GenerationRecord[];
  readonly checkpoint: Checkpoint;
  readonly episodes: number;
  readonly synapseUpdates: number;
  readonly seconds: number;
}

/**
 * Searches for the genome of a network that scores best in a task. The same options give the same result for any
 * number of workers and any number of interruptions. Throws PL5101 and PL5102 (task), PL5103 (sizes), PL5105
 * (search), PL5107 (resume), PL5108 (workers), PL4014 and PL4015 (checkpoint file).
 */
export async function train(options: TrainOptions, hooks: TrainHooks): Promise<TrainResult> {
  const run = new TrainingRun(options, hooks);
  const evaluator = options.evaluator ?? { kind: 'float', network: options.network };
  const threads = options.threads ?? startThreads(options.workers);
  try {
    return await run.finish(createPool({ task: options.task, evaluator }, threads, hooks.signal));
  } finally {
    if (!options.threads) await threads.close();
  }
}

/** The words of seeds that a run draws from its own: episodes of a generation, episodes of the centre. */
const GENERATION_EPISODES = 0;
const CENTRE_EPISODES = 1;

class TrainingRun {
  readonly #options: TrainOptions;
  readonly #hooks: TrainHooks;
  readonly #task: Task;
  readonly #search: Search;
  readonly #started: number;
  readonly #identity: RunIdentity;
  readonly #updatesPerEpisode: number;
  readonly #history: GenerationRecord[];
  #best: BestCentre | undefined;
  #episodes = 0;

  constructor(options: TrainOptions, hooks: TrainHooks) {
    const { resume } = options;
    this.#options = options;
    this.#hooks = hooks;
    this.#started = hooks.clock();
    this.#task = taskOf(options.task);
    const start = genomeOf(options.network).values;
    this.#identity = identityOf(options, this.#task);
    if (resume) checkResumable(resume, this.#identity);
    this.#search = createSearch(options.search, start, resume?.state);
    this.#history = [...(resume?.history ?? [])];
    this.#best = resume?.best;
    this.#updatesPerEpisode = this.#task.steps * synapseUpdatesPerStep(options.network);
  }

  /** Runs the generations that are left, then judges the last centre. */
  async finish(pool: JudgePool): Promise<TrainResult> {
    const { generations } = this.#options;
    try {
      while (this.#generation < generations) await this.#oneGeneration(pool);
      const job = { members: [CENTRE], seed: this.#centreSeed };
      const [scores] = await this.#judge(pool, [job]);
      this.#keepBest(scores![0]!);
      this.#save();
      return this.#result(false);
    } catch (error) {
      if (this.#hooks.signal?.aborted !== true) throw error;
      this.#save();
      return this.#result(true);
    }
  }

  get #generation(): number {
    return this.#search.sample.generation;
  }

  get #centreSeed(): number {
    return draw(this.#options.search.seed, 0, 0, 0, 0, CENTRE_EPISODES);
  }

  async #oneGeneration(pool: JudgePool): Promise<void> {
    const { population, seed } = this.#options.search;
    const members = Array.from({ length: population }, (_, i) => i);
    const episodes = draw(seed, 0, 0, 0, this.#generation, GENERATION_EPISODES);
    const [fitness, centres] = await this.#judge(pool, [
      { members, seed: episodes },
      { members: [CENTRE], seed: this.#centreSeed },
    ]);
    const centre = centres![0]!;
    this.#keepBest(centre);
    this.#search.tell(fitness!);
    const sigma = meanOf(this.#search.sample.sigma);
    const measured = fitness!.filter((f) => Number.isFinite(f));
    const record: GenerationRecord = {
      mean: meanOf(measured),
      top: measured.length === 0 ? Number.NaN : extremesOf(measured)[1],
      diverged: fitness!.length - measured.length,
      centre,
      sigma,
    };
    this.#history.push(record);
    this.#save();
    this.#report(record);
  }

  async #judge(
    pool: JudgePool,
    jobs: readonly Omit<EvaluationJob, 'sample'>[],
  ): Promise<readonly (readonly number[])[]> {
    const { sample } = this.#search;
    const fitnesses = await pool.evaluate(jobs.map((job) => ({ ...job, sample })));
    const members = jobs.reduce((sum, job) => sum + job.members.length, 0);
    this.#episodes += members * this.#task.episodes.train.length;
    return fitnesses;
  }

  #keepBest(score: number): void {
    if (!Number.isFinite(score)) return;
    if (this.#best !== undefined && score <= this.#best.score) return;
    const genome = this.#search.centre.slice();
    this.#best = { score, generation: this.#generation, genome };
  }

  #save(): void {
    const { checkpoint } = this.#options;
    if (checkpoint !== undefined) writeCheckpoint(checkpoint, this.#checkpoint());
  }

  #checkpoint(): Checkpoint {
    return {
      ...this.#identity,
      state: this.#search.state(),
      best: this.#best,
      history: this.#history,
    };
  }

  #report(record: GenerationRecord): void {
    const { generations, resume } = this.#options;
    const seconds = this.#hooks.clock() - this.#started;
    const generation = this.#generation;
    const done = generation - (resume?.state.generation ?? 0);
    this.#hooks.progress?.({
      ...record,
      generation,
      generations,
      best: this.#best?.score ?? Number.NaN,
      episodes: this.#episodes,
      synapseUpdates: this.#episodes * this.#updatesPerEpisode,
      seconds,
      episodesPerSecond: seconds > 0 ? this.#episodes / seconds : 0,
      etaSeconds: (seconds / done) * (generations - generation),
    });
  }

  #result(interrupted: boolean): TrainResult {
    const { network } = this.#options;
    return {
      interrupted,
      network: withGenome(network, this.#best?.genome ?? this.#search.centre),
      best: this.#best?.score ?? Number.NaN,
      mean: this.#history.at(-1)?.mean ?? Number.NaN,
      generations: this.#generation,
      history: this.#history,
      checkpoint: this.#checkpoint(),
      episodes: this.#episodes,
      synapseUpdates: this.#episodes * this.#updatesPerEpisode,
      seconds: this.#hooks.clock() - this.#started,
    };
  }
}

function identityOf({ network, evaluator, search }: TrainOptions, task: Task): RunIdentity {
  return {
    task: task.name,
    network: printNetwork(network),
    evaluator: evaluator ? evaluatorLabel(evaluator) : 'float',
    search,
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? Number.NaN : sum / values.length;
}
