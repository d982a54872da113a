import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { Board } from '../boards/board.js';
import type { Texts } from '../tools/sources.js';
import { constraintsOf } from './constraints.js';
import { NETLIST, yosysScript } from './synthesise.js';
import { BOARD_MODULE } from './top.js';

/** What to build a bitstream from with tools that npm does not have: sources, constraints, and the commands in build.sh. */
export function folderOf(board: Board, sources: Texts, clock: number, seed: number): Texts {
  const { file, text } = constraintsOf(board);
  return { ...sources, [file]: text, ...scripts(board, Object.keys(sources), clock, seed) };
}

function scripts(board: Board, names: readonly string[], clock: number, seed: number): Texts {
  const { chip } = board;
  const yosys = { 'synthesise.ys': yosysScript(board, names) };
  const from = `--json ${NETLIST} --freq ${clock.toFixed(3)} --seed ${seed}`;
  switch (chip.family) {
    case 'ice40':
      throw new Error('a bitstream for iCE40 needs no other tools');
    case 'ecp5':
      return {
        ...yosys,
        'build.sh': shell(
          'yosys, nextpnr-ecp5, and ecppack of Project Trellis',
          'yosys -q synthesise.ys',
          `nextpnr-ecp5 --${chip.device} --package ${chip.package} --speed ${chip.speed} ${from} --lpf plastron.lpf --textcfg plastron.config`,
          'ecppack --compress plastron.config plastron.bit',
        ),
      };
    case 'gowin':
      return {
        ...yosys,
        'build.sh': shell(
          'yosys, nextpnr-himbaechel, and gowin_pack of Project Apicula',
          'yosys -q synthesise.ys',
          `nextpnr-himbaechel --device ${chip.device} --vopt family=${chip.series} --vopt cst=plastron.cst ${from} --write placed.json`,
          `gowin_pack -d ${chip.series} -o plastron.fs placed.json`,
        ),
      };
    case 'xilinx':
      return {
        'build.tcl': vivado(chip.part, names),
        'build.sh': shell('Vivado', 'vivado -mode batch -nojournal -nolog -source build.tcl'),
      };
    default:
      return unreachable(chip);
  }
}

function shell(tools: string, ...commands: readonly string[]): string {
  return `#!/bin/sh\n# Needs ${tools}.\nset -e\ncd "$(dirname "$0")"\n${commands.join('\n')}\n`;
}

function vivado(part: string, names: readonly string[]): string {
  return `# vivado -mode batch -source build.tcl
read_verilog {${names.join(' ')}}
read_xdc plastron.xdc
synth_design -top ${BOARD_MODULE} -part ${part}
opt_design
place_design
phys_opt_design
route_design
report_utilization -file utilization.txt
report_timing_summary -file timing.txt
write_bitstream -force plastron.bit
`;
}
