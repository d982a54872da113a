import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Program } from '../../../compiler/levels/program/program.js';
import { PortLink } from '../../../runtime/link/port-link.js';
import { clockOf, SYSTEM_MODULE, topText } from '../bitstream/top.js';
import type { Board } from '../boards/board.js';
import { configurationOf } from '../encode/parameters.js';
import { coreSources } from '../rtl.js';
import { openCache } from '../simulate/cache.js';
import type { Environment } from '../simulate/simulator.js';
import { buildVerilated } from '../simulate/verilator.js';
import type { OpenPort, ServedBoard } from './virtual-port.js';

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
 * @throws DiagnosticsError PL5501 without Verilator, PL5502 where it refuses the circuit.
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
  const child = spawn(file, [`${DIVISOR}`], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [path] = (await once(createInterface(child.stdout), 'line')) as [string];
  let stopped = false;
  return {
    path,
    failed: new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        if (!stopped) resolve(`the simulation ended (${signal ?? code})`);
      });
    }),
    stop: async () => {
      stopped = true;
      child.kill();
    },
  };
}

/** The circuit of a board as a port. Throws as `serveRtl`. */
export async function openRtl(
  program: Program,
  board: Board,
  environment: Environment,
): Promise<OpenPort> {
  const circuit = await serveRtl(program, board, environment);
  const link = new PortLink(circuit.path, BAUD, RTL);
  return {
    link,
    close: async () => {
      link.close();
      await circuit.stop();
    },
  };
}
