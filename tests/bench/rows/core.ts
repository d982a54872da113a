import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { uniform } from '../../../compiler/levels/numbers/draw.js';
import type { CompileOptions } from '../../../compiler/pass.js';
import type { Target } from '../../../compiler/target.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Machine } from '../../../src/network/machine.js';
import type { Network } from '../../../src/network/network.js';
import { clockOf } from '../../../targets/fpga/bitstream/top.js';
import type { Board } from '../../../targets/fpga/boards/board.js';
import { boards } from '../../../targets/fpga/boards/index.js';
import { ulx3s25f, ulx3s85f } from '../../../targets/fpga/boards/ulx3s.js';
import { configurationOf } from '../../../targets/fpga/encode/parameters.js';
import { fpgaTarget } from '../../../targets/fpga/index.js';
import { CoreMachine } from '../../../targets/fpga/machine/machine.js';
import { circuitDevice, simulatedCore } from '../../../targets/fpga/rtl.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import { verilatorVersion } from '../../../targets/fpga/simulate/verilator.js';
import { figureOf, ratioOf, timed } from '../measure.js';
import type { Row } from '../row.js';

/** Observations, hidden neurons and actions of the network that published hardware runs in 8 µs a step; all synapses are plastic. */
const [INPUTS, HIDDEN, ACTIONS] = [27, 128, 8];
/** Instructions that a synapse of it takes. */
export const OPERATIONS = 4;
export const SYNAPSES = INPUTS * HIDDEN + HIDDEN * ACTIONS;
const STEPS = 20;

/** PDLF under an exact maximum, at both projections. */
export function wholeNetwork(): Network {
  const coefficients = (count: number, salt: number) => {
    const each = (parameter: number) =>
      Float64Array.from({ length: count }, (_, k) => uniform(salt, parameter, k, 0, 0, 0) - 0.5);
    return { lr: 0.1, A: each(0), B: each(1), C: each(2), D: each(3) };
  };
  return new NetworkBuilder('whole')
    .input('observation', INPUTS)
    .population('hidden', HIDDEN, 'ternary_lif')
    .population('action', ACTIONS, 'readout')
    .projection('observation', 'hidden', {
      rule: 'pdlf',
      bindings: { x: 'pre.value', y: 'post.trace' },
      parameters: coefficients(INPUTS * HIDDEN, 1),
    })
    .projection('hidden', 'action', {
      rule: 'pdlf',
      bindings: { x: 'pre.trace', y: 'post.value' },
      parameters: coefficients(HIDDEN * ACTIONS, 2),
    })
    .output('action')
    .build();
}

/** Steps in which every input is there and everything learns. */
function run(machine: Machine, steps: number): void {
  for (let step = 0; step < steps; step++) {
    const observation = Float64Array.from(
      { length: INPUTS },
      (_, i) => 0.25 + uniform(3, i, step, 0, 0, 0),
    );
    machine.step({ values: { observation }, modulator: 0 });
  }
}

/** Cycles of a step on a core of a board, once learning is under way. */
function cyclesPerStep(target: Target, options: Partial<CompileOptions> = {}): number {
  const { bytes } = compile(wholeNetwork(), target, NO_CALIBRATION, options);
  const machine = target.createMachine(bytes, 'p');
  const cycles = (): number => machine.read({ kind: 'counter', name: 'cycles' })[0]!;
  run(machine, 1);
  const before = cycles();
  run(machine, STEPS);
  return (cycles() - before) / STEPS;
}

const floor = (lanes: number, units: number): number => (SYNAPSES * OPERATIONS) / (lanes * units);

/** Cycles of the whole network with eight lanes of so many units. */
function cyclesRow(board: Board, units: number, depth: number, most: number): Row {
  const target = (): Target =>
    fpgaTarget(
      { ...board, core: { ...board.core, lanes: 8, units, depth, rounds: 2, divide: 7 } },
      true,
    );
  return {
    name: `core/cycles-${units}`,
    about: `27-128-8, all plastic under an exact maximum: 8 lanes of ${units} units; its floor is ${floor(8, units)}`,
    unit: 'cycles a step',
    bar: { most },
    measure: async () => figureOf([cyclesPerStep(target())]),
  };
}

/** Coefficients of a projection in all, on boards where synapses share them. */
const PALETTE = 8;

/** The same network on a board as it is: microseconds of a step. */
function boardRow(board: Board): Row {
  const shares = board.core.paletteBits > 0;
  const options = shares ? { palette: PALETTE } : {};
  return {
    name: `core/${board.name}`,
    about: `27-128-8 on ${board.about}, at ${clockOf(board)} MHz${shares ? `, coefficients of a palette of ${PALETTE}` : ''}`,
    unit: 'µs a step',
    measure: async () => figureOf([cyclesPerStep(fpgaTarget(board), options) / clockOf(board)]),
  };
}

/** The FPGA core: cycles, and its emulator beside the simulated circuit. */
export const coreRows = (): readonly Row[] => [
  cyclesRow(ulx3s85f, 4, 2, 640),
  cyclesRow(ulx3s25f, 2, 3, 1250),
  cyclesRow(ulx3s85f, 1, 4, 2400),
  ...boards.map(boardRow),
  {
    name: 'core/verilator',
    about: 'the emulator of the core against the circuit in Verilator, 27-128-8 on ulx3s-85f',
    unit: 'steps/s',
    measure: async () => {
      const { env } = process;
      if ((await verilatorVersion(env)) === undefined) {
        return { skipped: 'verilator is not installed' };
      }
      const target = fpgaTarget(ulx3s85f);
      const { bytes, program } = compile(wholeNetwork(), target, NO_CALIBRATION);
      const core = simulatedCore(configurationOf(program), false);
      const prepared = await prepareSimulator({ ...core, backend: 'verilator' });
      const circuit = new CoreMachine('rtl', program, circuitDevice(prepared.create()), 1);
      const emulator = target.createMachine(bytes, 'p');
      const steps = (machine: Machine, count: number) =>
        timed(() => {
          run(machine, count);
          return count;
        });
      try {
        return await ratioOf(steps(emulator, 100), steps(circuit, 100), 5);
      } finally {
        circuit.close();
      }
    },
  },
];
