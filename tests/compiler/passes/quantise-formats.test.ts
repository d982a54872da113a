import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import {
  type Format,
  maximumOf,
  minimumOf,
  printFormat,
} from '../../../compiler/levels/numbers/format.js';
import {
  payloadBits,
  payloadFormat,
  stateFormat,
  tagFormat,
  traceFormatOf,
  weightFormat,
} from '../../../compiler/passes/quantise/formats.js';
import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import { NetworkBuilder, type ProjectionOptions } from '../../../src/network/builder.js';
import type { Network, Projection } from '../../../src/network/network.js';
import { LOIHI2 } from '../../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../../targets/loihi/index.js';
import { ECHO } from '../../machines/networks.js';
import { calibrationOf, seen, watched } from '../context.js';
import { Dice } from '../dice.js';

const SEED = 4_096;

function network(options: ProjectionOptions, inputs = 1, clip = 1): Network {
  return new NetworkBuilder('n')
    .input('input', inputs, { clip })
    .population('out', 1, ECHO)
    .projection('input', 'out', options)
    .output('out')
    .build();
}

const projection = (options: ProjectionOptions): Projection => network(options).projections[0]!;
const rule = (normalize: string): string => `rule r()\n  dw = x\n${normalize}`;

describe('weights', () => {
  const format = (options: ProjectionOptions, largest?: number, weightBits = 8): string => {
    const calibration =
      largest === undefined
        ? NO_CALIBRATION
        : calibrationOf(seen('weight', 'input->out', 'w', -largest, largest));
    return printFormat(
      weightFormat(watched({ calibration, options: { weightBits } }).context, projection(options)),
    );
  };

  it.each([
    ['  normalize clip -1 1\n', 's8.7'],
    ['  normalize clip 0 1\n', 's8.7'],
    ['  normalize clip -0.5 0.25\n', 's8.7'],
    ['  normalize clip -1 1.5\n', 's8.6'],
    ['  normalize clip -2 2\n', 's8.6'],
    ['  normalize clip -2.5 2\n', 's8.5'],
    ['  normalize clip -8 8, clip -1 1\n', 's8.7'],
  ])('the clip of a rule sets the point, whatever was seen: %j', (normalize, expected) => {
    expect(format({ rule: rule(normalize) }, 100)).toBe(expected);
  });

  it('without a clip, the largest weight seen or given has its place, with no headroom', () => {
    const free = { rule: rule('') };
    // 127 / 128 is the largest s8.7; 1 needs one bit more.
    expect(format(free, 127 / 128)).toBe('s8.7');
    expect(format(free, 1)).toBe('s8.6');
    expect(format(free, 100)).toBe('s8.0');
    expect(format(free, 1000)).toBe('s8.-3');
    expect(format({ ...free, initialWeights: 3 }, 0.5)).toBe('s8.5');
    expect(format(free)).toBe('s8.6');
  });

  it('fixed weights are held to the last one; zeros have a format too', () => {
    expect(format({ initialWeights: 0.99 })).toBe('s8.7');
    expect(format({ initialWeights: -1 })).toBe('s8.6');
    expect(format({ initialWeights: 0 })).toBe('s8.6');
    expect(format({ initialWeights: 0.99 }, undefined, 4)).toBe('s4.2');
  });

  it(`every given weight without a clip lies within half a step of what is held (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    for (let run = 0; run < 200; run++) {
      const weight = dice.real(-1, 1) * 2 ** dice.whole(-6, 12);
      const weightBits = dice.whole(2, 9);
      const options = { initialWeights: weight };
      const f = weightFormat(watched({ options: { weightBits } }).context, projection(options));
      const nearest = Math.floor(weight * 2 ** f.fraction + 0.5);
      expect(nearest, `run ${run}: ${weight} in ${printFormat(f)}`).toBeLessThanOrEqual(
        maximumOf(f),
      );
      expect(nearest).toBeGreaterThanOrEqual(minimumOf(f));
    }
  });
});

describe('states and tags', () => {
  it('hold twice what was seen, and the initial value', () => {
    const { context } = watched({
      calibration: calibrationOf(
        seen('variable', 'p', 'v', -3, 5),
        seen('synapse', 'p', 'e', -0.5, 0.25),
      ),
    });
    // 10 and below 16: four bits; s24.19 would do, and 16 are the most.
    expect(printFormat(stateFormat(context, 'p', 'v', 0))).toBe('s24.16');
    expect(printFormat(stateFormat(context, 'p', 'v', -1000))).toBe('s24.13');
    expect(printFormat(stateFormat(context, 'p', 'unseen', 0))).toBe('s24.16');
    expect(printFormat(tagFormat(context, 'p', 'e', 0))).toBe('s9.8');
    expect(printFormat(tagFormat(context, 'p', 'e', 4))).toBe('s9.6');
    expect(printFormat(tagFormat(context, 'p', 'unseen', 0))).toBe('s9.7');
  });
});

describe('traces', () => {
  it(`hold the largest value, one bit more would not, and zero is exact (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    for (let run = 0; run < 300; run++) {
      const traceBits = dice.whole(2, 7);
      const { context } = watched({ options: { traceBits } });
      const largest = dice.real(0.1, 1) * 2 ** dice.whole(-8, 8);
      const negative = dice.chance(0.5);
      const t = traceFormatOf(context, 'x', largest, negative);
      const top = 2 ** traceBits - 1 - t.offset;
      expect(top).toBe(negative ? 2 ** (traceBits - 1) - 1 : 2 ** traceBits - 1);
      expect(largest * 2 ** t.format.fraction, `run ${run}`).toBeLessThanOrEqual(top);
      expect(largest * 2 ** (t.format.fraction + 1), `run ${run}`).toBeGreaterThan(top);
      expect(printFormat(t.stored)).toBe(`u${traceBits}.0`);
    }
  });

  it('every code of a register stands for code − offset, so that the sign is exact', () => {
    const given = network({ rule: rule('') });
    const { fixed } = compile(given, loihiTarget('loihi2', '', LOIHI2, []), NO_CALIBRATION);
    const machine = createFixedMachine(fixed);
    const { signal, format } = fixed.populations[0]!.fields.find((f) => f.role === 'trace')!;
    expect(printFormat(format)).toBe('u7.0');
    expect(signal!.offset).toBe(64);
    // dw = x with an exact coefficient of 1: the weight, which starts at 0, shows the signal.
    for (let code = 32; code <= 96; code++) {
      machine.reset({ seed: code });
      const real = (code - 64) / 32;
      machine.step({ values: { input: [real] }, modulator: 0 });
      expect([...machine.read({ kind: 'weight', projection: 'input->out' })]).toEqual([real]);
    }
    expect(signal!.format.fraction).toBe(5);
  });
});

