import { describe, expect, it } from 'vitest';
import { libraryNeurons, libraryRules } from '../../../../src/equations/library.js';
import { neuronModel, ruleModel } from '../../../../src/equations/load.js';
import { NetworkBuilder } from '../../../../src/network/builder.js';
import type { Network, ParameterValue } from '../../../../src/network/network.js';
import { calibrationOf, seen } from '../../../compiler/context.js';
import { Dice } from '../../../compiler/dice.js';
import { firstDifference } from './agreement.js';
import { type Compiled, compiled, printInstruction } from './compiled.js';

const SEED = 4_104;
const RUNS = 400;

/** Two projections on the neuron, the second with weights that are normalised. */
function neuronNetwork(neuron: string): Network {
  const parameters = coefficients('pdlf', 64, 0.05);
  return new NetworkBuilder(neuron)
    .input('a', 8)
    .input('b', 8, { clip: 1 })
    .population('cell', 8, neuron)
    .projection('a', 'cell', { initialWeights: 0.5 })
    .projection('b', 'cell', {
      rule: 'pdlf',
      bindings: { x: 'pre.value', y: `post.${neuronModel(neuron).value}` },
      parameters,
    })
    .output('cell')
    .build();
}

function ruleNetwork(rule: string): Network {
  return new NetworkBuilder(rule)
    .input('a', 8)
    .population('pre', 8, 'lif')
    .population('post', 8, 'lif')
    .projection('a', 'pre', { initialWeights: 0.5 })
    .projection('pre', 'post', {
      rule,
      parameters: coefficients(rule, 64, 0.1),
      initialWeights: 0.2,
    })
    .output('post')
    .build();
}

/** Values for the parameters of a rule that it does not give itself. */
function coefficients(rule: string, count: number, size: number): Record<string, ParameterValue> {
  const dice = new Dice(SEED);
  const open = ruleModel(rule).parameters.filter((p) => p.default === undefined);
  const values = (): Float64Array => Float64Array.from({ length: count }, () => dice.real(-1, 1));
  return Object.fromEntries(
    open.map((p) => [p.name, p.name === 'lr' ? values().map((v) => v * size) : values()]),
  );
}

/** What runs of such networks show. */
const NEURONS = calibrationOf(
  seen('current', 'cell', 'I', -3, 3),
  seen('variable', 'cell', 'v', -1, 1),
  seen('variable', 'cell', 'trace', -3, 3),
);
const RULES = calibrationOf(
  seen('variable', 'pre', 'trace', 0, 4),
  seen('variable', 'post', 'trace', 0, 4),
  seen('variable', 'post', 'slow_trace', 0, 12),
  seen('synapse', 'pre->post', 'eligibility', -1, 1),
  seen('variable', 'modulator', 'm', -1, 1),
);

const text = (c: Compiled, owner: string): string[] =>
  c.kernel(owner)?.instructions.map(printInstruction) ?? [];

describe('neurons of the library as instructions', () => {
  it.each(Object.keys(libraryNeurons))(`%s does what its trees do (seed ${SEED})`, (neuron) => {
    const c = compiled(neuronNetwork(neuron), { calibration: NEURONS });
    expect(firstDifference(c, 'cell', new Dice(SEED), RUNS)).toBe(undefined);
  });
});

describe('rules of the library as instructions', () => {
  it.each(Object.keys(libraryRules))(`%s does what its trees do (seed ${SEED})`, (rule) => {
    const c = compiled(ruleNetwork(rule), { calibration: RULES });
    if (rule === 'none') expect(text(c, 'pre->post')).toEqual([]);
    else expect(firstDifference(c, 'pre->post', new Dice(SEED), RUNS)).toBe(undefined);
  });
});
