import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError, fail } from '../../compiler/diagnostics/diagnostic.js';
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
  const workers = Array.from({ length: count }, () => new Worker(workerFile()));
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
