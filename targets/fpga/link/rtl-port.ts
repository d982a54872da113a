import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { within } from '../../../runtime/deadline.js';
import { clockOf, SYSTEM_MODULE, topText } from '../bitstream/top.js';
import type { Board } from '../boards/board.js';
import { configurationOf } from '../encode/parameters.js';
import { coreSources } from '../rtl.js';
import { openCache } from '../simulate/cache.js';
import type { Environment } from '../simulate/simulator.js';
import { buildVerilated } from '../simulate/verilator.js';
import { type OpenPort, portOf, SERVING, type ServedBoard, servedAt } from './served-board.js';

/** What the circuit of a board, simulated, is called. */
export const RTL = 'rtl';

/** Clocks of a bit: as few as the receiver takes, for the simulation is slow. */
const DIVISOR = 8;

/** Bits per second that a simulation comes to, cautiously: deadlines follow from it. */
const BAUD = 20_000;

/**
 * Simulates the whole circuit of a board, its serial line and loader with it: what a host does there it does to the Verilog that the
 * board would have.
 *
 * @throws DiagnosticsError PL5501 without Verilator, PL5502 where it refuses the circuit, PL5503 where the
 * simulation does not start.
 */
export async function serveRtl(
  program: Program,
  board: Board,
  environment: Environment,
): Promise<ServedBoard> {
  const baud = (clockOf(board) * 1e6) / DIVISOR;
  const own: Board = { ...board, core: configurationOf(program), usb: { ...board.usb, baud } };
  const top = { name: 'top.v', text: topText(own) };
  const sources = [...coreSources(), top];
  const circuit = { sources, parameters: {}, top: SYSTEM_MODULE, harness: ['board.cpp'] };
  const file = await buildVerilated(circuit, openCache(environment), environment);
  return serveProcess(file, [`${DIVISOR}`]);
}

/**
 * A board that a program simulates: it prints the path of its pseudo-terminal first. Throws PL5503 where it ends before, or says
 * nothing for so many milliseconds.
 */
export async function serveProcess(
  program: string,
  words: readonly string[],
  milliseconds = SERVING,
): Promise<ServedBoard> {
  const child = spawn(program, [...words], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => resolve(`the simulation ended (${signal ?? code})`));
  });
  const lost = (reason: string): never =>
    fail(diagnostic('PL5503', `the circuit of the board does not start: ${reason}`));
  const line = new Promise<string>((resolve) => {
    createInterface(child.stdout).once('line', resolve);
  });
  let path: string;
  try {
    path = await within(Promise.race([line, ended.then(lost)]), milliseconds, () =>
      lost(`the simulation says nothing for ${milliseconds / 1000} s`),
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return servedAt(path, ended, async () => {
    child.kill();
  });
}

/** The circuit of a board as a port. Throws as `serveRtl`, and as `PortLink`. */
export async function openRtl(
  program: Program,
  board: Board,
  environment: Environment,
): Promise<OpenPort> {
  return portOf(await serveRtl(program, board, environment), BAUD, RTL);
}
