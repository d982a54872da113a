import fc from 'fast-check';
import { NetworkBuilder, type Values } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { ECHO, GATE, LEAK } from '../machines/networks.js';

const RULES = [
  undefined,
  'rule grow()\n  dw = 0.25\n',
  'rule hebb(lr, per neuron b = 0, per synapse a = 1)\n  dw = lr * a * x * y + b\n  normalize max\n',
  'rule slow(lr)\n  e <- e / 2 + x * y_v\n  dw = lr * m * e\n  normalize decay 0.1\n  normalize clip -1 1\n',
];

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const positive = number.filter((n) => n > 0);

/** One number or `length` of them. */
const values = (length: number, each: fc.Arbitrary<number> = number): fc.Arbitrary<Values> =>
  fc.oneof(each, fc.array(each, { minLength: length, maxLength: length }));

/** Networks of one input, one to three populations and a projection onto each, over the whole grammar of the text. */
export const randomNetwork: fc.Arbitrary<Network> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 6 }),
    cells: fc.array(
      fc.record({
        size: fc.integer({ min: 1, max: 7 }),
        neuron: fc.constantFrom(ECHO, LEAK, GATE),
        rule: fc.constantFrom(...RULES),
        density: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        delay: fc.integer({ min: 0, max: 3 }),
        send: fc.boolean(),
        every: fc.integer({ min: 1, max: 4 }),
        loop: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    scale: number,
    clip: fc.oneof(fc.constant(Infinity), positive),
    seed: fc.integer(),
  })
  .chain((plan) =>
    fc
      .record({
        mean: values(plan.inputs),
        deviation: values(plan.inputs, positive),
        cells: fc.tuple(
          ...plan.cells.map(({ size }) =>
            fc.record({ own: values(size), lr: number, b: values(size), fixed: number }),
          ),
        ),
        weights: values(plan.inputs * plan.cells[0]!.size),
      })
      .map((drawn) => build(plan, drawn)),
  );

interface Plan {
  readonly inputs: number;
  readonly cells: readonly {
    readonly size: number;
    readonly neuron: string;
    readonly rule: string | undefined;
    readonly density: number | null;
    readonly delay: number;
    readonly send: boolean;
    readonly every: number;
    readonly loop: boolean;
  }[];
  readonly scale: number;
  readonly clip: number;
  readonly seed: number;
}

interface Drawn {
  readonly mean: Values;
  readonly deviation: Values;
  readonly cells: readonly {
    readonly own: Values;
    readonly lr: number;
    readonly b: Values;
    readonly fixed: number;
  }[];
  readonly weights: Values;
}

function build(plan: Plan, drawn: Drawn): Network {
  const { scale, clip, seed } = plan;
  const { mean, deviation } = drawn;
  const builder = new NetworkBuilder('random').input('input', plan.inputs, {
    mean,
    deviation,
    scale,
    clip,
  });
  plan.cells.forEach(({ size, neuron, delay, send, rule, every, density, loop }, index) => {
    const { own, lr, b, fixed } = drawn.cells[index]!;
    const name = `cell${index}`;
    const pre = index === 0 ? 'input' : `cell${index - 1}`;
    // Scalars of these neurons take one number.
    const one = typeof own === 'number' ? own : own[0]!;
    const parameters = neuron === LEAK ? { keep: one } : {};
    builder.population(name, size, neuron, parameters);
    const readsV = rule?.includes('y_v') === true && neuron === ECHO;
    builder.projection(pre, name, {
      delay,
      weight: send ? 'send' : 'arrival',
      connectivity: density === null ? 'dense' : { density, seed },
      initialWeights: index === 0 && density === null ? drawn.weights : fixed,
      ...(rule === undefined
        ? {}
        : {
            rule,
            every,
            parameters: {
              ...(rule.includes('(lr') ? { lr } : {}),
              ...(rule.includes('per neuron b') ? { b } : {}),
            },
            ...(readsV ? { bindings: { y_v: 'post.value' } } : {}),
          }),
    });
    if (loop) builder.projection(name, name, { name: `loop${index}`, delay: 1 });
    builder.output(name, { scale, clip });
  });
  return builder.build();
}
