import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import type { Program, ProgramBlock, ProgramCore } from '../../compiler/levels/program/program.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { encodeNeuronWord, NEURON_INSTRUCTIONS } from '../../targets/loihi/neuron-instructions.js';
import { limited } from '../compiler/context.js';
import { networkOf, networkShapes, noise } from '../lockstep/random-networks.js';
import { assertSame, bothWays } from './lockstep.js';

const SEED = 4_242;

const sizes = fc.record({
  inputs: fc.integer({ min: 1, max: 19 }),
  hidden: fc.integer({ min: 1, max: 21 }),
  neuronsPerCore: fc.constantFrom(1000, 9),
});
/** The shapes of the other lockstep tests, larger than a vector. */
const shapes = fc.tuple(networkShapes, sizes).map(([shape, size]) => ({ ...shape, ...size }));
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function programOf(shape: Shape, accumulatorBits = 24): Program {
  const { neuronsPerCore } = shape;
  const base = limited({ neuronsPerCore, cores: 128 });
  const capabilities = { ...base, neuron: { ...base.neuron, accumulatorBits } };
  const target = loihiTarget('loihi2', 'a test', capabilities, []);
  return compile(networkOf(shape), target, NO_CALIBRATION).program;
}

const inputsOf =
  (shape: Shape, size = 9) =>
  (step: number) => ({
    values: { observation: noise(shape.inputs, size, 100 + step, shape.seed) },
    modulator: (step % 3) - 1,
  });

describe('generated code and the interpreter', () => {
  it(`agree on random networks and rules, in state, cycles, energy and events (seed ${SEED})`, () => {
    let compared = 0;
    const property = fc.property(shapes, (shape) => {
      const pair = bothWays(programOf(shape));
      expect(pair[0].interpreted).toBeUndefined();
      compared += assertSame(pair, shape.seed, 12, inputsOf(shape));
    });
    fc.assert(property, { seed: SEED, numRuns: 25 });
    expect(compared).toBeGreaterThan(25_000);
  });

  it('agree where accumulators wrap and weights are written between steps', () => {
    let saturations = 0;
    const property = fc.property(shapes, (shape) => {
      const pair = bothWays(programOf(shape, 12));
      expect(pair[0].interpreted).toBeUndefined();
      const probe = pair[1].shape.probes.find(({ probe }) => probe.kind === 'weight')!;
      assertSame(pair, shape.seed, 10, inputsOf(shape), (machine, step) => {
        if (step % 4 !== 3) return;
        machine.write(probe.probe, noise(probe.length, 0.99, step, shape.seed));
      });
      saturations += pair[1].accounting.saturations;
    });
    fc.assert(property, { seed: SEED + 1, numRuns: 25 });
    expect(saturations).toBeGreaterThan(1000);
  });

  it('agree when learning is off', () => {
    const property = fc.property(shapes, (shape) => {
      const pair = bothWays(programOf(shape));
      for (const machine of pair) machine.learning = false;
      assertSame(pair, shape.seed, 5, inputsOf(shape));
    });
    fc.assert(property, { seed: SEED + 2, numRuns: 10 });
  });

  it(`agree on random coefficients, so that sums saturate (seed ${SEED + 3})`, () => {
    let saturations = 0;
    const property = fc.property(
      shapes,
      fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
      (shape, stream) => {
        const drawn = stream[Symbol.iterator]();
        const next = (): number => drawn.next().value as number;
        const program = withBlocks(programOf(shape), (block) => ({
          ...block,
          coefficients: Int8Array.from(block.coefficients, (_, i) =>
            i % 2 === 0 ? (next() % 16) - 8 : next() % 10,
          ),
        }));
        const pair = bothWays(program);
        expect(pair[0].interpreted).toBeUndefined();
        assertSame(pair, shape.seed, 6, inputsOf(shape));
        saturations += pair[1].accounting.saturations;
      },
    );
    fc.assert(property, { seed: SEED + 3, numRuns: 30 });
    expect(saturations).toBeGreaterThan(1000);
  });

  it(`agree on random neuron programs, or the interpreter runs them (seed ${SEED + 4})`, () => {
    let generated = 0;
    let interpreted = 0;
    const property = fc.property(
      shapes,
      fc.array(fc.array(fc.nat(2 ** 16), { minLength: 6, maxLength: 6 }), {
        minLength: 1,
        maxLength: 12,
      }),
      (shape, choices) => {
        const program = withRandomNeurons(programOf(shape), choices);
        const pair = bothWays(program);
        if (pair[0].interpreted === undefined) {
          generated++;
          assertSame(pair, shape.seed, 4, inputsOf(shape));
        } else interpreted++;
      },
    );
    fc.assert(property, { seed: SEED + 4, numRuns: 60 });
    expect(generated).toBeGreaterThan(25);
    expect(interpreted).toBeGreaterThan(0);
  });
});

