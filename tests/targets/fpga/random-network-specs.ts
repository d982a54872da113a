import { expect, it } from 'vitest';
import { DiagnosticsError } from '../../../compiler/diagnostics/diagnostic.js';
import { printNetwork } from '../../../src/network/text.js';
import { cyclesOf } from '../../../targets/fpga/encode/sequence.js';
import { loadProgram } from '../../../targets/fpga/machine/loaded.js';
import { Dice } from '../../compiler/dice.js';
import { brokenDraws, brokenWrites } from './host-rules.js';
import { firstDifference, forCore } from './programs.js';
import { type RandomCase, randomCase } from './random-network.js';

/** Why random networks may not fit a core. */
const REFUSED: readonly string[] = [
  'PL3003', // more coefficients than a synapse holds
  'PL3008', // rules read more than a neuron sends
  'PL3010', // more temporaries than a core has
  'PL3055', // more fields than a neuron has
  'PL3056', // more passes than commands hold
  'PL3057', // coefficients wider than what a host writes
];

const STEPS = 40;

/** The network on its core, or why it does not fit. */
export function attempt(given: RandomCase): ReturnType<typeof forCore> | string {
  try {
    return forCore(given.network, given.core, given);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.find((d) => d.severity === 'error')!.code;
  }
}

/** Random networks on random cores: what they do in a run is what their trees do, and no step takes longer than foretold. */
export function randomNetworkSpecs(first: number, last: number): void {
  it(`of the seeds ${first} to ${last} do what their trees do`, () => {
    const refused: string[] = [];
    for (let seed = first; seed <= last; seed++) {
      const given = randomCase(seed);
      const made = attempt(given);
      if (typeof made === 'string') {
        refused.push(made);
        continue;
      }
      const { compilation, machine } = made;
      const found = firstDifference(compilation, machine, new Dice(seed), STEPS);
      const { core } = given;
      const shown = `seed ${seed}: ${JSON.stringify(core)}\n${printNetwork(given.network)}`;
      expect(found, shown).toBeUndefined();
      expect(brokenDraws(compilation.program), shown).toBeUndefined();
      expect(brokenWrites(compilation.program, new Dice(seed), 6), shown).toBeUndefined();
      const { commands, configuration } = loadProgram(compilation.program);
      expect(slowestStep(machine), shown).toBeLessThanOrEqual(cyclesOf(commands, configuration));
    }
    expect(refused.filter((code) => !REFUSED.includes(code))).toEqual([]);
    expect(refused.length).toBeLessThan(0.3 * (last - first + 1));
  });
}

/** Cycles of the slowest of some steps in which every row counts and all learn. */
function slowestStep(machine: ReturnType<typeof forCore>['machine']): number {
  machine.reset({ seed: 1 });
  machine.learning = true;
  let slowest = 0;
  const cycles = (): number => machine.read({ kind: 'counter', name: 'cycles' })[0]!;
  for (let step = 0; step < 6; step++) {
    const values = machine.shape.inputs.map(({ name, size }) => [name, Array(size).fill(1)]);
    const before = cycles();
    machine.step({ values: Object.fromEntries(values), modulator: 1 });
    slowest = Math.max(slowest, cycles() - before);
  }
  return slowest;
}
