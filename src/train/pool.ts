import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Tinypool from 'tinypool';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError, fail } from '../../compiler/diagnostics/diagnostic.js';
import { type EvaluationContext, type EvaluationJob, MemberJudge } from './evaluation.js';
import type { Judged } from './worker.js';

/** Where members are judged. */
export interface JudgePool {
  /** The fitnesses of a job's members, in order; rejects with the signal's reason when it aborts. */
  evaluate(job: EvaluationJob): Promise<number[]>;
  close(): Promise<void>;
}

/**
 * Makes a pool: in this thread for 0 workers, else that many worker threads. Results do not depend on the number.
 * Throws PL5108 for a number that is not a whole number from 0, or when the compiled worker is missing.
 */
export function createPool(
  context: EvaluationContext,
  workers: number,
  signal: AbortSignal | undefined,
): JudgePool {
  if (!Number.isInteger(workers) || workers < 0) {
    fail(
      diagnostic('PL5108', `the number of workers is ${workers}; it must be a whole number from 0`),
    );
  }
  // Made for threads too, so that a network that does not fit is refused here and not in each worker.
  const judge = new MemberJudge(context);
  return workers === 0 ? inThread(judge, signal) : threaded(context, workers, judge.lanes, signal);
}

function inThread(judge: MemberJudge, signal: AbortSignal | undefined): JudgePool {
  return {
    async evaluate({ sample, members, seed }) {
      const fitness: number[] = [];
      for (let first = 0; first < members.length; first += judge.lanes) {
        signal?.throwIfAborted();
        const share = members.slice(first, first + judge.lanes);
        fitness.push(...judge.judge({ sample, members: share, seed }));
        // Lets an abort (a key press, a closed connection) be heard between shares.
        if (signal) await turn();
      }
      return fitness;
    },
    async close() {},
  };
}

/** Jobs per worker and generation: enough to level out members of different cost. */
const SHARES = 4;

function threaded(
  context: EvaluationContext,
  workers: number,
  lanes: number,
  signal: AbortSignal | undefined,
): JudgePool {
  const pool = new Tinypool({
    filename: workerFile(),
    name: 'evaluateJob',
    runtime: 'worker_threads',
    minThreads: workers,
    maxThreads: workers,
    workerData: context,
  });
  return {
    async evaluate({ sample, members, seed }) {
      signal?.throwIfAborted();
      const even = Math.ceil(members.length / (workers * SHARES));
      const size = Math.max(1, Math.ceil(even / lanes)) * lanes;
      const shares: Promise<readonly number[]>[] = [];
      for (let first = 0; first < members.length; first += size) {
        const share: EvaluationJob = { sample, members: members.slice(first, first + size), seed };
        shares.push(pool.run(share).then(fitnessesOf));
      }
      return (await unlessAborted(Promise.all(shares), signal)).flat();
    },
    close: () => pool.destroy(),
  };
}

function fitnessesOf(judged: Judged): readonly number[] {
  if ('diagnostics' in judged) throw new DiagnosticsError(judged.diagnostics);
  return judged;
}

/** Waits for a result, or rejects as soon as the signal aborts; closing the pool ends what still runs. */
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
