import { describe, expect, it } from 'vitest';
import {
  combine,
  compare,
  constant,
  convert,
  integer,
  logical,
  multiply,
  narrow,
  type Ranged,
  read,
  reinterpret,
  select,
  shiftLeft,
  table,
  unary,
  widen,
} from '../../../compiler/analysis/ranged.js';
import type { FixedExpression } from '../../../compiler/levels/fixed/fixed.js';
import {
  type Format,
  maximumOf,
  minimumOf,
  signed,
  toReal,
  unsigned,
} from '../../../compiler/levels/numbers/format.js';
import { OVERFLOWS, ROUNDINGS } from '../../../compiler/levels/numbers/rounding.js';
import { evaluateFixed } from '../../../runtime/fixed/evaluate.js';
import { Dice } from '../dice.js';
import {
  COMPARISONS,
  HERE,
  type Leaf,
  RandomRanged,
  randomLeaf,
  randomValues,
} from '../random-ranged.js';

const SEED = 2_027;
const DRAWS = [0, 0xffffffff, 0x80000000, 0x7fffffff];

const integerOf = (r: Ranged, values: ReadonlyMap<string, number>, random = 0): number =>
  evaluateFixed(r.e, {
    read: (field) => values.get(field)!,
    random: () => random,
    saturated: () => undefined,
  });

type Interval = readonly [number, number];
const S5 = signed(5, 1);
const leafOf = (name: string, [low, high]: Interval, format: Format = S5): Ranged =>
  read(name, format, HERE, [low, high]);

