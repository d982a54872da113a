import { describe, expect, it } from 'vitest';
import { NetworkBuilder, type ProjectionOptions } from '../../src/network/builder.js';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { pair } from '../machines/networks.js';

const UNIT = `neuron unit(threshold = 0.25)
  v <- v + (I - v) / 2
  value <- sign(v) if |v| > threshold
  v <- 0 on value
  trace <- trace / 2 + value / 2
`;

function pdlf(): Network {
  return new NetworkBuilder('two-units')
    .input('input', 1)
    .population('cell', 2, UNIT)
    .projection('input', 'cell', {
      rule: 'pdlf',
      parameters: { lr: 0.5, A: [1, -1], B: 0.5, C: 0.25, D: [0.5, 0.25] },
    })
    .output('cell')
    .build();
}

const step = (machine: Machine, input: readonly number[]): number[] =>
  Object.values(machine.step({ values: { input }, modulator: 0 })).flatMap((a) => [...a]);
const variable = (machine: Machine, name: string): number[] => [
  ...machine.read({ kind: 'variable', population: 'cell', name }),
];
const weights = (machine: Machine, projection = 'input->cell'): number[] => [
  ...machine.read({ kind: 'weight', projection }),
];

describe('PDLF on an input and two units, by hand', () => {
  it('gives the numbers of three steps', () => {
    const machine = createReferenceMachine(pdlf());
    machine.reset({ seed: 1 });

    // W = 0, so nothing moves; y = 0: dW = lr (−A C x + D) = (1/8, 1/4), over 1/4.
    expect(step(machine, [1])).toEqual([0, 0]);
    expect(weights(machine)).toEqual([0.5, 1]);

    // v = (1/4, 1/2): the first stands at the threshold, the second is above it.
    expect(step(machine, [1])).toEqual([0, 1]);
    expect(variable(machine, 'v')).toEqual([0.25, 0]);
    expect(variable(machine, 'trace')).toEqual([0, 0.5]);
    // dW = (1/8, 1/8): W = (5/8, 9/8) / (9/8).
    expect(weights(machine)).toEqual([5 / 9, 1]);

    // v = (1/4 − 29/72, −1/2) = (−11/72, −1/2).
    expect(step(machine, [-1])).toEqual([0, -1]);
    expect(variable(machine, 'v')[0]).toBeCloseTo(-11 / 72, 15);
    expect(variable(machine, 'trace')).toEqual([0, -0.25]);
    // dW = (3/8, −3/16): W = (67/72, 13/16) / (67/72).
    expect(weights(machine)[0]).toBe(1);
    expect(weights(machine)[1]).toBeCloseTo(117 / 134, 15);
  });

  it('rounds every operation to float32 when asked to', () => {
    const machine = createReferenceMachine(pdlf(), { precision: 'float32' });
    machine.reset({ seed: 1 });
    for (const x of [1, 1, -1]) step(machine, [x]);
    const w = Math.fround(Math.fround(5 / 9) + 0.375);
    expect(weights(machine)).toEqual([1, Math.fround(0.8125 / w)]);
  });
});

describe('currents', () => {
  it('are summed in float32, pre ascending, projection after projection', () => {
    const network = new NetworkBuilder('order')
      .input('input', 3)
      .population('out', 1, 'neuron echo()\n  value <- I\n')
      .projection('input', 'out', { name: 'first', initialWeights: [0.1, 0.2, 0.3] })
      .projection('input', 'out', { name: 'second', initialWeights: [0.7, 0, -0.1] })
      .output('out')
      .build();
    const machine = createReferenceMachine(network, { precision: 'float32' });
    const f = Math.fround;
    const x = [0.3, 0.9, -0.7].map(f);
    const sum = (w: readonly number[]): number =>
      w.reduce((acc, each, i) => f(acc + f(f(each) * x[i]!)), 0);
    const expected = f(sum([0.1, 0.2, 0.3]) + sum([0.7, 0, -0.1]));
    expect(step(machine, [0.3, 0.9, -0.7])).toEqual([expected]);
    expect([...machine.read({ kind: 'current', population: 'out' })]).toEqual([expected]);
  });

  it('are offered as a probe', () => {
    const machine = createReferenceMachine(pair({ initialWeights: [1, 2, 3, 4] }));
    step(machine, [1, -1]);
    expect([...machine.read({ kind: 'current', population: 'out' })]).toEqual([-2, -2]);
    expect([...machine.read({ kind: 'counter', name: 'step' })]).toEqual([1]);
  });
});

