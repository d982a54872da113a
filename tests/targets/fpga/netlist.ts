import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommand, synthesisCommand } from '../../../targets/fpga/bitstream/synthesise.js';
import type { Board } from '../../../targets/fpga/boards/board.js';
import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { simulatedCore } from '../../../targets/fpga/rtl.js';
import type { SimulatedCircuit, VerilogSource } from '../../../targets/fpga/simulate/simulator.js';
import { packageFolder } from '../../../targets/fpga/tools/packages.js';
import { textIn } from '../../../targets/fpga/tools/run.js';
import { runYosys } from '../../../targets/fpga/tools/yosys.js';

const NETLIST = 'netlist.v';

/** Bits of one vector that depend on each other are no loop, but Verilator evaluates them as if they were. */
const HEAD = '/* verilator lint_off UNOPTFLAT */\n`timescale 1ps / 1ps\n';

/** The core as Yosys makes it of cells of an iCE40 for a bitstream, with what Yosys says that these cells do. */
export async function synthesisedCore(
  board: Board,
  configuration: CoreConfiguration,
): Promise<SimulatedCircuit> {
  const { sources, parameters } = simulatedCore(configuration, true);
  const settings = Object.entries(parameters).map(([name, value]) => `-set ${name} ${value}`);
  const script = [
    readCommand(
      board,
      sources.map(({ name }) => name),
    ),
    `chparam ${settings.join(' ')} plastron_core`,
    'hierarchy -top plastron_core',
    'rename -top plastron_core',
    `${synthesisCommand(board)} -top plastron_core`,
    `write_verilog -noattr ${NETLIST}`,
  ].join('\n');
  const files = Object.fromEntries(sources.map(({ name, text }) => [name, text]));
  const made = await runYosys({ files, script, needed: ['yosys'] });
  if (made.status !== 0) throw new Error(`Yosys made no netlist:\n${made.log}`);
  return {
    sources: [{ name: NETLIST, text: `${HEAD}${textIn(made.files, NETLIST)}` }, cells()],
    parameters: {},
  };
}

/**
 * The cells of iCE40 in Verilog, which the package of Yosys keeps and does not export; without the values of ports that nothing is
 * connected to, which Verilator does not read: the netlist connects all that have one.
 */
function cells(): VerilogSource {
  const file = join(packageFolder('yosys', ['yosys']), 'share/ice40/cells_sim.v');
  const text = readFileSync(file, 'utf8');
  return { name: 'cells_sim.v', text: `${HEAD}\`define NO_ICE40_DEFAULT_ASSIGNMENTS\n${text}` };
}
