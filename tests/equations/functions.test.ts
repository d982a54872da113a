import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { exp } from '../../src/equations/functions/exp.js';
import { cosineOfTurn, gaussian } from '../../src/equations/functions/gaussian.js';
import { log } from '../../src/equations/functions/log.js';
import { tanh } from '../../src/equations/functions/tanh.js';

const view = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): string {
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Distance in units of the last place of `exact`. */
function ulps(value: number, exact: number): number {
  if (value === exact) return 0;
  view.setFloat64(0, Math.abs(exact));
  const bits = view.getBigUint64(0);
  view.setBigUint64(0, bits + 1n);
  return Math.abs(value - exact) / (view.getFloat64(0) - Math.abs(exact));
}

/** Argument, bits that every engine must give, bits of the correctly rounded value (computed with 60 digits). */
type Vector = readonly [x: number, bits: string, exact: string];

const VECTORS: Readonly<Record<string, readonly [(x: number) => number, readonly Vector[]]>> = {
  exp: [
    exp,
    [
      [0, '3ff0000000000000', '3ff0000000000000'],
      [1, '4005bf0a8b14576a', '4005bf0a8b145769'],
      [-1, '3fd78b56362cef38', '3fd78b56362cef38'],
      [0.5, '3ffa61298e1e069c', '3ffa61298e1e069c'],
      [-0.1, '3fecf46d99d52b3a', '3fecf46d99d52b3a'],
      [2, '401d8e64b8d4ddae', '401d8e64b8d4ddae'],
      [10, '40d5829dcf950560', '40d5829dcf950560'],
      [-20, '3e21b48655f37267', '3e21b48655f37267'],
      [100, '48f3494a9b171bf5', '48f3494a9b171bf5'],
      [-231.8345038913189, '2b0728be9cc98252', '2b0728be9cc98251'],
      [709.7, '7fed75ae7a50ee14', '7fed75ae7a50ee14'],
      [-708.5, '000e6cf6d08897ac', '000e6cf6d08897ac'],
      [-745.1, '0000000000000001', '0000000000000001'],
      [1e-9, '3ff000000044b830', '3ff000000044b830'],
    ],
  ],
  log: [
    log,
    [
      [1, '0000000000000000', '0000000000000000'],
      [2, '3fe62e42fefa39ef', '3fe62e42fefa39ef'],
      [0.5, 'bfe62e42fefa39ef', 'bfe62e42fefa39ef'],
      [10, '40026bb1bbb55516', '40026bb1bbb55516'],
      [Math.E, '3ff0000000000000', '3ff0000000000000'],
      [1.4072792908211955, '3fd5ddba9a9a75e2', '3fd5ddba9a9a75e3'],
      [0.7017366478796805, 'bfd6ab2a4657ed88', 'bfd6ab2a4657ed87'],
      [1e-300, 'c085963447f87fb5', 'c085963447f87fb5'],
      [1e300, '4085963447f87fb5', '4085963447f87fb5'],
      [5e-324, 'c0874385446d71c3', 'c0874385446d71c3'],
      [0.9999, 'bf1a3738d2cf1cc2', 'bf1a3738d2cf1cc2'],
      [1.0001, '3f1a368d0657fcd4', '3f1a368d0657fcd4'],
      [3, '3ff193ea7aad030a', '3ff193ea7aad030b'],
    ],
  ],
  tanh: [
    tanh,
    [
      [0, '0000000000000000', '0000000000000000'],
      [1, '3fe85efab514f394', '3fe85efab514f394'],
      [-1, 'bfe85efab514f394', 'bfe85efab514f394'],
      [0.1, '3fb983d7795f413a', '3fb983d7795f413a'],
      [0.5, '3fdd9353d7568af3', '3fdd9353d7568af3'],
      [-0.5697337699030005, 'bfe07c38a5d4ffca', 'bfe07c38a5d4ffcb'],
      [0.55, '3fe00442f6419204', '3fe00442f6419203'],
      [2, '3feed9505e1bc3d4', '3feed9505e1bc3d4'],
      [-5, 'bfefff419668df11', 'bfefff419668df11'],
      [20, '3ff0000000000000', '3ff0000000000000'],
      [25, '3ff0000000000000', '3ff0000000000000'],
      [1e-8, '3e45798ee2308c3a', '3e45798ee2308c3a'],
    ],
  ],
};

function fromBits(bits: string): number {
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

describe.each(Object.entries(VECTORS))('%s', (_, [f, vectors]) => {
  it.each(vectors)('of %d has fixed bits, within 1.5 ulp of the exact value', (x, bits, exact) => {
    expect(bitsOf(f(x))).toBe(bits);
    expect(ulps(f(x), fromBits(exact))).toBeLessThanOrEqual(1.5);
  });
});

/** The engine's own functions are within 1 ulp, so a bound of 2 against the truth is one of 3 against them. */
const AGREEMENT = 3;
const within = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true });

