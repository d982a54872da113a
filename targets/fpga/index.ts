import { checkCompiledFor } from '../../compiler/capabilities.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { printProgram } from '../../compiler/levels/program/print.js';
import type { Program } from '../../compiler/levels/program/program.js';
import type { Capabilities, Target } from '../../compiler/target.js';
import type { Board } from './boards/board.js';
import { boards } from './boards/index.js';
import { withParameters } from './boards/parameters.js';
import { fpgaCapabilities } from './capabilities.js';
import { encodeCore } from './encode/encode.js';
import { configurationOf } from './encode/parameters.js';
import { CoreMachine } from './machine/machine.js';
import { CoreTwin } from './machine/twin.js';
import { CoreModel } from './model/core-model.js';
import { simulatedCore } from './rtl.js';
import { prepareSimulator } from './simulate/index.js';
import { disassembleCore } from './text.js';

/** Bits of a neuron at least: a page of fields, and messages with x0 and x1 in two frames. */
const NEURON_BITS = 4 * 16 + 2 * 3 * 16;

/** The longest delay, in steps: what commands hold. */
const LONGEST_DELAY = 15;

/** What the core on a board can do, whatever its memories; these are looked at when a Program is encoded. */
export function capabilitiesOf({ name, resources, core }: Board): Capabilities {
  const { blockRams, blockRamBits, singlePortRams, singlePortRamBits } = resources;
  const bits = blockRams * blockRamBits + singlePortRams * singlePortRamBits;
  return fpgaCapabilities({
    accumulatorBits: core.accumulatorBits,
    neurons: Math.floor(bits / NEURON_BITS),
    synapseBits: bits,
    delay: LONGEST_DELAY,
    source: `the memories of ${name}: ${blockRams} × ${blockRamBits} and ${singlePortRams} × ${singlePortRamBits} bits`,
  });
}

/** The core on a board as a target; other parameters make another core on it. */
export function fpgaTarget(board: Board): Target {
  const name = `fpga:${board.name}`;
  const capabilities = capabilitiesOf(board);
  const nanosecondsPerCycle = 1000 / board.coreMegahertz;
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
    withParameters: (text) => fpgaTarget({ ...board, core: withParameters(board.core, text) }),
    encode: (micro, options) => encodeCore(name, capabilities, micro, board.core, options),
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
    print: (program) => printProgram(program, disassembleCore(configurationOf(program))),
  };
}

/** The open core on every board that plastron knows. */
export const fpgaTargets: readonly Target[] = boards.map(fpgaTarget);
