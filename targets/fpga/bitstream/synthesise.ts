import type { Tree } from '@yowasp/yosys';
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
export const yosysScript = (board: Board, names: readonly string[]): string =>
  lines(
    readCommand(board, names),
    `${synthesisCommand(board)} -top ${BOARD_MODULE} -json ${NETLIST}`,
  );

const lines = (...commands: readonly string[]): string => `${commands.join('\n')}\n`;

const COUNT = `tee -q -o ${STATISTICS} stat -json`;

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

/** What synthesis works on, and who hears what Yosys prints. */
interface Work {
  readonly board: Board;
  readonly sources: Texts;
  /** Packages to install where Yosys is missing. */
  readonly needed: readonly Package[];
  readonly onLine: (line: string) => void;
}

/**
 * Makes a netlist of Verilog with the Yosys of npm.
 *
 * @throws DiagnosticsError PL5501 without the package, PL5502 when Yosys gives up.
 */
export async function synthesise(work: Work): Promise<Netlist> {
  const { board, sources } = work;
  const files = await run(work, `${yosysScript(board, Object.keys(sources))}${COUNT}\n`);
  return { json: textIn(files, NETLIST), cells: cellsIn(files) };
}

/**
 * How many cells of each kind a netlist would have. It is not written, and cells get no names: in the file system of the package a
 * file of a hundred megabytes takes an hour, and names for the cells of many lanes take minutes. Throws as `synthesise`.
 */
export async function countCells(work: Work): Promise<Netlist['cells']> {
  const { board, sources } = work;
  const script = lines(
    readCommand(board, Object.keys(sources)),
    `${synthesisCommand(board)} -top ${BOARD_MODULE} -run begin:check`,
    COUNT,
  );
  return cellsIn(await run(work, script));
}

async function run({ sources, needed, onLine }: Work, script: string): Promise<Tree> {
  const { status, files, log } = await runYosys({ files: sources, script, needed, onLine });
  if (status !== 0) buildFailed('yosys', log);
  return files;
}

function cellsIn(files: Tree): Netlist['cells'] {
  const statistics: { design: { num_cells_by_type: Record<string, number> } } = JSON.parse(
    textIn(files, STATISTICS),
  );
  return statistics.design.num_cells_by_type;
}
