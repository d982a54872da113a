import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../compiler/compile.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';

/** A chip whose cores hold three neurons: larger populations are cut. */
const { limits } = LOIHI2;
export const small = loihiTarget(
  'loihi2',
  'three neurons per core',
  { ...LOIHI2, limits: { ...limits, neuronsPerCore: { value: 3, source: 'test' } } },
  [],
);

export const compiled = (network: Network): Compilation => compile(network, small, NO_CALIBRATION);

/** Two inputs, four neurons that may learn among themselves, one output. */
export function networkWith(neuron: string, rule?: string): Network {
  const open = rule === 'pdlf' || rule === 'abcd';
  const parameters = { lr: 0.5, A: 0.25, B: -0.5, C: 0.125, D: 1 };
  return new NetworkBuilder('own')
    .input('input', 2, { clip: 4, mean: [0.1, -0] })
    .population('hidden', 4, neuron)
    .population('out', 1, 'readout')
    .projection('input', 'hidden')
    .projection('hidden', 'hidden', {
      delay: 1,
      ...(rule === undefined ? {} : { rule, ...(open ? { parameters } : {}) }),
    })
    .projection('hidden', 'out', { initialWeights: 0.5 })
    .output('out')
    .build();
}

/** A neuron with every kind of node: tables, limits, conditions, comparisons, a parameter of each neuron. */
export const EVERYTHING = `neuron everything(per neuron gain, rate = 3)
  state u = 0.5
  a     <- exp(-|v|) + tanh(I)
  v     <- max(min(v + gain * I / rate, 4), -4) - a as s20.12 toward-zero wrap
  u     <- u^2 / 4 + sign(v) as s16.8 floor symmetric
  quiet <- not (v > 1 or v <= -1) and u != 0
  spike <- v >= 1 and not quiet
  v     <- 0 on spike
  trace <- trace / 2 + spike
`;

/** A network of that neuron, with a rule that keeps a variable per synapse and reads the modulator. */
export const everything = (): Network =>
  new NetworkBuilder('every.thing')
    .input('input', 3, { clip: 2, deviation: [1, 2, 0.3] })
    .population('hidden', 5, EVERYTHING, { gain: [1, 2, 3, 4, 5.5] })
    .projection('input', 'hidden', {
      delay: 2,
      weight: 'send',
      rule: 'r_stdp',
      bindings: { x_spike: 'pre.value' },
    })
    .output('hidden', { clip: 1 })
    .build();
