import { Worker } from 'node:worker_threads';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError, fail } from '../../compiler/diagnostics/diagnostic.js';
import { workerFile } from '../../runtime/worker-file.js';
import type { Batch, BatchAnswer } from './worker.js';

/** Threads that judge for one run after the other. */
export interface WorkerThreads {
  readonly count: number;
  /** A number for a new run. */
  nextRun(): number;
  /**
   * Has the shares of a batch judged, and its scores filled, by all threads together; one batch at a time.
   *
   * @throws DiagnosticsError when a thread refuses the run's context.
   */
  judge(batch: Batch): Promise<void>;
  /** Ends the threads, and what they are at. */
  close(): Promise<void>;
}

/**
 * Starts worker threads; none for 0, and runs judge in their own thread then.
 *
 * @throws DiagnosticsError PL5108 for a number that is not a whole number from 0, or when the compiled worker is missing.
 */
export function startThreads(count: number): WorkerThreads {
  if (!Number.isInteger(count) || count < 0) {
    fail(
      diagnostic('PL5108', `the number of workers is ${count}; it must be a whole number from 0`),
    );
  }
  const file = workerFile(import.meta.url, 'src/train', 'worker.js');
  const workers = Array.from({ length: count }, () => new Worker(file));
  let runs = 0;
  return {
    count,
    nextRun: () => runs++,
    judge: async (batch) => {
      await Promise.all(workers.map((worker) => ask(worker, batch)));
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** A message for a message: each costs more than a short episode, so that a batch is one. */
function ask(worker: Worker, batch: Batch): Promise<void> {
  return new Promise((resolve, reject) => {
    const answered = ({ diagnostics }: BatchAnswer): void => {
      worker.off('error', reject);
      if (diagnostics) reject(new DiagnosticsError(diagnostics));
      else resolve();
    };
    worker.once('message', answered);
    worker.once('error', reject);
    worker.postMessage(batch);
  });
}
