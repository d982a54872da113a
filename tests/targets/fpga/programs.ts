import type { Calibration } from '../../../compiler/analysis/calibration.js';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import type { CompileOptions } from '../../../compiler/pass.js';
import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import type { Machine } from '../../../src/network/machine.js';
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
  const target = fpgaTarget({ ...ulx3s85f, core: { ...ulx3s85f.core, ...core } });
  const { calibration = NO_CALIBRATION, options } = given;
  const compilation = compile(network, target, calibration, options);
  return { compilation, machine: target.createMachine(compilation.bytes, 'p') };
}

/**
 * Steps the trees and a machine on random inputs, and compares outputs in each step and all state in some: between them learning
 * waits for the next step. Gives the first difference.
 */
export function firstDifference(
  { fixed }: Compilation,
  machine: Machine,
  dice: Dice,
  steps: number,
): string | undefined {
  const trees = createFixedMachine(fixed);
  const seed = dice.word();
  for (const m of [trees, machine]) m.reset({ seed });
  const probes = trees.shape.probes.filter(({ probe }) => probe.kind !== 'counter');
  for (let step = 0; step < steps; step++) {
    const values = Object.fromEntries(
      trees.shape.inputs.map(({ name, size }) => [
        name,
        Float64Array.from({ length: size }, () => (dice.chance(0.3) ? 0 : dice.real(-2, 2))),
      ]),
    );
    const inputs = { values, modulator: dice.real(-1, 1) };
    for (const m of [trees, machine]) m.learning = !dice.chance(0) && step % 11 !== 5;
    const [want, got] = [trees.step(inputs), machine.step(inputs)];
    for (const [name, outputs] of Object.entries(want)) {
      const at = outputs.findIndex((v, i) => v !== got[name]![i]);
      if (at >= 0)
        return `step ${step}: output ${name}[${at}] is ${got[name]![at]}, not ${outputs[at]}`;
    }
    if (step % 5 !== 3) continue;
    for (const { probe } of probes) {
      const [x, y] = [trees.read(probe), machine.read(probe)];
      const at = x.findIndex((v, i) => v !== y[i]);
      if (at >= 0) return `step ${step}: ${JSON.stringify(probe)}[${at}] is ${y[at]}, not ${x[at]}`;
    }
  }
  return undefined;
}
