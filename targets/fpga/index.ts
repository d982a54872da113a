import { checkCompiledFor } from '../../compiler/capabilities.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { printProgram } from '../../compiler/levels/program/print.js';
import type { Program } from '../../compiler/levels/program/program.js';
import type { Target } from '../../compiler/target.js';
import { clockOf } from './bitstream/top.js';
import type { Board } from './boards/board.js';
import { capabilitiesOf } from './boards/capabilities.js';
import { boards } from './boards/index.js';
import { withParameters } from './boards/parameters.js';
import { encodeCore } from './encode/encode.js';
import { configurationOf } from './encode/parameters.js';
import { SelectedNetwork } from './encode/selected.js';
import { cyclesOf } from './encode/sequence.js';
import { coresOf, fastest, memoryUse } from './fit/choose.js';
import { loadProgram } from './machine/loaded.js';
import { CoreMachine } from './machine/machine.js';
import { CoreTwin } from './machine/twin.js';
import { CoreModel } from './model/core-model.js';
import { simulatedCore } from './rtl.js';
import { prepareSimulator } from './simulate/index.js';
import { disassembleCore } from './text.js';

/** The core on a board as a target; other parameters make another core on it. `isGiven`: no other core is chosen in its place. */
export function fpgaTarget(board: Board, isGiven = false): Target {
  const name = `fpga:${board.name}`;
  const capabilities = capabilitiesOf(board);
  const nanosecondsPerCycle = 1000 / clockOf(board);
  const read = (bytes: Uint8Array, file: string): Program => {
    const program = decodeProgram(bytes, file);
    checkCompiledFor(program, name, capabilities, file);
    return program;
  };
  return {
    name,
    family: 'fpga:<board>',
    about: `the open core on ${board.about}: a multiply-add per instruction, neurons and rules in microcode`,
    capabilities,
    assumptions: [
      `pins, memories and clocks of ${board.name} are those of the files that its sources name: ${board.sources.join('; ')}`,
      'the clock is what timing analysis of the placed circuit allows; nothing here was measured on a board',
    ],
    withParameters: (text) =>
      fpgaTarget({ ...board, core: withParameters(board.core, text) }, true),
    encode: (micro, options) => {
      const network = new SelectedNetwork(micro);
      const plan = fastest(network, board, isGiven ? [board.core] : coresOf(board));
      return encodeCore(name, capabilities, plan, options);
    },
    createMachine: (bytes, file) => {
      const program = read(bytes, file);
      const model = new CoreModel(configurationOf(program));
      return new CoreMachine('emulator', program, model, nanosecondsPerCycle);
    },
    createTwin: async (bytes, file, backend) => {
      const program = read(bytes, file);
      const core = simulatedCore(configurationOf(program), true);
      const prepared = await prepareSimulator({ ...core, backend });
      return new CoreTwin(program, prepared.create(), nanosecondsPerCycle);
    },
    describe: (program) => describeCore(program, board),
    print: (program) => printProgram(program, disassembleCore(configurationOf(program))),
  };
}

/** The core of a Program, the longest that a step takes on it, and the memory that it fills. */
function describeCore(program: Program, board: Board): string {
  const { commands, configuration } = loadProgram(program);
  const { lanes, units } = configuration;
  const cycles = cyclesOf(commands, configuration);
  const { blockRams, singlePortRams } = memoryUse(configuration, board);
  const { resources } = board;
  const clock = clockOf(board);
  const single =
    resources.singlePortRams > 0
      ? ` and ${singlePortRams} of ${resources.singlePortRams} single-port RAMs`
      : '';
  const shape = `${lanes} ${lanes === 1 ? 'lane' : 'lanes'} of ${units} ${units === 1 ? 'unit' : 'units'}`;
  return `${shape}: a step takes at most ${cycles} cycles, ${(cycles / clock).toPrecision(3)} µs at ${clock} MHz; ${blockRams} of ${resources.blockRams} block RAMs${single}`;
}

/** The open core on every board that plastron knows. */
export const fpgaTargets: readonly Target[] = boards.map((board) => fpgaTarget(board));
