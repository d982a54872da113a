import { NO_CALIBRATION } from '../../../../compiler/analysis/calibration.js';
import { compile } from '../../../../compiler/compile.js';
import type { Program } from '../../../../compiler/levels/program/program.js';
import { MemoryLink, type MemoryLinkOptions } from '../../../../runtime/link/memory-link.js';
import type { Network } from '../../../../src/network/network.js';
import { boardNamed } from '../../../../targets/fpga/boards/index.js';
import { configurationOf } from '../../../../targets/fpga/encode/parameters.js';
import { identityOf } from '../../../../targets/fpga/link/identity.js';
import { VirtualBoard } from '../../../../targets/fpga/link/virtual-board.js';
import { targetNamed } from '../../../../targets/index.js';
import { everything } from '../../../machines/networks.js';

/** A network compiled for a board. */
export const programFor = (board = 'icebreaker', network: Network = everything()): Program =>
  compile(network, targetNamed(`fpga:${board}`), NO_CALIBRATION).program;

/** A virtual board with the bitstream of a Program, in memory, and the link to it. */
export function boardWith(program: Program, options: MemoryLinkOptions = {}) {
  const name = program.target.replace('fpga:', '');
  const configuration = configurationOf(program);
  const board = new VirtualBoard(identityOf(boardNamed(name), configuration, 24), configuration);
  return { board, link: new MemoryLink(board, options) };
}
