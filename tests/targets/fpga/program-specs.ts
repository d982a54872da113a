import { describe, expect, it } from 'vitest';
import { libraryNeurons, libraryRules } from '../../../src/equations/library.js';
import { Dice } from '../../compiler/dice.js';
import { CORES, firstDifference, forCore } from './programs.js';
import { neuronOfLibrary, ruleOfLibrary } from './select/library.js';

const SEED = 911;
const STEPS = 60;

/** Every neuron and every rule of the library on some of the cores. */
export function programSpecs(cores: readonly (keyof typeof CORES)[]): void {
  describe.each(cores)('Programs for a core of %s do what their trees do', (name) => {
    const core = CORES[name];

    it.each(Object.keys(libraryNeurons))(`neuron %s (seed ${SEED})`, (neuron) => {
      const { network } = neuronOfLibrary(neuron);
      const { compilation, machine } = forCore(network, core);
      expect(firstDifference(compilation, machine, new Dice(SEED), STEPS)).toBe(undefined);
    });

    it.each(Object.keys(libraryRules))(`rule %s (seed ${SEED})`, (rule) => {
      const { network } = ruleOfLibrary(rule, 8);
      const { compilation, machine } = forCore(network, core, { options: { coefficientBits: 8 } });
      expect(firstDifference(compilation, machine, new Dice(SEED), STEPS)).toBe(undefined);
    });
  });
}
