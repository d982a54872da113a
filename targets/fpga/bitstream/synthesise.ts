import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { Board } from '../boards/board.js';
import { buildFailed } from '../tools/failures.js';
import type { Package } from '../tools/packages.js';
import { textIn } from '../tools/run.js';
import type { Texts } from '../tools/sources.js';
import { runYosys } from '../tools/yosys.js';
import { BOARD_MODULE } from './top.js';

/** Files that a script of Yosys makes. */
export const NETLIST = 'plastron.json';
const STATISTICS = 'statistics.json';

/** A circuit of the cells of a family. */
export interface Netlist {
  /** As Yosys writes it and nextpnr reads it. */
  readonly json: string;
  /** How many cells there are of each kind. */
  readonly cells: Readonly<Record<string, number>>;
}

/** The commands of Yosys that make a netlist of Verilog for a board. */
export function yosysScript(board: Board, names: readonly string[]): string {
  return [
    readCommand(board, names),
    ...(board.chip.family === 'ice40'
      ? [`${synthesisCommand(board)} -top ${BOARD_MODULE} -json ${NETLIST}`]
      : withoutCheck(board)),
    `tee -q -o ${STATISTICS} stat -json`,
    '',
  ].join('\n');
}

/**
 * Without names for cells that have none, which take minutes in a core of many lanes, and without the last look for loops, which
 * does not end there.
 */
const withoutCheck = (board: Board): string[] => [
  `${synthesisCommand(board)} -top ${BOARD_MODULE} -run begin:check`,
  'hierarchy -check',
  'blackbox =A:whitebox',
  `write_json ${NETLIST}`,
];

/** Reads files, with what the memories with one port are made of (rtl/single_port_memory.v). */
export const readCommand = ({ resources }: Board, names: readonly string[]): string =>
  `read_verilog ${resources.singlePortRams > 0 ? '-DPLASTRON_SPRAM ' : ''}${names.join(' ')}`;

/** Makes cells of the chip of a board. */
export function synthesisCommand({ chip, resources }: Board): string {
  const { family } = chip;
  switch (family) {
    case 'ice40':
      return resources.multipliers > 0
        ? 'synth_ice40 -dff -dsp -device u'
        : 'synth_ice40 -dff -device hx';
    case 'ecp5':
      return 'synth_ecp5';
    case 'xilinx':
      return 'synth_xilinx -family xc7 -flatten';
    case 'gowin':
      return 'synth_gowin -family gw2a';
    default:
      return unreachable(family);
  }
}

/**
 * Makes a netlist of Verilog with the Yosys of npm. `onLine` hears what it prints.
 *
 * @throws DiagnosticsError PL5501 without the package, PL5502 when Yosys gives up.
 */
export async function synthesise(
  board: Board,
  sources: Texts,
  needed: readonly Package[],
  onLine: (line: string) => void,
): Promise<Netlist> {
  const script = yosysScript(board, Object.keys(sources));
  const { status, files, log } = await runYosys({ files: sources, script, needed, onLine });
  if (status !== 0) buildFailed('yosys', log);
  const statistics: { design: { num_cells_by_type: Record<string, number> } } = JSON.parse(
    textIn(files, STATISTICS),
  );
  return { json: textIn(files, NETLIST), cells: statistics.design.num_cells_by_type };
}
