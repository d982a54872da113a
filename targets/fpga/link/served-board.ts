import type { Worker } from 'node:worker_threads';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { within } from '../../../runtime/deadline.js';
import { PortLink } from '../../../runtime/link/port-link.js';
import type { SynchronousLink } from '../../../runtime/link/synchronous.js';
import type { BoardMessage } from './board-worker.js';

/** A port that was opened, and how it is let go. */
export interface OpenPort {
  readonly link: SynchronousLink;
  close(): Promise<void>;
}

/** A board at a pseudo-terminal, which any host opens as a serial port. */
export interface ServedBoard {
  readonly path: string;
  /** Settles with what went wrong where it ends before it is stopped. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** A board that has started; `ended` settles with the reason, whoever ends it. */
export function servedAt(
  path: string,
  ended: Promise<string>,
  stop: () => Promise<void>,
): ServedBoard {
  let isStopped = false;
  return {
    path,
    failed: new Promise((resolve) => {
      void ended.then((reason) => isStopped || resolve(reason));
    }),
    stop: () => {
      isStopped = true;
      return stop();
    },
  };
}

/** Milliseconds in which a board starts, and is switched off. */
export const SERVING = 10_000;

/** Opens a served board; it is stopped when its port is closed, or cannot be opened. Throws as `PortLink`. */
export async function portOf(served: ServedBoard, baud: number, name: string): Promise<OpenPort> {
  try {
    const link = new PortLink(served.path, baud, name);
    return {
      link,
      close: async () => {
        link.close();
        await served.stop();
      },
    };
  } catch (error) {
    await served.stop();
    throw error;
  }
}

/**
 * The board of a thread that runs board-worker.ts; undefined where there are no pseudo-terminals. What it holds when it is stopped goes
 * to `keep`; where it cannot be asked any more, `stop` throws PL6016.
 */
export async function servedBy(
  worker: Worker,
  keep: (words: Uint32Array) => void,
  milliseconds = SERVING,
): Promise<ServedBoard | undefined> {
  const ended = new Promise<string>((resolve) => {
    worker.once('error', (error) => resolve(`${error}`));
    worker.once('exit', (code) => resolve(`its thread ended with ${code}`));
  });
  const heard = (then: string): Promise<BoardMessage> => {
    const lost = (reason: string): never =>
      fail(diagnostic('PL6016', `the virtual board is gone (${reason}): ${then}`));
    const message = new Promise<BoardMessage>((resolve) => worker.once('message', resolve));
    return within(Promise.race([message, ended.then(lost)]), milliseconds, () =>
      lost(`it says nothing for ${milliseconds / 1000} s`),
    );
  };
  let path: string | undefined;
  try {
    const first = await heard('it did not start');
    if (first.kind === 'ready') path = first.path;
  } finally {
    if (path === undefined) await worker.terminate();
  }
  if (path === undefined) return undefined;
  return servedAt(path, ended, async () => {
    try {
      worker.postMessage('off');
      const message = await heard('what it held is not kept');
      if (message.kind === 'off') keep(message.words);
    } finally {
      await worker.terminate();
    }
  });
}
