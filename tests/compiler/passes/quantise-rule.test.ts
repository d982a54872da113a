import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import type { FixedProjection } from '../../../compiler/levels/fixed/fixed.js';
import { maximumOf, minimumOf, printFormat } from '../../../compiler/levels/numbers/format.js';
import type { CompileOptions } from '../../../compiler/pass.js';
import { evaluateFixed } from '../../../runtime/fixed/evaluate.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { targetNamed } from '../../../targets/index.js';
import { calibrationOf, codesOf, seen } from '../context.js';
import { Dice } from '../dice.js';

const SEED = 5_040;
const CELL = 'neuron cell()\n  v <- v * 0.5 + I\n  u <- v * v\n  value <- v\n';

/** A learning projection from one cell to another, quantised. */
function quantised(
  rule: string,
  options: Partial<CompileOptions> = {},
  calibration = NO_CALIBRATION,
): FixedProjection {
  const network = new NetworkBuilder('n')
    .input('input', 1)
    .population('pre', 1, CELL)
    .population('post', 1, CELL)
    .projection('input', 'pre', { initialWeights: 1 })
    .projection('pre', 'post', { rule: `rule r()\n${rule}` })
    .output('post')
    .build();
  return compile(network, targetNamed('loihi2'), calibration, options).fixed.projections[1]!;
}

/** What a factor is on the chip, and the width with which it enters the shift. */
const FACTORS = {
  x: { field: 'pre.trace:value', width: 7, offset: 64 },
  xv: { field: 'pre.trace:v', width: 7, offset: 64 },
  y: { field: 'post.trace:value', width: 7, offset: 64 },
  yu: { field: 'post.trace:u', width: 7, offset: 64 },
  m: { field: 'modulator', width: 7, offset: 64 },
  w: { field: 'weight', width: 9, offset: 0 },
  e: { field: 'tag:e', width: 9, offset: 0 },
} as const;
type Factor = keyof typeof FACTORS;

interface Expected {
  readonly target: 'weight' | 'tag:e';
  /** The factors of every product, in the order of the rule. */
  readonly products: readonly (readonly Factor[])[];
  readonly clip?: readonly [number, number];
}

const sat = (value: bigint, width: number): bigint => {
  const half = 1n << BigInt(width - 1);
  return value < -half ? -half : value > half - 1n ? half - 1n : value;
};

/**
 * The engine by its description (ARCHITECTURE.md, "Numbers of the Loihi-style targets"), in unbounded integers:
 * sum = variable · 2^7 + Σ sat16(((mantissa · Π factors) >> shift) << exponent), saturated after every addition,
 * rounded by 7 random bits.
 */
function engine(
  { target, products, clip }: Expected,
  words: number,
  prefix: string,
  width: number,
  read: (field: string) => number,
  random: number,
): number {
  let sum = BigInt(read(target)) << 7n;
  for (const [i, factors] of products.entries()) {
    const widths = factors.reduce((total, f) => total + FACTORS[f].width, 0);
    const shift = BigInt(Math.max(0, widths + 4 - 15));
    for (let word = 0; word < words; word++) {
      const product = factors.reduce(
        (p, f) => p * BigInt(read(FACTORS[f].field) - FACTORS[f].offset),
        BigInt(read(`${prefix}${i}.m${word}`)),
      );
      const exponent = BigInt(read(`${prefix}${i}.e${word}`));
      sum = sat(sum + sat((product >> shift) << exponent, 16), 16);
    }
  }
  const rounded = sat((sum + BigInt(random >>> 25)) >> 7n, width);
  const [low, high] = clip ?? [-Infinity, Infinity];
  return Math.min(high, Math.max(low, Number(rounded)));
}

