import type { Board, Chip } from '../boards/board.js';
import { buildFailed } from '../tools/failures.js';
import { runIcepack, runNextpnrIce40 } from '../tools/nextpnr-ice40.js';
import { textIn } from '../tools/run.js';
import { constraintsOf } from './constraints.js';
import { NETLIST, type Netlist } from './synthesise.js';
import type { Utilisation } from './utilisation.js';

/** A chip of iCE40. */
export type Ice40 = Extract<Chip, { family: 'ice40' }>;

/** What came of placing: a circuit that does not fit has no `asc`. */
export interface Placement {
  readonly used: Utilisation;
  /** The text of the bitstream, with the clock that the circuit reaches. */
  readonly routed?: { readonly asc: string; readonly megahertz: number };
}

const ASC = 'plastron.asc';
const REPORT = 'report.json';

/** How nextpnr is called for a chip. `clock` in megahertz. */
export function nextpnrWords({ device, package: pins }: Ice40, clock: number, seed: number) {
  return [
    `--${device}`,
    ...['--package', pins, '--json', NETLIST, '--pcf', 'plastron.pcf', '--asc', ASC],
    ...['--report', REPORT, '--freq', clock.toFixed(3), '--seed', `${seed}`, '--timing-allow-fail'],
  ];
}

/**
 * Places and routes a netlist. The same inputs give the same bits.
 *
 * @throws DiagnosticsError PL5501 without the package, PL5502 when nextpnr gives up on a circuit that fits.
 */
export async function place(
  board: Board,
  chip: Ice40,
  netlist: Netlist,
  options: { readonly clock: number; readonly seed: number },
  onLine: (line: string) => void,
): Promise<Placement> {
  const { file, text } = constraintsOf(board);
  const words = nextpnrWords(chip, options.clock, options.seed);
  const inputs = { [NETLIST]: netlist.json, [file]: text };
  const { status, files, log } = await runNextpnrIce40(inputs, words, onLine);
  const used = utilisationIn(log);
  if (status === 0) {
    return { used, routed: { asc: textIn(files, ASC), megahertz: slowest(textIn(files, REPORT)) } };
  }
  const { resources } = board;
  const kinds = Object.keys(used) as (keyof Utilisation)[];
  if (kinds.some((kind) => used[kind] > resources[kind])) return { used };
  return buildFailed('nextpnr-ice40', log);
}

/** The bytes of a bitstream. */
export async function pack(asc: string): Promise<Uint8Array> {
  const { status, files, log } = await runIcepack({ [ASC]: asc }, [ASC, 'plastron.bin']);
  const bytes = files['plastron.bin'];
  if (status !== 0 || !(bytes instanceof Uint8Array)) return buildFailed('icepack', log);
  return bytes;
}

/** What the log of nextpnr says of the use of the chip, before it places. */
export function utilisationIn(log: string): Utilisation {
  const used = (kind: string): number =>
    Number(new RegExp(`^Info:\\s+${kind}:\\s*(\\d+)/`, 'm').exec(log)?.[1] ?? 0);
  return {
    logicCells: used('ICESTORM_LC'),
    blockRams: used('ICESTORM_RAM'),
    singlePortRams: used('ICESTORM_SPRAM'),
    multipliers: used('ICESTORM_DSP'),
  };
}

/** Megahertz of the slowest clock in a report of nextpnr. */
export function slowest(report: string): number {
  const { fmax }: { fmax: Record<string, { achieved: number }> } = JSON.parse(report);
  return Math.min(...Object.values(fmax).map(({ achieved }) => achieved));
}
