import { describe, expect, it } from 'vitest';
import { libraryNeurons, libraryRules } from '../../../../src/equations/library.js';
import { Dice } from '../../../compiler/dice.js';
import { firstDifference } from './agreement.js';
import { neuronOfLibrary, ruleOfLibrary } from './library.js';

const SEED = 4_104;
const RUNS = 400;

/** How many instructions each takes. */
const NEURONS: Readonly<Record<string, number>> = {
  lif: 8,
  cuba_lif: 7,
  ternary_lif: 6,
  adaptive_lif: 11,
  izhikevich: 13,
  readout: 1,
};
const RULES: Readonly<Record<string, number>> = {
  pdlf: 4,
  abcd: 4,
  hebb: 3,
  oja: 4,
  stdp: 5,
  triplet_stdp: 7,
  r_stdp: 8,
  none: 0,
};

describe('neurons of the library as instructions', () => {
  it.each(Object.keys(libraryNeurons))(`%s does what its trees do (seed ${SEED})`, (neuron) => {
    const { compiled } = neuronOfLibrary(neuron);
    expect(compiled.kernel('cell')!.instructions).toHaveLength(NEURONS[neuron]!);
    expect(firstDifference(compiled, 'cell', new Dice(SEED), RUNS)).toBe(undefined);
  });
});

describe('rules of the library as instructions', () => {
  it.each(Object.keys(libraryRules))(`%s does what its trees do (seed ${SEED})`, (rule) => {
    const { compiled } = ruleOfLibrary(rule, 8);
    const kernel = compiled.kernel('pre->post');
    expect(kernel?.instructions.length ?? 0).toBe(RULES[rule]!);
    if (kernel)
      expect(firstDifference(compiled, 'pre->post', new Dice(SEED), RUNS)).toBe(undefined);
  });
});
