import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { narrowKernel } from '../../../compiler/codegen/wasm/narrow.js';
import { quietOf } from '../../../compiler/codegen/wasm/quiet.js';
import { compile } from '../../../compiler/compile.js';
import type { MicroKernel } from '../../../compiler/levels/micro/micro.js';
import { draw } from '../../../compiler/levels/numbers/draw.js';
import { type Range, rangeOfFormat, signed } from '../../../compiler/levels/numbers/format.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { targetNamed } from '../../../targets/index.js';
import { runMicro } from '../run-micro.js';

const SEED = 77;
const TRIALS = 300;
const target = targetNamed('loihi2');

/** The kernel of a rule between two populations of lif neurons. */
function kernelOf(rule: string, parameters: Record<string, number> = {}): MicroKernel {
  const network = new NetworkBuilder('n')
    .input('in', 2, { clip: 4 })
    .population('a', 3, 'lif')
    .population('b', 3, 'lif')
    .projection('in', 'a', { initialWeights: 0.5 })
    .projection('a', 'b', { rule, parameters })
    .output('b')
    .build();
  const { micro } = compile(network, target, NO_CALIBRATION);
  return micro.kernels.find((k) => k.kind === 'synapse')!;
}

const PDLF = { lr: 0.5, A: 0.4, B: -0.3, C: 0.2, D: 0.1 };
const kernels = {
  stdp: () => kernelOf('stdp'),
  triplet_stdp: () => kernelOf('triplet_stdp'),
  r_stdp: () => kernelOf('r_stdp'),
  oja: () => kernelOf('oja'),
  hebb: () => kernelOf('hebb'),
  pdlf: () => kernelOf('pdlf', PDLF),
};

const loads = ({ operations }: MicroKernel) =>
  new Map(operations.flatMap((o) => (o.kind === 'load' ? [[o.field, o.format] as const] : [])));

/** Whole numbers of a range, the ends and 64 among them; `trial` chooses. */
function someIn([low, high]: Range, trial: number, field: number): number {
  const word = draw(SEED, field, trial, 0, 0, 0);
  const special = [low, high, 0, 64][word % 9];
  if (special !== undefined && special >= low && special <= high) return special;
  return low + (draw(SEED, field, trial, 1, 0, 0) % (high - low + 1));
}

function stored(
  kernel: MicroKernel,
  given: ReadonlyMap<string, number>,
  random: number,
): ReadonlyMap<string, number> {
  const fields = new Map(given);
  runMicro({ ...kernel, registers: undefined }, { fields, random: () => random });
  return fields;
}

describe(`kernels fitted to what they meet (seed ${SEED})`, () => {
  it.each(Object.entries(kernels))('%s stores what it stored', (_, make) => {
    const kernel = make();
    const formats = loads(kernel);
    // Coefficients hold small values only; signals and weights all that their formats do.
    const ranges = new Map(
      [...formats].map(([name, format]): [string, Range] => [
        name,
        /^.*\.e\d+$/.test(name) ? [0, 3] : rangeOfFormat(format),
      ]),
    );
    const { kernel: narrow, stored: spans } = narrowKernel(kernel, {
      field: (name) => ranges.get(name)!,
    });
    expect(narrow.operations.length).toBeLessThanOrEqual(kernel.operations.length);
    for (let trial = 0; trial < TRIALS; trial++) {
      const given = new Map(
        [...ranges].map(([name, range], field) => [name, someIn(range, trial, field)]),
      );
      const random = draw(SEED, 99, trial, 0, 0, 0);
      const wanted = stored(kernel, given, random);
      expect(stored(narrow, given, random), `trial ${trial}`).toEqual(wanted);
      for (const [field, [low, high]] of spans) {
        expect(wanted.get(field)).toBeGreaterThanOrEqual(low);
        expect(wanted.get(field)).toBeLessThanOrEqual(high);
      }
    }
  });

  it('scales coefficients beforehand', () => {
    const kernel = kernelOf('hebb');
    const field = (name: string): Range =>
      name.includes('·') ? [-500, 500] : rangeOfFormat(loads(kernel).get(name)!);
    const { operations } = narrowKernel(kernel, { field, scaled: (m, e) => `${m}·${e}` }).kernel;
    const names = operations.flatMap((o) => (o.kind === 'load' ? [o.field] : []));
    expect(names.some((name) => name.includes('·'))).toBe(true);
  });

  it('keeps limits that are counted, also where nobody reads them or they give one value', () => {
    const origin = { file: 'a test', line: 1, column: 1, length: 0 };
    const format = signed(16, 0);
    const byte = signed(4, 0);
    const kernel: MicroKernel = {
      kind: 'neuron',
      owner: 'a test',
      operations: [
        { kind: 'load', field: 'a', format, origin },
        { kind: 'limit', operand: 0, overflow: 'saturate', format: byte, origin },
        { kind: 'constant', value: 100, format, origin },
        { kind: 'limit', operand: 2, overflow: 'saturate', format: byte, origin },
        { kind: 'store', field: 'a', value: 0, format, origin },
      ],
      registers: undefined,
    };
    const field = (): Range => [-1000, 1000];
    const limits = (keepLimits: boolean): number =>
      narrowKernel(kernel, { field, keepLimits }).kernel.operations.filter(
        (o) => o.kind === 'limit',
      ).length;
    expect([limits(false), limits(true)]).toEqual([0, 2]);
  });
});

describe(`rules that leave synapses as they are (seed ${SEED})`, () => {
  const side = (field: string) => {
    if (field.startsWith('pre.')) return 'pre';
    return field.startsWith('post.') ? 'post' : field === 'modulator' ? 'scalar' : 'synapse';
  };

  it.each(['stdp', 'triplet_stdp', 'oja'] as const)('%s does without a product', (name) => {
    const kernel = kernels[name]();
    const quiet = quietOf(kernel, side)!;
    const formats = loads(kernel);
    let unchanged = 0;
    for (let trial = 0; trial < 20 * TRIALS; trial++) {
      const given = new Map(
        [...formats].map(([field, format], i): [string, number] => [
          field,
          // Bounds are met before: a weight that the rule could have written.
          field === 'weight' ? someIn([0, 127], trial, i) : someIn(rangeOfFormat(format), trial, i),
        ]),
      );
      const bits = [quiet.pre, quiet.post].map((k) => stored(k, given, 0).get('bits')!);
      if ((bits[0]! & bits[1]!) !== 0) continue;
      unchanged++;
      const random = draw(SEED, 98, trial, 0, 0, 0);
      expect(stored(kernel, given, random).get('weight'), `trial ${trial}`).toBe(
        given.get('weight'),
      );
    }
    expect(unchanged).toBeGreaterThan(10);
  });

  it('pdlf has a product without a factor, and never does', () => {
    expect(quietOf(kernelOf('pdlf', PDLF), side)).toBeUndefined();
  });
});
