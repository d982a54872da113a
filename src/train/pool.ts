import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import Tinypool from 'tinypool';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError, fail } from '../../compiler/diagnostics/diagnostic.js';
import {
  type EvaluationContext,
  type EvaluationJob,
  type EvaluationShare,
  fitnessOf,
  MemberJudge,
} from './evaluation.js';
import type { Judged, WorkerTask } from './worker.js';

/** Where members are judged. */
export interface JudgePool {
  /** The fitnesses of each job's members, in order; rejects with the signal's reason when it aborts. */
  evaluate(jobs: readonly EvaluationJob[]): Promise<readonly (readonly number[])[]>;
}

/** Threads that judge for one run after the other. */
export interface WorkerThreads {
  readonly count: number;
  /** A number for a new run. */
  nextRun(): number;
  run(task: WorkerTask): Promise<Judged>;
  close(): Promise<void>;
}

/**
 * Starts worker threads; none for 0, and runs judge in this thread then.
 *
 * @throws DiagnosticsError PL5108 for a number that is not a whole number from 0, or when the compiled worker is missing.
 */
export function startThreads(count: number): WorkerThreads {
  if (!Number.isInteger(count) || count < 0) {
    fail(
      diagnostic('PL5108', `the number of workers is ${count}; it must be a whole number from 0`),
    );
  }
  let runs = 0;
  const pool =
    count === 0
      ? undefined
      : new Tinypool({
          filename: workerFile(),
          name: 'evaluateShare',
          runtime: 'worker_threads',
          minThreads: count,
          maxThreads: count,
        });
  return {
    count,
    nextRun: () => runs++,
    run: async (task) => {
      if (!pool) throw new Error('there are no threads');
      return pool.run(task);
    },
    close: async () => pool?.destroy(),
  };
}

/** Judges on threads, or in this one where there are none. Results do not depend on the number. */
export function createPool(
  context: EvaluationContext,
  threads: WorkerThreads,
  signal: AbortSignal | undefined,
): JudgePool {
  // Made for threads too, so that a network that does not fit is refused here and not in each worker.
  const judge = new MemberJudge(context);
  return threads.count === 0 ? inThread(judge, signal) : threaded(context, threads, judge, signal);
}

function inThread(judge: MemberJudge, signal: AbortSignal | undefined): JudgePool {
  return {
    async evaluate(jobs) {
      const fitnesses: number[][] = [];
      for (const { sample, members, seed } of jobs) {
        const fitness: number[] = [];
        const size = GROUPS * judge.lanes;
        for (let first = 0; first < members.length; first += size) {
          signal?.throwIfAborted();
          const share = members.slice(first, first + size);
          fitness.push(...judge.judge({ sample, members: share, seed }));
          // Lets an abort (a key press, a closed connection) be heard between shares.
          if (signal) await turn();
        }
        fitnesses.push(fitness);
      }
      return fitnesses;
    },
  };
}

/** Lanes full of members that are judged between two looks at the signal. */
const GROUPS = 4;
/** Shares of a job per worker: enough to level out members of different cost. */
const SHARES = 2;

/**
 * Cuts a job for some workers: between members, each share a multiple of the lanes, or between episodes where there are too few
 * members.
 */
export function sharesOf(
  job: EvaluationJob,
  workers: number,
  { lanes, episodes }: Pick<MemberJudge, 'lanes' | 'episodes'>,
): readonly EvaluationShare[] {
  const { members } = job;
  const groups = Math.ceil(members.length / lanes);
  const shares: EvaluationShare[] = [];
  if (groups < workers) {
    const size = Math.ceil(episodes / workers);
    for (let from = 0; from < episodes; from += size) {
      shares.push({ ...job, episodes: { from, to: Math.min(episodes, from + size) } });
    }
    return shares;
  }
  const size = Math.ceil(groups / (workers * SHARES)) * lanes;
  for (let first = 0; first < members.length; first += size) {
    const own = members.slice(first, first + size);
    shares.push({ ...job, members: own, episodes: { from: 0, to: episodes } });
  }
  return shares;
}

function threaded(
  context: EvaluationContext,
  threads: WorkerThreads,
  judge: MemberJudge,
  signal: AbortSignal | undefined,
): JudgePool {
  const run = threads.nextRun();
  const bytes = shared(serialize(context));
  const scored = async (job: EvaluationJob): Promise<readonly number[]> => {
    const { episodes } = judge;
    const numbers = new Map(job.members.map((member, m) => [member, m]));
    const scores = new Float64Array(job.members.length * episodes);
    const work = sharesOf(job, threads.count, judge).map(async (share) => {
      const given = scoresOf(await threads.run({ run, context: bytes, share }));
      const count = share.episodes.to - share.episodes.from;
      for (const [i, member] of share.members.entries()) {
        const own = given.subarray(i * count, (i + 1) * count);
        scores.set(own, numbers.get(member)! * episodes + share.episodes.from);
      }
    });
    await Promise.all(work);
    return job.members.map((_, m) => fitnessOf(scores.subarray(m * episodes, (m + 1) * episodes)));
  };
  return {
    async evaluate(jobs) {
      signal?.throwIfAborted();
      return unlessAborted(Promise.all(jobs.map(scored)), signal);
    },
  };
}

/** Bytes that threads read without a copy. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function scoresOf(judged: Judged): Float64Array {
  if ('diagnostics' in judged) throw new DiagnosticsError(judged.diagnostics);
  return judged;
}

/** Waits for a result, or rejects as soon as the signal aborts; closing the threads ends what still runs. */
async function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The compiled worker: beside this file, or its twin under dist/ when this file runs from source. */
function workerFile(): string {
  const here = import.meta.url;
  const file = fileURLToPath(
    here.endsWith('.ts')
      ? new URL('../../dist/src/train/worker.js', here)
      : new URL('./worker.js', here),
  );
  if (!existsSync(file)) {
    fail(
      diagnostic('PL5108', 'the compiled worker is missing', {
        notes: [`looked for ${file}`],
        help: 'run `npm run build`, or train with 0 workers',
      }),
    );
  }
  return file;
}
