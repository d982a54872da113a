import type { Calibration } from '../../../compiler/analysis/calibration.js';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import type { CompileOptions } from '../../../compiler/pass.js';
import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import type { Inputs, Machine, MachineShape } from '../../../src/network/machine.js';
import type { Network } from '../../../src/network/network.js';
import { ulx3s85f } from '../../../targets/fpga/boards/ulx3s.js';
import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { fpgaTarget } from '../../../targets/fpga/index.js';
import type { Dice } from '../../compiler/dice.js';

/** Cores on which Programs are tried: wide and narrow, chains of every length, in every memory that a board has. */
export const CORES = {
  'eight lanes, four units': {},
  'two lanes, two units': { lanes: 2, units: 2, depth: 3, rounds: 1, divide: 2 },
  'one lane, one unit': { lanes: 1, units: 1, depth: 4, rounds: 1, divide: 1 },
  'four lanes, one unit': { lanes: 4, units: 1, depth: 3, rounds: 3, divide: 14, parity: 1 },
} as const satisfies Readonly<Record<string, Partial<CoreConfiguration>>>;

/** A network for a core of some parameters. */
export function forCore(
  network: Network,
  core: Partial<CoreConfiguration>,
  given: {
    readonly options?: Partial<CompileOptions>;
    readonly calibration?: Calibration;
  } = {},
): { readonly compilation: Compilation; readonly machine: Machine } {
  const target = fpgaTarget({ ...ulx3s85f, core: { ...ulx3s85f.core, ...core } }, true);
  const { calibration = NO_CALIBRATION, options } = given;
  const compilation = compile(network, target, calibration, options);
  return { compilation, machine: target.createMachine(compilation.bytes, 'p') };
}

/** Inputs at random: silence, what a network usually hears, and what no format holds. */
export function randomInputs({ inputs }: MachineShape, dice: Dice): Inputs {
  const size = dice.pick([0, 0.5, 2, 2, 2, 1000]);
  const value = (): number => (dice.chance(0.3) ? 0 : dice.real(-size, size));
  const values = inputs.map(({ name, size: length }) => [
    name,
    Float64Array.from({ length }, value),
  ]);
  return { values: Object.fromEntries(values), modulator: dice.pick([dice.real(-1, 1), 0, 40]) };
}

/**
 * Steps the trees and a machine on random inputs, and compares outputs in each step and all state in some: between them learning
 * waits for the next step. Learning is switched off at times, state is written, and once all begins anew. Gives the first difference.
 */
export function firstDifference(
  { fixed }: Compilation,
  machine: Machine,
  dice: Dice,
  steps: number,
): string | undefined {
  const trees = createFixedMachine(fixed);
  const both = [trees, machine];
  const probes = trees.shape.probes.filter(({ probe }) => probe.kind !== 'counter');
  for (let step = 0; step < steps; step++) {
    if (step === 0 || step === Math.floor(steps / 2)) {
      const seed = dice.word();
      for (const m of both) m.reset({ seed });
    }
    const inputs = randomInputs(trees.shape, dice);
    const learning = !dice.chance(0.1);
    for (const m of both) m.learning = learning;
    const [want, got] = [trees.step(inputs), machine.step(inputs)];
    for (const [name, outputs] of Object.entries(want)) {
      const at = outputs.findIndex((v, i) => v !== got[name]![i]);
      if (at >= 0)
        return `step ${step}: output ${name}[${at}] is ${got[name]![at]}, not ${outputs[at]}`;
    }
    if (dice.chance(0.8)) continue;
    for (const { probe } of probes) {
      const [x, y] = [trees.read(probe), machine.read(probe)];
      const at = x.findIndex((v, i) => v !== y[i]);
      if (at >= 0) return `step ${step}: ${JSON.stringify(probe)}[${at}] is ${y[at]}, not ${x[at]}`;
    }
    if (dice.chance(0.5)) continue;
    const { probe } = dice.pick(probes.filter(({ writable }) => writable));
    if (probe.kind === 'scale') continue;
    const factor = dice.real(-1, 1);
    const written = trees.read(probe).map((value) => factor * value);
    for (const m of both) m.write(probe, written);
  }
  return undefined;
}
