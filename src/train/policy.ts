import { draw } from '../../compiler/levels/numbers/draw.js';
import { gaussian } from '../equations/functions/gaussian.js';
import { ruleModel } from '../equations/load.js';
import type { NeuronModel, RuleModel } from '../equations/model.js';
import { NetworkBuilder, type ProjectionOptions } from '../network/builder.js';
import type { Network } from '../network/network.js';
import type { Task } from '../tasks/task.js';

/** What a policy is made of; absent: `pdlf`, `ternary_lif`, 32 neurons, `readout`, seed 1. */
export interface PolicyOptions {
  /** A rule's name, text or model; `static` is no rule: the initial weights are trained instead. */
  readonly rule?: string | RuleModel;
  /** The hidden neuron's name, text or model. */
  readonly neuron?: string | NeuronModel;
  /** Hidden neurons. */
  readonly hidden?: number;
  /** The action neuron's name, text or model. */
  readonly readout?: string | NeuronModel;
  /** 32 bits; governs the random initial weights of a `static` network. */
  readonly seed?: number;
}

/** The word that stands for no rule. */
export const STATIC = 'static';

/** Deviation of the random initial weights of a static network. */
const STATIC_DEVIATION = 0.2;
const WEIGHT_OPERATION = 0x57a7;

/**
 * The network of a task: `observation -> hidden -> action`, dense, without delay, both projections under the same
 * rule. With a rule all weights and per-synapse parameters begin at 0, and every episode starts from these weights.
 * A static network begins at random weights: one whose neurons are odd does the same under W and −W, so at 0 the two
 * members of a mirrored pair score the same and a search would never leave it. Throws PL1xxx for unknown neurons
 * and rules, or a network that does not check.
 */
export function createPolicyNetwork(task: Task, options: PolicyOptions = {}): Network {
  const { neuron = 'ternary_lif', hidden = 32, readout = 'readout', rule = 'pdlf' } = options;
  const { seed = 1 } = options;
  const sizes = [task.observationSize, hidden, task.actionSize];
  const learning = (index: number): ProjectionOptions => {
    if (rule === STATIC) {
      return { initialWeights: randomWeights(seed, index, sizes[index]! * sizes[index + 1]!) };
    }
    return { rule, parameters: zeros(rule) };
  };
  return new NetworkBuilder(task.name)
    .input('observation', task.observationSize)
    .population('hidden', hidden, neuron)
    .population('action', task.actionSize, readout)
    .projection('observation', 'hidden', learning(0))
    .projection('hidden', 'action', learning(1))
    .output('action')
    .build();
}

function randomWeights(seed: number, projection: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, synapse) => {
    const a = draw(seed, projection, synapse, 0, 0, WEIGHT_OPERATION);
    const b = draw(seed, projection, synapse, 1, 0, WEIGHT_OPERATION);
    return STATIC_DEVIATION * gaussian(a, b);
  });
}

/** The per-synapse parameters that a rule leaves open. */
function zeros(rule: string | RuleModel): Record<string, number> {
  const model = typeof rule === 'string' ? ruleModel(rule) : rule;
  const open = model.parameters.filter((p) => p.scope === 'synapse' && p.default === undefined);
  return Object.fromEntries(open.map((p) => [p.name, 0]));
}
