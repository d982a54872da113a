import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { lanesRefuse } from '../../compiler/codegen/wasm/integer-network.js';
import { type Compilation, compile } from '../../compiler/compile.js';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { createIntegerLanes } from '../../runtime/host/integer-lanes.js';
import { printExpression } from '../../src/equations/print.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { targetNamed } from '../../targets/index.js';
import { expressions } from '../equations/random-definition.js';

const SEED = 20261124;
const RUNS = 400;
const target = targetNamed('loihi2');

const shape = {
  names: ['v', 's', 'I', 'k', 'c'],
  numbers: fc.oneof(
    fc.constantFrom(0, 1, 2, 0.5, 0.001, 100, 0.1, 1e-9, 1e-18),
    fc.double({ min: 1e-6, max: 1000, noNaN: true }),
  ),
  operators: ['+', '-', '*', '<', '<=', '>', '>=', '==', '!=', 'and', 'or'],
  functions: ['abs', 'sign', 'exp', 'log', 'tanh', 'sqrt', 'min', 'max'],
  exponents: 3,
} as const;

const formats = ['s24.6', 'u16.3', 's8.0', 'u31.2', 's31.5', 's32.4', 's30.10', 's32.31', 's5.-3'];
const stated = fc.option(
  fc
    .tuple(
      fc.constantFrom(...formats, 's25.0', 'u1.0', 'u24.16', 's48.30'),
      fc.constantFrom('floor', 'nearest', 'toward-zero'),
      fc.constantFrom('saturate', 'wrap', 'symmetric'),
    )
    .map((words) => ` as ${words.join(' ')}`),
  { nil: '' },
);
const condition = fc.option(
  expressions(shape, 2).map((e) => ` if ${printExpression(e)}`),
  { nil: '' },
);
const update = (name: string) =>
  fc
    .tuple(expressions(shape, 3), stated, condition)
    .map(([e, format, when]) => `  ${name} <- ${printExpression(e)}${format}${when}\n`);

const rules = [
  'rule r(per synapse a, b)\n  dw = a * x * y + b * x\n  normalize clip -1 1\n',
  'rule r(per synapse a, b)\n  e <- 0.5 * e + a * x\n  dw = b * e * y * y - 0.01 * w\n  normalize clip -0.5 2\n',
  'rule r(per synapse a, b)\n  dw = a * w * w * x + b * m * y\n  normalize decay 0.1, clip 0 1\n',
];
const networks = fc
  .record({
    updates: fc.tuple(update('v'), update('s'), update('value')),
    initial: fc.constantFrom('', '  state v = 0.25\n', '  state v = 1000\n'),
    rule: fc.constantFrom(...rules),
    pre: fc.integer({ min: 1, max: 3 }),
    post: fc.integer({ min: 1, max: 6 }),
    delay: fc.nat(2),
    weight: fc.constantFrom('arrival' as const, 'send' as const),
    every: fc.integer({ min: 1, max: 2 }),
    recurrent: fc.boolean(),
    values: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 40, maxLength: 40 }),
  })
  .map(({ updates, initial, rule, pre, post, values, recurrent, ...connection }) => {
    const some = (length: number, stride: number) =>
      Float64Array.from({ length }, (_, i) => values[(i * stride) % values.length]!);
    const neuron = `neuron n(per neuron k, c = 0.3)\n${initial}${updates.join('')}`;
    return (): Network => {
      const builder = new NetworkBuilder('random')
        .input('a', pre, { clip: 8 })
        .population('h', post, neuron, { k: some(post, 5) })
        .projection('a', 'h', {
          name: 'learns',
          initialWeights: some(pre * post, 1),
          rule,
          parameters: { a: some(pre * post, 3), b: some(pre * post, 7) },
          ...connection,
        });
      if (recurrent) builder.projection('h', 'h', { name: 'back', initialWeights: 0.5, delay: 2 });
      return builder.output('h').build();
    };
  });

/** A compilation, or undefined where the compiler refuses. */
function compiled(make: () => Network): Compilation | undefined {
  try {
    return compile(make(), target, NO_CALIBRATION);
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw error;
  }
}

it(`fixed, host, lanes and emulator agree on random neurons with stated formats (seed ${SEED})`, () => {
  let ran = 0;
  const inputs = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
    minLength: 30,
    maxLength: 30,
  });
  const property = fc.property(networks, inputs, (make, values) => {
    const compilation = compiled(make);
    if (!compilation) return;
    ran++;
    const { fixed, micro, bytes } = compilation;
    const left = createFixedMachine(fixed);
    const others = [createIntegerHost(micro), target.createMachine(bytes, 'random')];
    const lanes = lanesRefuse(micro) === undefined ? createIntegerLanes(micro) : undefined;
    for (const machine of [left, ...others, ...(lanes ? [lanes] : [])]) machine.reset({ seed: 99 });
    const { size } = fixed.populations[0]!;
    for (let step = 0; step < 6; step++) {
      const a = Array.from({ length: size }, (_, i) => values[(step * 7 + i) % values.length]!);
      const given = { values: { a }, modulator: (step % 3) - 1 };
      for (const machine of [left, ...others]) machine.step(given);
      lanes?.step([given, given, given, given]);
      for (const { probe } of left.shape.probes) {
        // Integers have one zero; their real values may have two.
        const read = (values: ArrayLike<number>) => Array.from(values, (v) => v + 0);
        const wanted = read(left.read(probe));
        for (const machine of others) {
          const place = `${machine.shape.machine}, step ${step}, ${JSON.stringify(probe)}`;
          expect(read(machine.read(probe)), place).toEqual(wanted);
        }
        if (lanes) expect(read(lanes.read(probe, 2)), `lanes, step ${step}`).toEqual(wanted);
      }
    }
  });
  fc.assert(property, { numRuns: RUNS, seed: SEED });
  expect(ran).toBeGreaterThan(RUNS / 2);
});
