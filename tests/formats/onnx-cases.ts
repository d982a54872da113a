import { NetworkBuilder, type ProjectionOptions } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { type NetworkShape, networkOf, noise } from '../lockstep/random-networks.js';

export const base: NetworkShape = {
  inputs: 4,
  hidden: 6,
  neuron: 'ternary_lif',
  rule: 'pdlf',
  recurrent: undefined,
  delay: 1,
  weight: 'arrival',
  every: 1,
  density: 1,
  seed: 11,
};

/** Networks of every feature. */
const features: Record<string, Network> = {
  'pdlf with max': networkOf(base),
  'abcd, sparse and recurrent, every 2': networkOf({
    ...base,
    rule: 'abcd',
    recurrent: 'abcd',
    density: 0.5,
    delay: 3,
    every: 2,
  }),
  'stdp on lif': networkOf({
    ...base,
    neuron: 'lif',
    rule: undefined,
    recurrent: 'stdp',
    delay: 2,
  }),
  'weights as sent': networkOf({
    ...base,
    neuron: 'lif',
    rule: 'hebb',
    recurrent: 'stdp',
    weight: 'send',
    delay: 2,
  }),
  'r_stdp on cuba_lif': networkOf({
    ...base,
    neuron: 'cuba_lif',
    rule: undefined,
    recurrent: 'r_stdp',
  }),
  'oja on adaptive_lif': networkOf({ ...base, neuron: 'adaptive_lif', rule: 'oja' }),
  izhikevich: networkOf({ ...base, neuron: 'izhikevich', rule: 'hebb', delay: 2 }),
  pow2: one('rule grow\n  dw = 3 * x * y + x\n  normalize pow2\n'),
};

/** Four inputs on six neurons by one learning projection. */
function one(rule: string, options: ProjectionOptions = {}, neuron = 'ternary_lif'): Network {
  return new NetworkBuilder('one')
    .input('observation', 4)
    .population('hidden', 6, neuron)
    .projection('observation', 'hidden', { rule, initialWeights: 0.5, ...options })
    .output('hidden')
    .build();
}

/** Seven of the 24 synapses. */
const pairs: readonly (readonly [number, number])[] = [0, 3, 4, 11, 14, 17, 22].map((k) => [
  Math.floor(k / 6),
  k % 6,
]);
const sparse = { connectivity: pairs };
const perSynapse = noise(pairs.length, 0.4, 5).map((v) => v + 0.6);

/** What must not reach the synapses that exist from those that do not. */
const absentSynapses: Record<string, Network> = {
  'clip above 0': one('rule r\n  dw = 0.1 * x * y\n  normalize clip 0.1 1\n', sparse),
  'clip above 0, then max': one(
    'rule r\n  dw = 0.1 * x\n  normalize clip 0.1 0.2\n  normalize max\n',
    { ...sparse, initialWeights: 0.01 },
  ),
  'all below the size of what is absent': one(
    'rule r\n  dw = 0.001 * x * y + w * 0\n  normalize max\n  normalize decay 0.5\n  normalize clip 0.3 2\n  normalize pow2\n',
    sparse,
  ),
  'a divisor per synapse': one('rule r(per synapse tau)\n  dw = x * y / tau\n', {
    ...sparse,
    parameters: { tau: perSynapse },
  }),
  'a logarithm per synapse': one(
    'rule r(per synapse tau)\n  state e = 0\n  e <- 0.5 * e + x / tau\n  dw = 0.1 * log(tau) * e\n  normalize max\n',
    { ...sparse, parameters: { tau: perSynapse }, delay: 2 },
  ),
  'infinite payload': new NetworkBuilder('payload')
    .input('observation', 4)
    .population('hidden', 6, 'neuron n\n  state v = 1\n  v <- v * 1e30 * I\n  value <- v\n')
    .population('action', 6, 'readout')
    .projection('observation', 'hidden', { initialWeights: 2 })
    .projection('hidden', 'action', { ...sparse, initialWeights: 2 })
    .output('action')
    .build(),
};

