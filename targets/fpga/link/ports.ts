import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError, fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { PortLink } from '../../../runtime/link/port-link.js';
import { type SerialPortInfo, serialPorts } from '../../../runtime/link/serial.js';
import type { Board, Usb } from '../boards/board.js';
import { processEnvironment } from '../simulate/environment.js';
import type { Environment } from '../simulate/simulator.js';
import { boardOf, identify } from './connect.js';
import { openRtl, RTL, serveRtl } from './rtl-port.js';
import type { OpenPort, ServedBoard } from './served-board.js';
import { openVirtual, serveVirtual, VIRTUAL } from './virtual-port.js';

export interface PortOptions {
  /** Whether a virtual board takes the bitstream of the Program: it has no other way to get one. */
  readonly isLoaded: boolean;
  /** Of this process where absent: where the virtual board is kept. */
  readonly environment?: Environment;
}

/**
 * Opens the port of a board: `auto` finds the one for which a Program was made, `virtual` needs none, `rtl`
 * simulates its circuit, others are names of ports.
 *
 * @throws DiagnosticsError PL6010 … PL6016, PL6042 for a Program of which there is no board.
 */
export async function openPort(
  port: string,
  program: Program,
  file: string,
  { isLoaded, environment = processEnvironment }: PortOptions,
): Promise<OpenPort> {
  const board = boardOf(program, file);
  if (port === VIRTUAL) return openVirtual(program, board.name, isLoaded, environment);
  if (port === RTL) return openRtl(program, board, environment);
  const path = port === 'auto' ? foundPort(board, await serialPorts(), problemAt) : port;
  const link = new PortLink(path, board.usb.baud);
  return { link, close: async () => link.close() };
}

/**
 * Puts a board without a board at a pseudo-terminal, with the bitstream of a Program: `virtual` the emulator, `rtl` the circuit. It is
 * opened as any serial port, and holds what it holds until it is stopped.
 *
 * @throws DiagnosticsError PL6042 for a Program of which there is no board; PL5501, PL5502.
 */
export function servePort(
  kind: 'virtual' | 'rtl',
  program: Program,
  file: string,
  environment: Environment = processEnvironment,
): Promise<ServedBoard> {
  const board = boardOf(program, file);
  return kind === RTL
    ? serveRtl(program, board, environment)
    : serveVirtual(program, board.name, environment);
}

/** The one port at which a board answers: `problem` says what is wrong with one, if anything. Throws PL6013, PL6014. */
export function foundPort(
  board: Board,
  ports: readonly SerialPortInfo[],
  problemOf: (path: string, board: Board) => string | undefined,
): string {
  const candidates = candidatesOf(board.usb, ports);
  const problems: string[] = [];
  const answering = candidates.filter((path) => {
    const problem = problemOf(path, board);
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  });
  const [only, ...more] = answering;
  if (only === undefined) {
    const notes = problems.length > 0 ? problems : ['no serial port has a USB adapter of its kind'];
    const help = 'plug it in, name its port with --port PATH, or try `--port virtual`';
    return fail(diagnostic('PL6013', `there is no ${board.name}`, { notes, help }));
  }
  if (more.length === 0) return only;
  const help = `name one: --port ${only}`;
  return fail(diagnostic('PL6014', `several boards answer: ${answering.join(', ')}`, { help }));
}

/**
 * The ports at which a board may be: those of its adapter, of which it uses one where an adapter has several. Names end in the number
 * of the port.
 */
export function candidatesOf(
  { vendor, product, port }: Usb,
  ports: readonly SerialPortInfo[],
): readonly string[] {
  const adapters = new Map<string, string[]>();
  for (const info of ports) {
    if (info.vendor !== vendor || info.product !== product) continue;
    const adapter = info.serialNumber ?? '';
    adapters.set(adapter, [...(adapters.get(adapter) ?? []), info.path]);
  }
  return [...adapters.values()].flatMap((paths) => {
    const sorted = paths.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    // Without serial numbers two adapters look like one: then each of their ports may be it.
    return sorted.length > port && sorted.length <= port + 2 ? [sorted[port]!] : sorted;
  });
}

/** What is wrong with a port at which a board is looked for; undefined where the board answers. */
function problemAt(path: string, board: Board): string | undefined {
  try {
    const link = new PortLink(path, board.usb.baud);
    try {
      const found = identify(link);
      return found.board === board.name ? undefined : `${path} is ${found.board}`;
    } finally {
      link.close();
    }
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics[0]!.message;
    throw error;
  }
}
