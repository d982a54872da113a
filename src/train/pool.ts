import { setImmediate as turn } from 'node:timers/promises';
import { serialize } from 'node:v8';
import {
  type EvaluationContext,
  type EvaluationJob,
  fitnessOf,
  MemberJudge,
} from './evaluation.js';
import type { WorkerThreads } from './threads.js';
import type { Batch } from './worker.js';

/** Where members are judged. */
export interface JudgePool {
  /** The fitnesses of each job's members, in order; rejects with the signal's reason when it aborts. */
  evaluate(jobs: readonly EvaluationJob[]): Promise<readonly (readonly number[])[]>;
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
 * members. `row` is that of the job's first member among the scores.
 */
function sharesOf(
  job: EvaluationJob,
  row: number,
  workers: number,
  { lanes, episodes }: MemberJudge,
): Batch['shares'] {
  const { members } = job;
  const groups = Math.ceil(members.length / lanes);
  if (groups < workers) {
    const size = Math.ceil(episodes / workers);
    return starts(episodes, size).map((from) => {
      return { ...job, row, episodes: { from, to: Math.min(episodes, from + size) } };
    });
  }
  const size = Math.ceil(groups / (workers * SHARES)) * lanes;
  return starts(members.length, size).map((first) => {
    const own = members.slice(first, first + size);
    return { ...job, row: row + first, members: own, episodes: { from: 0, to: episodes } };
  });
}

/** 0, `size`, 2 · `size`, … below `count`. */
const starts = (count: number, size: number): number[] =>
  Array.from({ length: Math.ceil(count / size) }, (_, i) => i * size);

function threaded(
  context: EvaluationContext,
  threads: WorkerThreads,
  judge: MemberJudge,
  signal: AbortSignal | undefined,
): JudgePool {
  const { episodes } = judge;
  const run = threads.nextRun();
  const bytes = shared(serialize(context));
  return {
    async evaluate(jobs) {
      signal?.throwIfAborted();
      const rows = jobs.map((_, j) => membersOf(jobs.slice(0, j)));
      const shares = jobs.flatMap((job, j) => sharesOf(job, rows[j]!, threads.count, judge));
      const scores = new Float64Array(new SharedArrayBuffer(8 * membersOf(jobs) * episodes));
      const taken = new Int32Array(new SharedArrayBuffer(4));
      const batch = { run, context: bytes, shares, taken, scores, episodes };
      await unlessAborted(threads.judge(batch), signal);
      return jobs.map(({ members }, j) =>
        members.map((_, m) => {
          const first = (rows[j]! + m) * episodes;
          return fitnessOf(scores.subarray(first, first + episodes));
        }),
      );
    },
  };
}

const membersOf = (jobs: readonly EvaluationJob[]): number =>
  jobs.reduce((sum, job) => sum + job.members.length, 0);

/** Bytes that threads read without a copy. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
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
