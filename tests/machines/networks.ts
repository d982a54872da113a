import { NetworkBuilder, type ProjectionOptions } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';

/**
 * The networks of the machine suite. Every number in them is a small multiple of a power of two, inputs and
 * modulators lie in [-1, 1], and every state stays within ±4, so that integer machines can hold them exactly.
 */
export const ECHO = 'neuron echo()\n  value <- I\n';

export const LEAK = `neuron leak(keep = 0.5)
  state v = 0.25
  v <- v * keep + I
  value <- v
  trace <- trace * 0.5 + value * 0.5
`;

export const GATE = `neuron gate(threshold = 0.5)
  v <- v + I
  spike <- 1 if v >= threshold
  v <- 0 on spike
`;

/** input (2) -> out (2) of echoing neurons, by one projection. */
export function pair(options: ProjectionOptions): Network {
  return new NetworkBuilder('pair')
    .input('input', 2)
    .population('out', 2, ECHO)
    .projection('input', 'out', options)
    .output('out')
    .build();
}

/** The pair with every weight growing by `by` at each run of the rule. */
export function growing(by: number, options: ProjectionOptions = {}): Network {
  return pair({ rule: `rule grow()\n  dw = ${by}\n`, ...options });
}

/** input (1) -> cell (1) -> out (1), no delays: the whole chain runs within a step. */
export function chain(neuron: string): Network {
  return new NetworkBuilder('chain')
    .input('input', 1)
    .population('cell', 1, neuron)
    .population('out', 1, ECHO)
    .projection('input', 'cell', { initialWeights: 0.5 })
    .projection('cell', 'out', { initialWeights: 1 })
    .output('out')
    .build();
}

/** One cell that hears the input and, a step later, itself. */
export function loop(): Network {
  return new NetworkBuilder('loop')
    .input('input', 1)
    .population('cell', 1, ECHO)
    .projection('input', 'cell', { initialWeights: 1 })
    .projection('cell', 'cell', { delay: 1, initialWeights: 0.5 })
    .output('cell')
    .build();
}

/** Learns in both layers, normalises, has state, traces and a modulated rule: for the specs about whole states. */
export function everything(): Network {
  return new NetworkBuilder('everything')
    .input('input', 2)
    .population('hidden', 3, LEAK)
    .population('out', 1, ECHO)
    .projection('input', 'hidden', {
      rule: 'rule hebb(per synapse rate)\n  dw = rate * x * y\n  normalize clip -1 1\n',
      parameters: { rate: [0.5, 0.25, -0.5, 0.25, 0.5, 0.25] },
      initialWeights: [0.5, -0.5, 0.25, 0.25, 0.75, -0.25],
    })
    .projection('hidden', 'out', {
      rule: 'rule rewarded()\n  dw = m * x * 0.5\n  normalize clip -1 1\n',
      initialWeights: 0.5,
    })
    .output('out')
    .build();
}