/** All values of an expression of two leaves over intervals; each fits its format, or the machine throws. */
function reached(r: Ranged, x: Interval, y: Interval, draws: readonly number[] = [0]): Interval {
  let [low, high] = [Infinity, -Infinity];
  for (let a = x[0]; a <= x[1]; a++) {
    for (let b = y[0]; b <= y[1]; b++) {
      for (const random of draws) {
        const value = integerOf(
          r,
          new Map([
            ['x', a],
            ['y', b],
          ]),
          random,
        );
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  return [low, high];
}

const INTERVALS: readonly Interval[] = [
  [-16, 15],
  [-7, -3],
  [-5, 0],
  [-1, 6],
  [0, 9],
  [3, 3],
  [2, 11],
];

/** Runs `check` for every pair of intervals. */
function pairs(check: (x: Interval, y: Interval) => void): void {
  for (const x of INTERVALS) for (const y of INTERVALS) check(x, y);
}

const interval = ({ low, high }: Ranged): Interval => [low, high];

describe('intervals of single operations are the values that occur, no more and no less', () => {
  it.each(['add', 'subtract', 'minimum', 'maximum'] as const)('%s', (kind) => {
    pairs((x, y) => {
      const r = combine(kind, leafOf('x', x), leafOf('y', y, signed(5, 3)), HERE);
      expect(interval(r), `${x} ${y}`).toEqual(reached(r, x, y));
      expect(r.e.format.fraction).toBe(3);
    });
  });

  it('multiply', () => {
    pairs((x, y) => {
      const r = multiply(leafOf('x', x), leafOf('y', y, signed(5, 3)), HERE);
      expect(interval(r), `${x} ${y}`).toEqual(reached(r, x, y));
      expect(r.e.format.fraction).toBe(4);
    });
  });

  it.each(['negate', 'absolute', 'sign'] as const)('%s', (kind) => {
    for (const x of INTERVALS) {
      const r = unary(kind, leafOf('x', x), HERE);
      expect(interval(r), `${x}`).toEqual(reached(r, x, [0, 0]));
    }
  });

  it('select, with any condition', () => {
    pairs((x, y) => {
      const r = select(leafOf('y', y), leafOf('x', x), integer(4, 1, HERE), HERE);
      const branches = y[0] <= 0 && y[1] >= 0;
      if (branches && (y[0] < 0 || y[1] > 0)) {
        expect(interval(r), `${x} ${y}`).toEqual(reached(r, x, y));
      } else {
        const [low, high] = reached(r, x, y);
        expect(r.low <= low && r.high >= high, `${x} ${y}`).toBe(true);
      }
    });
  });

  it('shift-left, by nothing up to the most', () => {
    for (const x of INTERVALS) {
      for (const most of [0, 1, 3]) {
        const r = shiftLeft(leafOf('x', x), leafOf('y', [0, most], unsigned(2, 0)), HERE);
        expect(interval(r), `${x} ${most}`).toEqual(reached(r, x, [0, most]));
      }
    }
  });

  it('comparisons and logic give 0 or 1', () => {
    const x: Interval = [-2, 2];
    const [a, b] = [leafOf('x', x), leafOf('y', x)];
    const tests = [
      ...COMPARISONS.map((c) => compare(c, a, b, HERE)),
      logical('and', a, b, HERE),
      logical('or', a, b, HERE),
      unary('not', a, HERE),
    ];
    for (const r of tests) {
      expect(interval(r)).toEqual(reached(r, x, x));
      expect(r.e.format).toEqual(unsigned(1, 0));
    }
  });

  it('convert, with every rounding and overflow', () => {
    for (const x of INTERVALS) {
      for (const rounding of ROUNDINGS) {
        for (const overflow of OVERFLOWS) {
          for (const [width, fraction] of [
            [8, 4],
            [8, 1],
            [5, 0],
            [3, 0],
            [3, -2],
            [2, 1],
          ] as const) {
            const wide = overflow === 'lava-wrap-24' ? 25 : width;
            const r = convert(leafOf('x', x), signed(wide, fraction), rounding, overflow, HERE);
            const [low, high] = reached(r, x, [0, 0], DRAWS);
            const what = `${x} s${wide}.${fraction} ${rounding} ${overflow}`;
            expect(r.low <= low && r.high >= high, what).toBe(true);
            const wraps = overflow === 'wrap' && r.low === -(2 ** (width - 1));
            if (!wraps) expect([r.low, r.high], what).toEqual([low, high]);
          }
        }
      }
    }
  });

  it('lava-wrap-24 takes −2^23 to +2^23', () => {
    const r = convert(
      leafOf('x', [-(2 ** 23), 0], signed(24, 0)),
      signed(25, 0),
      'floor',
      'lava-wrap-24',
      HERE,
    );
    expect(integerOf(r, new Map([['x', -(2 ** 23)]]))).toBe(2 ** 23);
    expect(r.high).toBeGreaterThanOrEqual(2 ** 23);
  });

  it('a table has its entries', () => {
    const r = table(leafOf('x', [-16, 15]), [3, -4, 9], -6, 2, signed(6, 2), HERE);
    expect(interval(r)).toEqual(reached(r, [-16, 15], [0, 0]));
    expect([-7, -6, -3, -2, 1, 2, 5, 6, 15].map((x) => integerOf(r, new Map([['x', x]])))).toEqual([
      3, 3, 3, -4, -4, 9, 9, 9, 9,
    ]);
  });

  it('widen and reinterpret keep the value and the integer', () => {
    for (const x of INTERVALS) {
      const leaf = leafOf('x', x);
      const wide = widen(leaf, 4);
      expect(interval(wide)).toEqual([x[0] * 8, x[1] * 8]);
      expect(reached(wide, x, [0, 0])).toEqual(interval(wide));
      const moved = reinterpret(leaf, 4, HERE);
      expect(interval(moved)).toEqual(x);
      expect(moved.e.format.fraction).toBe(4);
    }
    expect(() => widen(leafOf('x', [0, 1]), 0)).toThrow('cannot drop bits');
  });

  it('narrow rounds to nearest, and a value below the last bit becomes 0', () => {
    for (const bits of [4, 2, 1, 0, -3, -40]) {
      const r = narrow(leafOf('x', [-16, 15]), bits, HERE);
      expect(r.e.format.width, `${bits}`).toBe(Math.max(1, bits));
      for (let x = -16; x <= 15; x++) {
        const real = toReal(integerOf(r, new Map([['x', x]])), r.e.format);
        const step = 2 ** -r.e.format.fraction;
        const most = maximumOf(r.e.format) * step;
        const nearest = Math.min(most, Math.floor(x / 2 / step + 0.5) * step);
        expect(real, `${x} in ${bits} bits`).toBe(nearest);
      }
    }
  });
});

describe('constants', () => {
  it('integers below 2^31 and dyadic numbers of few bits are exact', () => {
    for (const real of [0, 1, -1, 7, -640, 2 ** 31 - 1, -(2 ** 31) + 1, 0.5, -0.375, 2 ** -40])
      expect(toReal(constant(real, 4, HERE).low, constant(real, 4, HERE).e.format)).toBe(real);
  });

  it(`others have at most the bits that they may have, and no number of so many bits is nearer (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    for (let run = 0; run < 400; run++) {
      const bits = dice.whole(2, 13);
      const real = dice.real(-1, 1) * 2 ** dice.whole(-30, 12);
      const { low, high, e } = constant(real, bits, HERE);
      expect(low).toBe(high);
      let significant = Math.abs(low);
      while (significant % 2 === 0 && significant > 0) significant /= 2;
      expect(significant, `run ${run}: ${real}`).toBeLessThan(2 ** bits);
      const held = toReal(low, e.format);
      // Numbers of `bits` bits near `real` are this far apart.
      const step = 2 ** (Math.floor(Math.log2(Math.abs(real))) - bits + 1);
      expect(Math.abs(held - real), `run ${run}: ${real}`).toBeLessThanOrEqual(step / 2);
      expect(minimumOf(e.format) <= low && low <= maximumOf(e.format)).toBe(true);
    }
  });

  it('a power of two costs no multiplication', () => {
    for (const real of [1, 0.25, 0.125]) {
      const r = multiply(leafOf('x', [-16, 15]), constant(real, 8, HERE), HERE);
      expect(kinds(r.e)).not.toContain('multiply');
      for (const x of [-16, -1, 0, 15])
        expect(toReal(integerOf(r, new Map([['x', x]])), r.e.format)).toBe((x / 2) * real);
    }
  });
});

const kinds = (e: FixedExpression): string[] => [
  e.kind,
  ...('operand' in e ? kinds(e.operand) : []),
  ...('left' in e ? [...kinds(e.left), ...kinds(e.right)] : []),
];

describe('random trees', () => {
  it(`every node lies in the interval that was proved for it, and in its format (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    const met = new Set<string>();
    let compared = 0;
    for (let run = 0; run < 2500; run++) {
      const leaves: Leaf[] = ['a', 'b', 'c'].map((name) => randomLeaf(dice, name));
      const builder = new RandomRanged(dice, leaves, true);
      const { e: root } = builder.tree(dice.whole(1, 5));
      const proved = new Map(builder.made.map((r) => [r.e, r]));
      for (let sample = 0; sample < 8; sample++) {
        const values = randomValues(dice, leaves);
        evaluateFixed(root, {
          read: (field) => values.get(field)!,
          random: () => dice.pick([0, 0xffffffff, dice.word()]),
          saturated: () => undefined,
          visited: (e, value) => {
            met.add(e.kind);
            const { low, high } = proved.get(e) ?? { low: -Infinity, high: Infinity };
            if (!(value >= low && value <= high) || !Number.isSafeInteger(value))
              expect.fail(`run ${run}: ${e.kind} gives ${value}, proved [${low}, ${high}]`);
            compared++;
          },
        });
      }
    }
    expect([...met].sort()).toHaveLength(19);
    expect(compared).toBeGreaterThan(100_000);
  });
});
