import { Worker } from 'node:worker_threads';
import type { Program } from '../../../compiler/levels/program/program.js';
import { MemoryLink } from '../../../runtime/link/memory-link.js';
import { serialProblem } from '../../../runtime/link/serial.js';
import { workerFile } from '../../../runtime/worker-file.js';
import { clockOf } from '../bitstream/top.js';
import { boardNamed } from '../boards/index.js';
import type { CoreConfiguration } from '../configuration.js';
import { configurationOf } from '../encode/parameters.js';
import type { Environment } from '../simulate/simulator.js';
import { toolMissing } from '../tools/failures.js';
import type { BoardThreadData } from './board-worker.js';
import { type CoreIdentity, identityOf } from './identity.js';
import { type OpenPort, portOf, type ServedBoard, servedBy } from './served-board.js';
import { addressesOfAll, VirtualBoard } from './virtual-board.js';
import { readStored, type StoredBoard, storeOf, writeStored } from './virtual-store.js';

/** What a virtual board is called. */
export const VIRTUAL = 'virtual';

/** A virtual board that can be switched on. */
interface ChosenBoard {
  readonly data: { readonly identity: CoreIdentity } & BoardThreadData;
  readonly baud: number;
  /** Keeps what it holds until it is switched on again. */
  readonly keep: (words: Uint32Array) => void;
}

/**
 * Switches the virtual board on: the one that was kept, or, where `isLoaded`, one with the bitstream of a Program. It is reached over
 * a pseudo-terminal where there is one, and a library of serial ports to open it; else in memory. What it holds is kept when the port
 * is closed. Throws PL6016 where it ends by itself.
 */
export async function openVirtual(
  program: Program,
  board: string,
  isLoaded: boolean,
  environment: Environment,
): Promise<OpenPort> {
  const chosen = chosenBoard(program, board, isLoaded, environment);
  const served = (await serialProblem()) === undefined ? await onTerminal(chosen) : undefined;
  return served ? portOf(served, chosen.baud, VIRTUAL) : inMemory(chosen);
}

/** Switches the virtual board on with the bitstream of a Program, for others to open. Throws PL5501 where there are no pseudo-terminals. */
export async function serveVirtual(
  program: Program,
  board: string,
  environment: Environment,
): Promise<ServedBoard> {
  const served = await onTerminal(chosenBoard(program, board, true, environment));
  return (
    served ??
    toolMissing(
      '@lydell/node-pty',
      'npm install @lydell/node-pty, on a system with pseudo-terminals',
    )
  );
}

function chosenBoard(
  program: Program,
  board: string,
  isLoaded: boolean,
  environment: Environment,
): ChosenBoard {
  const file = storeOf(environment);
  const kept = readStored(file);
  const wanted = { board, parameters: program.parameters };
  const fits = kept !== undefined && sameCore(kept, wanted);
  const chosen = fits || (kept && !isLoaded) ? kept : { ...wanted, words: undefined };
  const configuration = configurationOf(chosen);
  const facts = boardNamed(chosen.board);
  const identity = identityOf(facts, configuration, clockOf(facts));
  const words = wholeOf(chosen.words, configuration);
  return {
    data: { identity, configuration, words },
    baud: facts.usb.baud,
    keep: (left) => writeStored(file, { ...chosen, words: left }),
  };
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

async function onTerminal({ data, keep }: ChosenBoard): Promise<ServedBoard | undefined> {
  const file = workerFile(import.meta.url, 'targets/fpga/link', 'board-worker.js');
  return servedBy(new Worker(file, { workerData: data }), keep);
}

function inMemory({ data, baud, keep }: ChosenBoard): OpenPort {
  const { identity, configuration, words } = data;
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
