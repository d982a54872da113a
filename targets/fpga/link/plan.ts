import type { Program } from '../../../compiler/levels/program/program.js';
import { MemoryLink } from '../../../runtime/link/memory-link.js';
import type { SynchronousLink } from '../../../runtime/link/synchronous.js';
import { clockOf, LOADER_LIMITS } from '../bitstream/top.js';
import { configurationOf } from '../encode/parameters.js';
import { loadProgram } from '../machine/loaded.js';
import { boardOf, connect } from './connect.js';
import { DEPLOY_SEED, deploy } from './deploy.js';
import { identityOf } from './identity.js';
import { type Image, imageOf } from './image.js';
import { VirtualBoard } from './virtual-board.js';

/** What it takes to put a Program on its board, when the board holds none of it. */
export interface Plan {
  readonly image: Image;
  readonly blocks: number;
  readonly words: number;
  /** Bytes that the host sends: what is written, asked for and run. */
  readonly bytes: number;
  /** Requests, each of which waits for its answer: the latency of an adapter comes as often. */
  readonly requests: number;
  /** Seconds that the line needs for both directions. */
  readonly seconds: number;
}

/** Deploys to a board in memory that has the limits of the circuit's loader and holds something else everywhere. */
export function planOf(program: Program, file: string): Plan {
  const board = boardOf(program, file);
  const configuration = configurationOf(program);
  const served = new VirtualBoard(identityOf(board, configuration, clockOf(board)), configuration);
  served.words = served.words.fill(0xffffffff);
  const link = new MemoryLink(served, { limits: LOADER_LIMITS, baud: board.usb.baud });
  let requests = 1;
  const counted: SynchronousLink = {
    port: link.port,
    baud: link.baud,
    get sent() {
      return link.sent;
    },
    greet: () => link.greet(),
    exchange: (asked) => {
      requests += asked.length;
      return link.exchange(asked);
    },
    close: () => link.close(),
  };
  const { blocks } = deploy(connect(counted, program, file), program);
  const image = imageOf(loadProgram(program), DEPLOY_SEED);
  const words = [...image.code, ...image.state].reduce((sum, block) => sum + block.words.length, 0);
  const { sent, milliseconds } = link;
  return { image, blocks, words, bytes: sent, requests, seconds: milliseconds / 1000 };
}