const CASES: readonly [string, readonly Expected[]][] = [
  ['  dw = 0.5\n', [{ target: 'weight', products: [[]] }]],
  ['  dw = 0.5 * x\n', [{ target: 'weight', products: [['x']] }]],
  ['  dw = x * y + 0.5 * y\n', [{ target: 'weight', products: [['x', 'y'], ['y']] }]],
  ['  dw = x * x * y\n', [{ target: 'weight', products: [['x', 'x', 'y']] }]],
  ['  dw = x_v * y_u - 0.25 * w\n', [{ target: 'weight', products: [['xv', 'yu'], ['w']] }]],
  ['  dw = w * w * x - y\n', [{ target: 'weight', products: [['w', 'w', 'x'], ['y']] }]],
  ['  dw = m * x * y\n', [{ target: 'weight', products: [['m', 'x', 'y']] }]],
  [
    '  e <- e * 0.5 + x * y\n  dw = m * e + 0.125\n',
    [
      { target: 'tag:e', products: [['e'], ['x', 'y']] },
      { target: 'weight', products: [['e', 'm'], []] },
    ],
  ],
  [
    '  dw = x * y\n  normalize decay 0.125, clip 0 1\n',
    [{ target: 'weight', products: [['x', 'y'], ['w']], clip: [0, 127] }],
  ],
  [
    '  dw = x\n  normalize clip -0.5 0.25\n',
    [{ target: 'weight', products: [['x']], clip: [-64, 32] }],
  ],
  [
    '  dw = x\n  normalize clip -0.5 1, clip -1 0.75\n',
    [{ target: 'weight', products: [['x']], clip: [-64, 96] }],
  ],
];