describe('rules', () => {
  const learned = (options: ProjectionOptions, modulator = 0): Machine => {
    const machine = createReferenceMachine(pair(options), { precision: 'float32' });
    machine.step({ values: { input: [1, 1] }, modulator });
    return machine;
  };

  it('give parameters per neuron to the postsynaptic side', () => {
    const rule = 'rule r(per neuron b)\n  dw = b\n';
    const machine = learned({ rule, parameters: { b: [1, 2] } });
    expect(weights(machine, 'input->out')).toEqual([1, 2, 1, 2]);
  });

  it('round the modulator, writes and the bounds of a clip to float32', () => {
    const rule = 'rule r()\n  dw = m * 10\n  normalize clip -0.1 0.1\n';
    for (const sign of [1, -1]) {
      const clipped = weights(learned({ rule }, 0.3 * sign), 'input->out');
      expect(clipped).toEqual(Array(4).fill(Math.fround(0.1 * sign)));
    }
    const machine = learned({ rule: 'rule r()\n  dw = m * 9\n' }, 0.1);
    const f = Math.fround;
    expect(weights(machine, 'input->out')[0]).toBe(f(f(0.1) * 9));
    expect(f(f(0.1) * 9)).not.toBe(f(0.1 * 9));
    machine.write({ kind: 'weight', projection: 'input->out' }, [0.1, 0.2, 0.3, 0.4]);
    expect(weights(machine, 'input->out')).toEqual([0.1, 0.2, 0.3, 0.4].map(f));
  });
});

describe('normalisations', () => {
  const after = (normalize: string, initialWeights: readonly number[]): number[] => {
    const rule = `rule r()\n  dw = 0.5\n  normalize ${normalize}\n`;
    const machine = createReferenceMachine(pair({ rule, initialWeights }));
    step(machine, [0, 0]);
    return weights(machine, 'input->out');
  };

  it.each([
    ['clip -1 1', [0, 0.75, -2, -1.25], [0.5, 1, -1, -0.75]],
    ['decay 0.25', [0, 1, -2, 4], [0.5, 1.25, -1, 3.5]],
    ['max', [0, 1, -2.5, 0.5], [0.25, 0.75, -1, 0.5]],
    ['max', [-0.5, -0.5, -0.5, -0.5], [0, 0, 0, 0]],
    ['pow2', [0, 4.5, -2.5, 0.5], [0.0625, 0.625, -0.25, 0.125]],
    ['pow2', [0.5, 0, -1, 0], [1, 0.5, -0.5, 0.5]],
  ])('%s of %j + 0.5 gives %j', (normalize, before, expected) => {
    expect(after(normalize, before)).toEqual(expected);
  });
});

describe('ports and parameters', () => {
  it('normalise, scale and clip what comes in, and scale and clip what goes out', () => {
    const network = new NetworkBuilder('ports')
      .input('input', 2, { mean: [1, 2], deviation: [2, 4], scale: 3, clip: 4 })
      .population('out', 2, 'neuron echo()\n  value <- I\n')
      .projection('input', 'out', { initialWeights: [1, 0, 0, 1] })
      .output('out', { scale: 2, clip: 5 })
      .build();
    const machine = createReferenceMachine(network);
    expect(step(machine, [2, -100])).toEqual([3, -5]);
    const read = machine.read({ kind: 'variable', population: 'input', name: 'value' });
    expect([...read]).toEqual([1.5, -4]);
  });

  it('may be written per neuron and per synapse, until the next reset', () => {
    const machine = createReferenceMachine(pdlf());
    const lr = { kind: 'synapse', projection: 'input->cell', name: 'lr' } as const;
    machine.write(lr, new Float64Array(machine.read(lr).length));
    step(machine, [1]);
    expect(weights(machine)).toEqual([0, 0]);
    machine.reset({ seed: 1 });
    step(machine, [1]);
    expect(weights(machine)).toEqual([0.5, 1]);
  });

  it('refuse a write to what comes from outside', () => {
    const machine = createReferenceMachine(pdlf());
    const probe = { kind: 'variable', population: 'input', name: 'value' } as const;
    expect(() => machine.write(probe, [1])).toThrow(/PL5002/);
  });
});

describe('conditions', () => {
  it('keep a persistent variable and an earlier assignment, and clear an event', () => {
    const neuron = `neuron n()
  count <- count + 1 if I > 0
  event <- 1 if I > 0
  both <- 2
  both <- 3 if I > 0
  value <- event
`;
    const network = new NetworkBuilder('conditions')
      .input('input', 2)
      .population('cell', 2, neuron)
      .projection('input', 'cell', { initialWeights: [1, 0, 0, 1] })
      .output('cell')
      .build();
    const machine = createReferenceMachine(network);
    const inputs = [
      [1, 1],
      [-1, -1],
      [1, -1],
    ];
    const seen = inputs.map((input) => {
      step(machine, input);
      return ['count', 'event', 'both'].map((name) => variable(machine, name));
    });
    // Per step: count, event and both, each for two neurons.
    expect(seen).toEqual([
      [
        [1, 1],
        [1, 1],
        [3, 3],
      ],
      [
        [1, 1],
        [0, 0],
        [2, 2],
      ],
      [
        [2, 1],
        [1, 0],
        [3, 2],
      ],
    ]);
  });
});
