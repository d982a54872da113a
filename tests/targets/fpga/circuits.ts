import { type Calibration, NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import type { CompileOptions } from '../../../compiler/pass.js';
import type { ChipTwin } from '../../../compiler/target.js';
import { calibrate } from '../../../runtime/calibrate/calibrate.js';
import { emulatorToCircuit } from '../../../runtime/verify/circuit.js';
import type { Comparison } from '../../../runtime/verify/comparison.js';
import type { Drive, DriveRun } from '../../../runtime/verify/drive.js';
import { explainFixed } from '../../../runtime/verify/explain.js';
import type { Machine } from '../../../src/network/machine.js';
import type { Network } from '../../../src/network/network.js';
import { taskOf } from '../../../src/tasks/registry.js';
import { createPolicyNetwork } from '../../../src/train/policy.js';
import { ulx3s85f } from '../../../targets/fpga/boards/ulx3s.js';
import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { configurationOf } from '../../../targets/fpga/encode/parameters.js';
import { fpgaTarget } from '../../../targets/fpga/index.js';
import { CoreMachine } from '../../../targets/fpga/machine/machine.js';
import { CoreTwin } from '../../../targets/fpga/machine/twin.js';
import { circuitDevice, simulatedCore } from '../../../targets/fpga/rtl.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import type { PreparedSimulator, VerilogSource } from '../../../targets/fpga/simulate/simulator.js';
import { Dice } from '../../compiler/dice.js';
import { randomInputs } from './programs.js';

/** A core with room for every network of the tests, and how these are compiled for it: one circuit is built for all of them. */
export interface Shape {
  readonly core: CoreConfiguration;
  /** The core of networks for which the other one cannot be; it is built as well. */
  readonly second?: CoreConfiguration;
  readonly options: Partial<CompileOptions>;
}

const EVERYTHING: CoreConfiguration = {
  lanes: 8,
  units: 4,
  depth: 2,
  fetchRegister: 1,
  overlap: 1,
  weightBits: 8,
  coefficients: 4,
  coefficientBits: 8,
  paletteBits: 0,
  presence: 1,
  variableBits: 16,
  accumulatorBits: 24,
  xBanks: 2,
  draws: 2,
  parity: 0,
  singlePort: 0,
  waitMemory: 0,
  productShifts: 0,
  drawRing: 0,
  rounds: 2,
  divide: 7,
  scales: 8,
  weightWords: 2048,
  fieldWords: 256,
  messageAddress: 9,
  frameBits: 3,
  codeWords: 256,
  controlWords: 256,
};

/** Circuits that are built by continuous integration. */
export const SHAPES = {
  'eight lanes, four units': { core: EVERYTHING, options: { weightBits: 8, coefficientBits: 8 } },
  'two lanes, one unit': {
    core: {
      ...EVERYTHING,
      ...{ lanes: 2, units: 1, depth: 4, rounds: 1, divide: 2 },
      ...{ parity: 1, singlePort: 1, weightBits: 12 },
    },
    options: { weightBits: 12, coefficientBits: 8 },
  },
  'four lanes, two units, a palette': {
    core: {
      ...EVERYTHING,
      ...{ lanes: 4, units: 2, depth: 3, rounds: 13, divide: 14 },
      ...{ paletteBits: 8, coefficientBits: 16 },
    },
    options: { weightBits: 8, coefficientBits: 16, palette: 40 },
  },
} as const satisfies Readonly<Record<string, Shape>>;

/** More of them, which take their time. */
export const MORE_SHAPES = {
  'one lane, two units, wide weights': {
    core: {
      ...EVERYTHING,
      ...{ lanes: 1, units: 2, depth: 2, rounds: 3, divide: 1, weightWords: 4096 },
      ...{ weightBits: 16, parity: 1, fieldWords: 512, messageAddress: 10 },
    },
    options: { weightBits: 16, coefficientBits: 8 },
  },
  'sixteen lanes, one unit, narrow coefficients': {
    core: {
      ...EVERYTHING,
      ...{ lanes: 16, units: 1, depth: 3, rounds: 13, divide: 1 },
      ...{ coefficientBits: 4, singlePort: 1 },
    },
    options: { weightBits: 8, coefficientBits: 4 },
  },
} as const satisfies Readonly<Record<string, Shape>>;

const ONE_BY_ONE: CoreConfiguration = {
  ...EVERYTHING,
  ...{ lanes: 1, units: 1, depth: 3, fetchRegister: 0, overlap: 0, singlePort: 1 },
  ...{ draws: 1, drawRing: 1, rounds: 4, divide: 1, waitMemory: 6, productShifts: 1 },
  ...{ weightWords: 4096, fieldWords: 512, messageAddress: 10 },
};

/** The circuit of the smallest boards; without its ring for rules that draw twice. */
export const SMALLEST_SHAPE = {
  'one lane, one by one': {
    core: ONE_BY_ONE,
    second: { ...ONE_BY_ONE, draws: 2, drawRing: 0, rounds: 1 },
    options: { weightBits: 8, coefficientBits: 8 },
  },
} as const satisfies Readonly<Record<string, Shape>>;

/** A network on a circuit and its emulator. */
export interface Pair {
  readonly compilation: Compilation;
  readonly twin: ChipTwin;
}

/** A circuit of a shape, made for as many networks as come; `changed` alters its Verilog. */
export class Circuit {
  private constructor(
    private readonly shape: Shape,
    private readonly prepared: ReadonlyMap<string, PreparedSimulator>,
  ) {}

  static async of(
    shape: Shape,
    changed: (source: VerilogSource) => VerilogSource = (source) => source,
  ): Promise<Circuit> {
    const prepared = new Map<string, PreparedSimulator>();
    for (const core of shape.second ? [shape.core, shape.second] : [shape.core]) {
      const { sources, parameters } = simulatedCore(core, true);
      const circuit = { sources: sources.map(changed), parameters };
      const simulator = await prepareSimulator({ ...circuit, backend: 'verilator' });
      prepared.set(JSON.stringify(core), simulator);
    }
    return new Circuit(shape, prepared);
  }

  /**
   * Compiles a network for the circuit.
   *
   * @throws DiagnosticsError where it does not fit; Error where it needs another circuit.
   */
  pair(network: Network, calibration: Calibration = NO_CALIBRATION): Pair {
    const { compilation, simulator } = this.compiled(network, calibration);
    return { compilation, twin: new CoreTwin(compilation.program, simulator.create(), 1) };
  }

  /** A network on the circuit alone. */
  machine(network: Network): CoreMachine {
    const { compilation, simulator } = this.compiled(network, NO_CALIBRATION);
    return new CoreMachine('rtl', compilation.program, circuitDevice(simulator.create()), 1);
  }

  private compiled(
    network: Network,
    calibration: Calibration,
  ): { readonly compilation: Compilation; readonly simulator: PreparedSimulator } {
    const { core, options } = this.shape;
    const target = fpgaTarget({ ...ulx3s85f, core }, true);
    const compilation = compile(network, target, calibration, options);
    const needed = JSON.stringify(configurationOf(compilation.program));
    const simulator = this.prepared.get(needed);
    if (simulator === undefined) throw new Error(`another circuit: ${needed}`);
    return { compilation, simulator };
  }
}

/**
 * Random inputs for as long as anyone asks. In a tenth of the steps learning is off, in another weights are written, so that what
 * is pending is learned between steps.
 */
export function randomDrive(seed: number): Drive {
  return {
    name: 'random',
    seed,
    episodes: 1,
    available: Number.POSITIVE_INFINITY,
    scored: false,
    start: (machine, episode) => {
      machine.learning = true;
      machine.reset({ seed: seed + episode });
      return new RandomRun(machine, new Dice(seed + episode));
    },
  };
}

const STEPS_OF_EPISODE = 100;

class RandomRun implements DriveRun {
  readonly score = 0;
  private steps = 0;

  constructor(
    private readonly machine: Machine,
    private readonly dice: Dice,
  ) {}

  get done(): boolean {
    return this.steps >= STEPS_OF_EPISODE;
  }

  step(): void {
    const { machine, dice } = this;
    this.steps++;
    machine.learning = !dice.chance(0.1);
    machine.step(randomInputs(machine.shape, dice));
    if (dice.chance(0.9)) return;
    const weights = machine.shape.probes.filter(({ probe }) => probe.kind === 'weight');
    const { probe } = dice.pick(weights);
    const values = machine.read(probe);
    machine.write(
      probe,
      values.map((value) => 0.9 * value),
    );
  }
}

/** Runs a pair and closes it. */
export function compared({ compilation, twin }: Pair, drive: Drive, steps: number): Comparison {
  try {
    const { fixed, program } = compilation;
    return emulatorToCircuit(twin, drive, steps, explainFixed(fixed, program));
  } finally {
    twin.close();
  }
}

/** The tasks that policies are tried on. */
export const TASKS = ['point-mass', 'hidden-dynamics', 'cue-reward', 'copy-delay'] as const;

/** A small policy of a task, whose rules have coefficients as training might find, and what it shows in two episodes. */
export function policyOf(
  name: (typeof TASKS)[number],
  rule: string,
): { readonly network: Network; readonly calibration: Calibration } {
  const dice = new Dice(name.length);
  const task = taskOf(name);
  const untrained = createPolicyNetwork(task, { hidden: 9, rule });
  const projections = untrained.projections.map((projection) => {
    const count = sizeOf(untrained, projection.pre) * sizeOf(untrained, projection.post);
    const values = (): Float64Array => Float64Array.from({ length: count }, () => dice.real(-1, 1));
    const parameters = Object.keys(projection.parameters).map((parameter) => [
      parameter,
      parameter === 'lr' ? values().map((v) => v / 10) : values(),
    ]);
    return { ...projection, parameters: Object.fromEntries(parameters) };
  });
  const network = { ...untrained, projections };
  const episodes = task.episodes.train.slice(0, 2);
  return { network, calibration: calibrate(network, task, { seed: 1, episodes }) };
}

const sizeOf = ({ populations }: Network, name: string): number =>
  populations.find((p) => p.name === name)!.size;
