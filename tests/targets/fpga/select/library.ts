import { neuronModel, ruleModel } from '../../../../src/equations/load.js';
import { NetworkBuilder } from '../../../../src/network/builder.js';
import type { Network, ParameterValue } from '../../../../src/network/network.js';
import { calibrationOf, seen } from '../../../compiler/context.js';
import { Dice } from '../../../compiler/dice.js';
import { type Compiled, compiled } from './compiled.js';

const SEED = 4_104;

/** A network and its compilation. */
export interface LibraryCase {
  readonly network: Network;
  readonly compiled: Compiled;
}

/** A neuron of the library as the population `cell`: two projections on it, the second with weights that are normalised. */
export function neuronOfLibrary(neuron: string): LibraryCase {
  const network = new NetworkBuilder(neuron)
    .input('a', 8)
    .input('b', 8, { clip: 1 })
    .population('cell', 8, neuron)
    .projection('a', 'cell', { initialWeights: 0.5 })
    .projection('b', 'cell', {
      rule: 'pdlf',
      bindings: { x: 'pre.value', y: `post.${neuronModel(neuron).value}` },
      parameters: coefficients('pdlf', 64, 0.05),
    })
    .output('cell')
    .build();
  return {
    network,
    compiled: compiled(network, { calibration: neuron === 'izhikevich' ? MILLIVOLTS : NEURONS }),
  };
}

/** A rule of the library at the projection `pre->post`, with coefficients of 16 bits. */
export function ruleOfLibrary(rule: string, coefficientBits = 16): LibraryCase {
  const network = new NetworkBuilder(rule)
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
  return {
    network,
    compiled: compiled(network, { calibration: RULES, options: { coefficientBits } }),
  };
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
const MILLIVOLTS = calibrationOf(
  seen('current', 'cell', 'I', -20, 20),
  seen('variable', 'cell', 'v', -90, 60),
  seen('variable', 'cell', 'u', -20, 20),
  seen('variable', 'cell', 'trace', -3, 3),
);
const RULES = calibrationOf(
  seen('variable', 'pre', 'trace', 0, 4),
  seen('variable', 'post', 'trace', 0, 4),
  seen('variable', 'post', 'slow_trace', 0, 12),
  seen('synapse', 'pre->post', 'eligibility', -1, 1),
  seen('variable', 'modulator', 'm', -1, 1),
);
