import { ReadStream } from 'node:tty';
import { parentPort, workerData } from 'node:worker_threads';
import { LinkDevice } from '../../../runtime/link/device.js';
import { MEMORY_LIMITS } from '../../../runtime/link/memory-link.js';
import type { CoreConfiguration } from '../configuration.js';
import type { CoreIdentity } from './identity.js';
import { openTerminal, TerminalOutput } from './terminal.js';
import { VirtualBoard } from './virtual-board.js';

/** What a virtual board is given: what it is, and what it held when it was switched off. */
export interface BoardThreadData {
  readonly identity: CoreIdentity;
  readonly configuration: CoreConfiguration;
  readonly words: Uint32Array | undefined;
}

/** What it says: the path of its terminal (undefined: there is none), and what it holds when it is switched off. */
export type BoardMessage =
  | { readonly kind: 'ready'; readonly path: string | undefined }
  | { readonly kind: 'off'; readonly words: Uint32Array };

/** The thread of a virtual board: serves it on a pseudo-terminal until it is switched off. */
const { identity, configuration, words }: BoardThreadData = workerData;
const board = new VirtualBoard(identity, configuration);
if (words) board.words = words;

const say = (message: BoardMessage): void => parentPort?.postMessage(message);
const terminal = openTerminal();
if (terminal) serve(terminal.master);
say({ kind: 'ready', path: terminal?.path });

// Whoever started this thread ends it.
parentPort?.on('message', () => say({ kind: 'off', words: board.words }));

function serve(master: number): void {
  const output = new TerminalOutput(master);
  const device = new LinkDevice(board, (bytes) => output.send(bytes), MEMORY_LIMITS);
  const input = new ReadStream(master);
  input.on('data', (bytes: Buffer) => device.receive(bytes));
  // Where no host has the other end open, some systems say so.
  input.on('error', () => undefined);
}
