import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import { signed, unsigned } from '../../../compiler/levels/numbers/format.js';
import {
  exponentOf,
  mantissaOf,
  nearestWord,
  wordValue,
} from '../../../compiler/passes/quantise/coefficient.js';
import { shareProfiles } from '../../../compiler/passes/quantise/coefficients.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { targetNamed } from '../../../targets/index.js';
import { ECHO } from '../../machines/networks.js';
import { Dice } from '../dice.js';

const SEED = 1_729;
const ENGINE = { mantissaBits: 4, exponentMaximum: 15 };

/** Words of a coefficient in engine units, as `coefficientArrays` encodes each. */
function encodeCoefficient(wanted: number, count: number, engine: typeof ENGINE) {
  let value = 0;
  const words = Array.from({ length: count }, () => {
    const word = nearestWord(wanted - value, engine);
    value += wordValue(word);
    return word;
  });
  return { mantissas: words.map(mantissaOf), exponents: words.map(exponentOf), value };
}

/** Every value that one word can hold. */
function representable({ mantissaBits, exponentMaximum }: typeof ENGINE): number[] {
  const half = 2 ** (mantissaBits - 1);
  const all: number[] = [];
  for (let m = -half; m < half; m++) {
    for (let e = 0; e <= exponentMaximum; e++) all.push(m * 2 ** e);
  }
  return all;
}

const distanceTo = (wanted: number, values: readonly number[]): number =>
  values.reduce((least, v) => Math.min(least, Math.abs(v - wanted)), Infinity);

/** Numbers of every size, halves and ties among them. */
function wantedValues(dice: Dice, count: number): number[] {
  const grid = Array.from({ length: 321 }, (_, i) => (i - 160) / 8);
  const drawn = Array.from({ length: count }, () => dice.real(-1, 1) * 2 ** dice.whole(-4, 19));
  const ties = Array.from({ length: 18 }, (_, e) => [15 * 2 ** e, -17 * 2 ** e, 6.5 * 2 ** e]);
  return [...grid, ...drawn, ...ties.flat()];
}

describe('the words of a coefficient', () => {
  it.each([
    ENGINE,
    { mantissaBits: 2, exponentMaximum: 3 },
    { mantissaBits: 6, exponentMaximum: 7 },
  ])(`is the nearest of all words (%j, seed ${SEED})`, (engine) => {
    const all = representable(engine);
    const half = 2 ** (engine.mantissaBits - 1);
    for (const wanted of wantedValues(new Dice(SEED), 600)) {
      const { mantissas, exponents, value } = encodeCoefficient(wanted, 1, engine);
      const [mantissa, exponent] = [mantissas[0]!, exponents[0]!];
      expect(value).toBe(mantissa * 2 ** exponent);
      expect(mantissa >= -half && mantissa < half, `${wanted}`).toBe(true);
      expect(exponent >= 0 && exponent <= engine.exponentMaximum, `${wanted}`).toBe(true);
      expect(Math.abs(value - wanted), `${wanted}`).toBe(distanceTo(wanted, all));
    }
  });

  it('saturates at the ends, and takes the smaller exponent of two', () => {
    expect(encodeCoefficient(1e9, 1, ENGINE).value).toBe(7 * 2 ** 15);
    expect(encodeCoefficient(-1e9, 1, ENGINE).value).toBe(-8 * 2 ** 15);
    expect(encodeCoefficient(4, 1, ENGINE)).toEqual({ mantissas: [4], exponents: [0], value: 4 });
    // 14 and 16 are equally near.
    expect(encodeCoefficient(15, 1, ENGINE)).toEqual({ mantissas: [7], exponents: [1], value: 14 });
    expect(encodeCoefficient(0.5, 1, ENGINE)).toEqual({ mantissas: [0], exponents: [0], value: 0 });
    expect(encodeCoefficient(0, 3, ENGINE).mantissas).toEqual([0, 0, 0]);
  });

  it(`takes several words greedily: each is the nearest to what the ones before left (seed ${SEED})`, () => {
    const all = representable(ENGINE);
    for (const wanted of wantedValues(new Dice(SEED), 400)) {
      const { mantissas, exponents, value } = encodeCoefficient(wanted, 3, ENGINE);
      let rest = wanted;
      for (const [i, mantissa] of mantissas.entries()) {
        const word = mantissa * 2 ** exponents[i]!;
        expect(Math.abs(rest - word), `${wanted}, word ${i}`).toBe(distanceTo(rest, all));
        rest -= word;
      }
      expect(value).toBe(wanted - rest);
    }
  });

  it(`so taken, two words are the nearest of all pairs (seed ${SEED})`, () => {
    const words = [...new Set(representable(ENGINE))];
    const sums = Float64Array.from(new Set(words.flatMap((a) => words.map((b) => a + b)))).sort();
    for (const wanted of wantedValues(new Dice(SEED), 4000)) {
      const { value } = encodeCoefficient(wanted, 2, ENGINE);
      expect(Math.abs(value - wanted), `${wanted}`).toBe(distanceInSorted(wanted, sums));
    }
  });
});