describe('exp', () => {
  it('stays close to the exact value', () => {
    fc.assert(
      fc.property(fc.oneof(within(-745, 709), within(-2, 2), within(-1e-3, 1e-3)), (x) => {
        expect(ulps(exp(x), Math.exp(x))).toBeLessThan(AGREEMENT);
      }),
      { seed: 31, numRuns: 20_000 },
    );
  });

  it('has its limits', () => {
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(exp(Number.NaN)).toBeNaN();
    expect(exp(-0)).toBe(1);
    expect(exp(710)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-746)).toBe(0);
  });
});

describe('log', () => {
  it('stays close to the exact value', () => {
    fc.assert(
      fc.property(fc.oneof(within(0, Number.MAX_VALUE), within(0.5, 2), within(0, 1e-300)), (x) => {
        expect(ulps(log(x), Math.log(x))).toBeLessThan(AGREEMENT);
      }),
      { seed: 32, numRuns: 20_000 },
    );
  });

  it('has its limits', () => {
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-1)).toBeNaN();
    expect(log(Number.NaN)).toBeNaN();
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(log(1)).toBe(0);
  });
});

describe('tanh', () => {
  it('stays close to the exact value, and is odd', () => {
    fc.assert(
      fc.property(fc.oneof(within(-30, 30), within(-1, 1), within(-1e-5, 1e-5)), (x) => {
        expect(ulps(tanh(x), Math.tanh(x))).toBeLessThan(AGREEMENT);
        expect(tanh(-x)).toBe(-tanh(x));
      }),
      { seed: 33, numRuns: 20_000 },
    );
  });

  it('has its limits', () => {
    expect(tanh(Number.POSITIVE_INFINITY)).toBe(1);
    expect(tanh(Number.NEGATIVE_INFINITY)).toBe(-1);
    expect(tanh(Number.NaN)).toBeNaN();
    expect(tanh(-0)).toBe(-0);
  });
});

describe('gaussian', () => {
  it.each([
    ['00000000', '00000000', '401b0e08d9986a8d', '401b0e08d9986a8d'],
    ['ffffffff', 'ffffffff', '3ef0000000020000', '3ef0000000020000'],
    ['12345678', '9abcdef0', 'bffd25e6f3512f3b', 'bffd25e6f3512f3b'],
    ['80000000', '40000000', 'be0d976f42068586', 'be0d976f42068586'],
    ['00000001', '80000000', 'c01a65a983845923', 'c01a65a983845923'],
    ['deadbeef', 'cafebabe', '3fc2056b652b70cb', '3fc2056b652b70cc'],
    ['7fffffff', '3fffffff', '3e0d976fc109f962', '3e0d976f42313690'],
    ['00010000', 'c0000000', '3e2d976e9757dbde', '3e2d976e9757dbdf'],
  ] as const)('of 0x%s and 0x%s has fixed bits', (first, second, bits, exact) => {
    const value = gaussian(Number.parseInt(first, 16), Number.parseInt(second, 16));
    expect(bitsOf(value)).toBe(bits);
    expect(Math.abs(value - fromBits(exact))).toBeLessThan(2e-15);
  });

  it('turns by the cosine', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (v) => {
        const angle = 2 * Math.PI * ((v + 0.5) / 2 ** 32);
        expect(Math.abs(cosineOfTurn(v) - Math.cos(angle))).toBeLessThan(1e-15);
      }),
      { seed: 34, numRuns: 5000 },
    );
  });

  it('has the moments and the tails of a standard normal', () => {
    const count = 200_000;
    const moments = [0, 0, 0, 0];
    let beyondTwo = 0;
    for (let i = 0; i < count; i++) {
      const z = gaussian(draw(5, 0, i, 0, 0, 0), draw(5, 0, i, 1, 0, 0));
      for (let k = 0; k < 4; k++) moments[k]! += z ** (k + 1) / count;
      if (Math.abs(z) > 2) beyondTwo++;
    }
    const [mean, variance, skew, kurtosis] = moments;
    // Four standard errors each.
    expect(Math.abs(mean!)).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(variance! - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(skew!)).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(kurtosis! - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    expect(Math.abs(beyondTwo / count - 0.0455)).toBeLessThan(4 * Math.sqrt(0.0455 / count));
  });
});
