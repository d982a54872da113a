import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Program } from '../../../compiler/levels/program/program.js';
import { MemoryLink } from '../../../runtime/link/memory-link.js';
import { PortLink } from '../../../runtime/link/port-link.js';
import type { SynchronousLink } from '../../../runtime/link/synchronous.js';
import { workerFile } from '../../../runtime/worker-file.js';
import { clockOf } from '../bitstream/top.js';
import { boardNamed } from '../boards/index.js';
import type { CoreConfiguration } from '../configuration.js';
import { configurationOf } from '../encode/parameters.js';
import type { Environment } from '../simulate/simulator.js';
import type { BoardMessage, BoardThreadData } from './board-worker.js';
import { type CoreIdentity, identityOf } from './identity.js';
import { addressesOfAll, VirtualBoard } from './virtual-board.js';
import { readStored, type StoredBoard, storeOf, writeStored } from './virtual-store.js';

/** A port that was opened, and how it is let go. */
export interface OpenPort {
  readonly link: SynchronousLink;
  close(): Promise<void>;
}

/** What a virtual board is called. */
export const VIRTUAL = 'virtual';

/**
 * Switches the virtual board on: the one that was kept, or, where `isLoaded`, one with the bitstream of a Program. It is reached over
 * a pseudo-terminal where there is one, else in memory. What it holds is kept when the port is closed.
 */
export async function openVirtual(
  program: Program,
  board: string,
  isLoaded: boolean,
  environment: Environment,
): Promise<OpenPort> {
  const file = storeOf(environment);
  const kept = readStored(file);
  const wanted = { board, parameters: program.parameters };
  const fits = kept !== undefined && sameCore(kept, wanted);
  const chosen = fits || (kept && !isLoaded) ? kept : { ...wanted, words: undefined };
  const configuration = configurationOf(chosen);
  const facts = boardNamed(chosen.board);
  const identity = identityOf(facts, configuration, clockOf(facts));
  const words = wholeOf(chosen.words, configuration);
  const keep = (left: Uint32Array): void => writeStored(file, { ...chosen, words: left });
  const { baud } = facts.usb;
  return (
    (await onTerminal({ identity, configuration, words }, baud, keep)) ??
    inMemory({ identity, configuration, words }, baud, keep)
  );
}

const sameCore = (kept: StoredBoard, wanted: Omit<StoredBoard, 'words'>): boolean =>
  kept.board === wanted.board &&
  JSON.stringify(kept.parameters) === JSON.stringify(wanted.parameters);

/** The words of a board, where they are as many as its core has. */
function wholeOf(
  words: Uint32Array | undefined,
  configuration: CoreConfiguration,
): Uint32Array | undefined {
  return words?.length === addressesOfAll(configuration).length ? words : undefined;
}

async function onTerminal(
  workerData: BoardThreadData,
  baud: number,
  keep: (words: Uint32Array) => void,
): Promise<OpenPort | undefined> {
  const file = workerFile(import.meta.url, 'targets/fpga/link', 'board-worker.js');
  const worker = new Worker(file, { workerData });
  const heard = async (): Promise<BoardMessage> => {
    const [message]: [BoardMessage] = (await once(worker, 'message')) as [BoardMessage];
    return message;
  };
  const first = await heard();
  if (first.kind !== 'ready' || first.path === undefined) {
    await worker.terminate();
    return undefined;
  }
  const link = new PortLink(first.path, baud, VIRTUAL);
  return {
    link,
    close: async () => {
      link.close();
      const off = heard();
      worker.postMessage('off');
      const message = await off;
      if (message.kind === 'off') keep(message.words);
      await worker.terminate();
    },
  };
}

function inMemory(
  {
    identity,
    configuration,
    words,
  }: { identity: CoreIdentity } & Omit<BoardThreadData, 'identity'>,
  baud: number,
  keep: (words: Uint32Array) => void,
): OpenPort {
  const board = new VirtualBoard(identity, configuration);
  if (words) board.words = words;
  const link = new MemoryLink(board, { baud, port: VIRTUAL });
  return {
    link,
    close: async () => {
      link.close();
      keep(board.words);
    },
  };
}