/** How far the nearest of ascending numbers is. */
function distanceInSorted(wanted: number, sorted: Float64Array): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return distanceTo(wanted, [sorted[low]!, sorted[Math.max(0, low - 1)]!]);
}

/** Four synapses with `dw = k`: the engine's accumulator has 7 + 7 fraction bits for a weight s8.7, so its step is 2^-14. */
function constantRule(k: readonly number[], options = {}): Compilation {
  const network = new NetworkBuilder('n')
    .input('input', k.length)
    .population('out', 1, ECHO)
    .projection('input', 'out', {
      rule: 'rule r(per synapse k)\n  dw = k\n  normalize clip -1 1\n',
      parameters: { k },
    })
    .output('out')
    .build();
  return compile(network, targetNamed('loihi2'), NO_CALIBRATION, options);
}

const warnings = ({ diagnostics }: Compilation): [string, string][] =>
  diagnostics.map((d) => [d.code, d.message]);

describe('what becomes of coefficients', () => {
  const STEP = 2 ** -14;

  it('exact ones give no warning', () => {
    const c = constantRule([STEP, -8 * STEP, 7 * 2 ** 15 * STEP, 0]);
    expect(warnings(c)).toEqual([]);
    const { coefficients, profiles } = c.fixed.projections[0]!.rule!;
    const values = Array.from(
      profiles,
      (p) => coefficients[0]!.values[p]! * 2 ** coefficients[1]!.values[p]! * STEP,
    );
    expect(values).toEqual([STEP, -8 * STEP, 14, 0]);
  });

  it('PL2005 tells how many round to zero; those that are zero do not count', () => {
    const [[code, message] = [], ...more] = warnings(
      constantRule([STEP, STEP / 2, -STEP / 4, 0, 0.51 * STEP, 1e-9]),
    );
    expect(code).toBe('PL2005');
    expect(message).toMatch(/\b3\b.* round to zero/);
    expect(message).toContain(`of 6 coefficients`);
    expect(message).toContain(`${STEP}`);
    // 0.51 steps become one step: off by 96 %.
    expect(message).toMatch(/\b1\b.* more than a quarter off/);
    expect(more).toEqual([]);
  });

  it('PL2006: beyond the range, or more than a quarter off', () => {
    expect(warnings(constantRule([14, -16])).map(([code]) => code)).toEqual([]);
    expect(warnings(constantRule([14, 19])).map(([code]) => code)).toEqual(['PL2006']);
    // 0.8 steps are off by a quarter exactly, 0.79 by more.
    expect(warnings(constantRule([0.8 * STEP])).map(([code]) => code)).toEqual([]);
    expect(warnings(constantRule([0.74 * STEP])).map(([code]) => code)).toEqual(['PL2006']);
  });

  it('a second word holds what the first left', () => {
    const k = [0.3, -0.7, 0.01];
    const one = constantRule(k).formats.find((f) => f.value.includes('coefficient'))!;
    const two = constantRule(k, { coefficientBits: 8 }).formats.find((f) =>
      f.value.includes('coefficient'),
    )!;
    expect(one.relativeError).toBeGreaterThan(0.005);
    expect(two.relativeError).toBeLessThan(one.relativeError / 8);
    const { terms, coefficients } = constantRule(k, { coefficientBits: 8 }).fixed.projections[0]!
      .rule!;
    expect(terms[0]!.words).toHaveLength(2);
    expect(coefficients).toHaveLength(4);
  });

  it('the report has the rms of the error by the rms of the coefficients', () => {
    const k = [0.3, -0.7, 0.01, 0.123];
    const row = constantRule(k).formats.find((f) => f.value.includes('coefficient'))!;
    const nearest = (v: number): number => encodeCoefficient(v / STEP, 1, ENGINE).value * STEP;
    const rms = (values: readonly number[]): number =>
      Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    expect(row.relativeError).toBeCloseTo(rms(k.map((v) => v - nearest(v))) / rms(k), 12);
    expect(row.seen).toEqual([-0.7, 0.3]);
  });
});

describe('profiles', () => {
  it('are numbered as they appear, one per distinct row', () => {
    const arrays = new Map([
      ['w0.m0', Int32Array.of(1, 2, 1, 2, 1)],
      ['w0.e0', Int32Array.of(3, 3, 3, 4, 3)],
    ]);
    const { profiles, coefficients } = shareProfiles(arrays, 5, (name) =>
      name.includes('.m') ? signed(4, 0) : unsigned(4, 0),
    );
    expect([...profiles]).toEqual([0, 1, 0, 2, 0]);
    expect(coefficients.map((c) => [c.name, [...c.values]])).toEqual([
      ['w0.m0', [1, 2, 2]],
      ['w0.e0', [3, 3, 4]],
    ]);
  });
});