describe('rules are the sums of products of the engine', () => {
  it.each(CASES)(`%j, with one word and with two (seed ${SEED})`, (text, expected) => {
    for (const coefficientBits of [4, 8]) {
      const { rule, weights, fields } = quantised(text, { coefficientBits });
      const words = coefficientBits / 4;
      expect(rule!.updates.map((u) => u.target)).toEqual(expected.map((e) => e.target));
      const dice = new Dice(SEED);
      let moved = 0;
      for (let run = 0; run < 400; run++) {
        const values = new Map<string, number>();
        const ends = dice.chance(0.2);
        const within = (low: number, high: number): number =>
          ends ? dice.pick([low, high]) : dice.whole(low, high);
        for (const { field } of Object.values(FACTORS)) values.set(field, within(0, 127));
        for (const { name, format } of [weights, ...fields])
          values.set(name, within(minimumOf(format), maximumOf(format)));
        for (const { name } of rule!.coefficients)
          values.set(name, name.includes('.m') ? within(-8, 7) : within(0, 15));
        const draws = [dice.word(), dice.pick([0, 0xffffffff])];
        const read = (field: string): number => values.get(field)!;
        for (const [operation, update] of rule!.updates.entries()) {
          const e = expected[operation]!;
          const width = e.target === 'weight' ? 8 : 9;
          const prefix = e.target === 'weight' ? 'w' : 'e:';
          const wanted = engine(e, words, prefix, width, read, draws[operation]!);
          const random = (o: number): number => draws[o]!;
          const got = evaluateFixed(update.value, { read, random, saturated: () => undefined });
          expect(got, `run ${run}, ${coefficientBits} bits`).toBe(wanted);
          if (got !== read(update.target)) moved++;
          values.set(update.target, got);
        }
      }
      expect(moved).toBeGreaterThan(200);
    }
  });

  it('have the scale of the real rule: what no shift cuts is exact', () => {
    // Codes of ±1 in traces of 5 fraction bits, weights s8.6, tags s9.7.
    const change = (text: string, set: Readonly<Partial<Record<Factor, number>>>): number => {
      const { rule, weights, fields } = quantised(`${text}  normalize clip -2 2\n`);
      const values = new Map<string, number>([
        ['weight', 0],
        ['tag:e', 0],
      ]);
      for (const [name, real] of Object.entries(set)) {
        const { field, width } = FACTORS[name as Factor];
        const format = name === 'w' ? weights.format : fields[0]?.format;
        values.set(field, width === 7 ? 64 + real * 32 : real * 2 ** format!.fraction);
      }
      for (const { name, values: all } of rule!.coefficients) values.set(name, all[0]!);
      const before = values.get('weight')!;
      for (const { target, value } of rule!.updates) {
        const env = {
          read: (f: string) => values.get(f)!,
          random: () => 0,
          saturated: () => undefined,
        };
        values.set(target, evaluateFixed(value, env));
      }
      return (values.get('weight')! - before) / 2 ** weights.format.fraction;
    };
    expect(change('  dw = 0.75\n', {})).toBe(0.75);
    expect(change('  dw = -0.5 * x\n', { x: 1 })).toBe(-0.5);
    expect(change('  dw = 0.5 * x * y\n', { x: 1, y: -0.5 })).toBe(-0.25);
    expect(change('  dw = x * y * y_u\n', { x: -1, y: 1, yu: 1 })).toBe(-1);
    expect(change('  dw = 0.25 * w * x\n', { w: 1, x: 1 })).toBe(0.25);
    expect(change('  dw = 0.5 * m * x\n', { m: 1, x: 1 })).toBe(0.5);
    expect(change('  e <- e * 0.5 + x\n  dw = e\n', { e: 1, x: -1 })).toBe(-0.5);
  });

  it('a variable of a rule may have any name', () => {
    for (const name of ['weight', 'modulator', 'payload', 'tag']) {
      const { fields, rule } = quantised(`  ${name} <- ${name} * 0.5 + x\n  dw = ${name}\n`);
      expect(fields.map((f) => [f.name, f.symbol])).toEqual([[`tag:${name}`, name]]);
      expect(rule!.updates.map((u) => u.target)).toEqual([`tag:${name}`, 'weight']);
    }
  });

  it('the formats of what was seen', () => {
    const calibration = calibrationOf(
      seen('synapse', 'pre->post', 'e', -3, 3),
      seen('variable', 'modulator', 'm', -4, 4),
      seen('variable', 'pre', 'value', 0, 0.9),
    );
    const p = quantised('  e <- e * 0.5 + x\n  dw = m * e\n', {}, calibration);
    expect(p.fields.map((f) => printFormat(f.format))).toEqual(['s9.5']);
    const scales = p.rule!.terms.map((t) => Math.log2(t.scale));
    // tag: accumulator 5 + 7; e has 5 fraction bits; x (unsigned, 127 / 0.9) has 7. weight: 6 + 7; m 63 / 4: 3; shift 1 + 4.
    expect(scales).toEqual([12 - 5 + 0, 12 - 7, 13 - 5 - 3 + 5]);
  });

  it('PL3003: a product of so many factors that 53 bits do not hold it', () => {
    expect(codesOf(() => quantised('  dw = x^8\n'))).toEqual([]);
    expect(codesOf(() => quantised('  dw = x^8 * x\n'))).toContain('PL3003');
    expect(codesOf(() => quantised('  dw = w^6\n'))).toEqual([]);
    expect(codesOf(() => quantised('  dw = w^8\n'))).toContain('PL3003');
  });

  it('PL3003: an instruction names 256 product words', () => {
    // Three signals and 1 to the n-th: C(n + 3, 3) products, of four words each.
    const codes = (n: number): string[] =>
      codesOf(() => quantised(`  dw = (x + y + x_v + 1)^${n}\n`, { coefficientBits: 16 }));
    expect(codes(5)).toEqual([]);
    expect(codes(6)).toContain('PL3003');
  });

  it('the coefficients of a variable and of the weight have different names', () => {
    const { rule } = quantised('  w1 <- w1 * 0.5 + x\n  dw = (x + y + 1)^4 * w1\n');
    const names = rule!.coefficients.map((c) => c.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(2 * (2 + 15));
  });

  it.each(['tanh(x) * y', 'x * (y > 0.5)', 'x / (y + 2)', 'max(x, y)'])(
    'PL3003: %s is no product of the engine',
    (dw) => {
      expect(codesOf(() => quantised(`  dw = ${dw}\n`))).toEqual(['PL3003']);
    },
  );
});