describe('payloads', () => {
  const most = 2 ** 23 - 1;
  const { context } = watched();

  it(`are as wide as the accumulators allow (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    const fits = (gains: readonly number[], bits: number): boolean =>
      gains.every((gain) => gain * 2 ** (bits - 1) <= most);
    for (let run = 0; run < 300; run++) {
      const gains = Array.from({ length: dice.whole(1, 3) }, () =>
        dice.whole(1, 2 ** dice.whole(1, 24)),
      );
      const bits = payloadBits(context, gains);
      expect(fits(gains, bits) || bits === 2, `run ${run}`).toBe(true);
      expect(bits === 24 || !fits(gains, bits + 1), `run ${run}`).toBe(true);
    }
    expect(payloadBits(context, [])).toBe(24);
  });

  it('hold the largest value', () => {
    for (const largest of [0.3, 0.5, 0.999, 1, 1.5, 1.59, 1.99, 4, 100]) {
      for (const bits of [2, 3, 8, 24]) {
        const f = payloadFormat(bits, largest);
        expect(
          Math.floor(largest * 2 ** f.fraction + 0.5),
          `${largest} in ${bits}`,
        ).toBeLessThanOrEqual(maximumOf(f));
      }
    }
  });
});

describe('accumulators', () => {
  const bits = 12;
  const narrow = loihiTarget(
    'loihi2',
    '',
    {
      ...LOIHI2,
      neuron: { ...LOIHI2.neuron, accumulatorBits: bits },
    },
    [],
  );

  /** All weights and all inputs at an end of what they can be; the saturations of one step. */
  function extreme({ fixed }: Compilation, weight: 'low' | 'high', input: number): number {
    const machine = createFixedMachine(fixed);
    const { format } = fixed.projections[0]!.weights;
    const end = (f: Format): number => (weight === 'low' ? minimumOf(f) : maximumOf(f));
    const count = fixed.projections[0]!.columns.length;
    machine.write(
      { kind: 'weight', projection: 'input->out' },
      new Array<number>(count).fill(end(format) / 2 ** format.fraction),
    );
    machine.step({ values: { input: new Array<number>(count).fill(input) }, modulator: 0 });
    // Every input saturates when it is encoded.
    return machine.read({ kind: 'counter', name: 'saturations' })[0]! - count;
  }

  // 8-bit weights reach 128, payloads of 2 bits 2: 256 a synapse, and 12 bits hold 2047.
  it.each([1, 2, 3, 5, 7])(
    'cannot overflow with %i synapses, whatever weights and inputs are',
    (inputs) => {
      const c = compile(network({ initialWeights: 0.5 }, inputs, Infinity), narrow, NO_CALIBRATION);
      expect(c.diagnostics).toEqual([]);
      const payload = c.fixed.populations[0]!.fields[0]!.format;
      expect(inputs * 128 * 2 ** (payload.width - 1)).toBeLessThanOrEqual(2 ** (bits - 1) - 1);
      for (const end of ['low', 'high'] as const) {
        expect(extreme(c, end, -100), end).toBe(0);
        expect(extreme(c, end, 100), end).toBe(0);
      }
    },
  );

  it('PL2004: with one synapse more they can, and it shows', () => {
    const c = compile(network({ initialWeights: 0.5 }, 8, Infinity), narrow, NO_CALIBRATION);
    expect(c.diagnostics.map((d) => [d.code, d.severity])).toEqual([['PL2004', 'warning']]);
    expect(c.diagnostics[0]!.message).toContain('with 8 synapses on one neuron');
    expect(extreme(c, 'low', -100)).toBeGreaterThan(0);
  });

  it('counts the synapses of the neuron that has most', () => {
    const connectivity = Array.from({ length: 8 }, (_, i) => [i, i % 2] as const);
    const given = new NetworkBuilder('n')
      .input('input', 8)
      .population('out', 2, ECHO)
      .projection('input', 'out', { connectivity, initialWeights: 0.5 })
      .output('out')
      .build();
    expect(compile(given, narrow, NO_CALIBRATION).diagnostics).toEqual([]);
  });
});