const OVERFLOWS = 'rule r\n  dw = 3e38 * x\n';
const infinities: Record<string, Network> = {
  'infinite weights': one(OVERFLOWS),
  'infinite weights, max': one(`${OVERFLOWS}  normalize max\n`),
  'infinite weights, pow2': one(`${OVERFLOWS}  normalize pow2\n`),
  'infinite weights, clip': one(`${OVERFLOWS}  normalize clip -1e38 2\n`),
  'infinite weights on a silent side': new NetworkBuilder('silent')
    .input('observation', 4)
    .population('hidden', 6, 'ternary_lif')
    .population('action', 6, 'readout')
    .projection('observation', 'hidden', { initialWeights: noise(24, 2, 1) })
    .projection('hidden', 'action', { rule: OVERFLOWS })
    .output('action')
    .build(),
  'sign of NaN': one(
    'rule r\n  dw = 0.1 * x * y\n',
    {},
    'neuron n\n  value <- sign(sqrt(I)) + abs(sign(-I))\n',
  ),
};

/** Names that generated ones or names of another kind could meet. */
const names: Record<string, Network> = {
  'parameter mask': one('rule r(per synapse mask)\n  dw = mask * x * y\n', {
    ...sparse,
    parameters: { mask: perSynapse },
  }),
  'parameters new_w, zero, loop_w and s0': one(
    'rule r(new_w, zero, loop_w, s0)\n  dw = new_w * x * y + zero + loop_w * s0\n  normalize pow2\n',
    { ...sparse, parameters: { new_w: 0.5, zero: 0.1, loop_w: 0.3, s0: 0.4 } },
  ),
  'variables t0 and t3': one(
    'rule r\n  state t0 = 0.5\n  t3 <- x + t0\n  t0 <- 0.5 * t0 + 0.1 * t3 * y\n  dw = t0 * t3\n  normalize max\n',
    {},
    'neuron n\n  state t0 = 0\n  state t3 = 1\n  t0 <- 0.5 * t0 + I * t3\n  t3 <- 0.9 * t3 + 0.1 * (t0 > 1)\n  value <- t0 > 1\n',
  ),
  'a variable line beside a delay': one(
    'rule r\n  state line = 0\n  line <- 0.5 * line + x\n  dw = 0.01 * line\n',
    { delay: 3 },
  ),
  'a projection named like its population': new NetworkBuilder('twice')
    .input('observation', 4)
    .population(
      'h',
      6,
      'neuron n(per neuron k)\n  state v = 0\n  v <- k * v + I\n  value <- v > 1\n',
      {
        k: noise(6, 0.9, 1),
      },
    )
    .projection('observation', 'h', {
      name: 'h',
      rule: 'rule r(per synapse k)\n  state v = 0\n  v <- v * k + x\n  dw = k * v * y\n  normalize max\n',
      parameters: { k: noise(24, 0.5, 2) },
      initialWeights: 1,
    })
    .output('h')
    .build(),
  'a parameter zero per neuron': new NetworkBuilder('zero')
    .input('observation', 4)
    .population('h', 6, 'neuron n(per neuron zero)\n  value <- I > zero\n', {
      zero: noise(6, 0.9, 1),
    })
    .projection('observation', 'h', { initialWeights: 1 })
    .output('h')
    .build(),
  'rules r, sparse, and r_sparse, dense': new NetworkBuilder('rules')
    .input('observation', 4)
    .population('h', 6, 'ternary_lif')
    .projection('observation', 'h', { name: 'a', rule: 'rule r\n  dw = x * y\n', ...sparse })
    .projection('observation', 'h', { name: 'b', rule: 'rule r_sparse\n  dw = x - y\n' })
    .projection('observation', 'h', { name: 'c', rule: 'rule r\n  dw = x * y\n', delay: 1 })
    .output('h')
    .build(),
  'projections named like states': new NetworkBuilder('states')
    .input('observation', 4)
    .population('h', 6, 'ternary_lif')
    .projection('observation', 'h', { name: 'p', rule: 'hebb', delay: 2 })
    .projection('observation', 'h', { name: 'final:synapse:p', rule: 'hebb', initialWeights: 1 })
    .projection('observation', 'h', { name: 'p/w', rule: 'hebb', initialWeights: 0.2 })
    .output('h')
    .build(),
  ...Object.fromEntries(
    ['modulator', 'reset', 'steps', 't0', 's0', 'h.v', 'value'].map((input) => [
      `an input named ${input}`,
      new NetworkBuilder('input')
        .input(input, 4)
        .population('h', 6, 'ternary_lif')
        .projection(input, 'h', { rule: 'hebb', every: 2, initialWeights: 0.5 })
        .output('h')
        .build(),
    ]),
  ),
};

/** Networks whose exported models must do what the reference does. */
export const cases: Record<string, Network> = {
  ...features,
  ...absentSynapses,
  ...infinities,
  ...names,
};