function withBlocks(program: Program, change: (block: ProgramBlock) => ProgramBlock): Program {
  const cores = program.cores.map((core) => ({ ...core, blocks: core.blocks.map(change) }));
  return { ...program, cores };
}

/** Instructions between a field and the limit that brings a result back into it. */
const MIDDLE = NEURON_INSTRUCTIONS.filter(
  ({ mnemonic }) => !['LD', 'ST', 'HLT', 'TBL', 'LDH', 'SNC', 'SNT', 'WRT'].includes(mnemonic),
);

/** Every group runs the same random words on its first field, and then what it ran before. */
function withRandomNeurons(program: Program, choices: readonly (readonly number[])[]): Program {
  const random = choices.flatMap(([which, d, a, b, c, immediate]) => {
    const { mnemonic } = MIDDLE[which! % MIDDLE.length]!;
    const legal: Record<string, number> = { CMP: immediate! % 6, SHL: immediate! % 5 };
    const wide = { SHF: 128, SHN: 128, SHZ: 128 }[mnemonic];
    if (wide) legal[mnemonic] = immediate! % (immediate! % 3 === 0 ? wide : 20);
    const width = 1 + (immediate! % 30);
    if (mnemonic === 'SAT' || mnemonic === 'WRP') legal[mnemonic] = 64 * (immediate! % 2) + width;
    if (mnemonic === 'SYM') legal[mnemonic] = 64 + width;
    // Registers 0 to 5 are written beforehand; results go to 2 to 5, and are kept small.
    const register = { d: 2 + (d! % 4), a: a! % 6, b: b! % 6, c: c! % 6 };
    const operands = {
      ...register,
      immediate: legal[mnemonic] ?? 0,
      wide: (immediate! % 500) - 250,
    };
    return [
      encodeNeuronWord(mnemonic, operands),
      encodeNeuronWord('SAT', { d: register.d, a: register.d, immediate: 64 + 20 }),
    ];
  });
  const cores = program.cores.map((core): ProgramCore => {
    let neuronCode = [...core.neuronCode];
    const groups = core.groups.map((group) => {
      const { width, signed } = group.fields[0]!.format;
      const end = neuronCode.length;
      const old = core.neuronCode.slice(group.entry);
      const rest = old.slice(0, old.indexOf(encodeNeuronWord('HLT')) + 1);
      const last = group.fields.length - 1;
      const start = [0, 1, 2, 3, 4, 5].map((d) =>
        d < 2
          ? encodeNeuronWord('LD', { d, immediate: d === 0 ? 0 : last })
          : encodeNeuronWord('LDI', { d, wide: 7 * d - 20 }),
      );
      const back = [
        encodeNeuronWord('SAT', { d: 5, a: 5, immediate: (signed ? 64 : 0) + width }),
        encodeNeuronWord('ST', { a: 5, immediate: 0 }),
      ];
      neuronCode = [...neuronCode, ...start, ...random, ...back, ...rest];
      return { ...group, entry: end };
    });
    return { ...core, neuronCode, groups };
  });
  return { ...program, cores };
}
