import { describe, expect, it } from 'vitest';
import { libraryNeurons, libraryRules } from '../../../src/equations/library.js';
import { Dice } from '../../compiler/dice.js';
import { CORES, firstDifference, forCore } from './programs.js';
import { neuronOfLibrary, ruleOfLibrary } from './select/library.js';

const SEED = 911;
const STEPS = 60;

describe.each(Object.entries(CORES))(
  'Programs for a core of %s do what their trees do',
  (_, core) => {
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
  },
);
