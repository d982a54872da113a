import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSearch } from '../../src/train/search/create.js';
import { searchDefaults } from '../../src/train/search/defaults.js';
import { createPairNoise } from '../../src/train/search/noise.js';
import { centredRanks, ranksOf } from '../../src/train/search/ranks.js';
import { memberGenome } from '../../src/train/search/sample.js';
import { SEARCH_METHODS, type Search } from '../../src/train/search/search.js';

const target = Float64Array.from({ length: 12 }, (_, i) => 0.4 * (i % 2 === 0 ? 1 : -1) + 0.02 * i);
/** A maximum of 0 at `target`, and a far smaller slope in every third direction. */
const bowl = (x: Float64Array): number =>
  -x.reduce((sum, v, i) => sum + (v - target[i]!) ** 2 * (i % 3 === 0 ? 0.1 : 1), 0);

function climb(search: Search, generations: number): void {
  for (let g = 0; g < generations; g++) search.tell(search.ask().map(bowl));
}

describe.each(SEARCH_METHODS)('%s', (method) => {
  const options = { ...searchDefaults(method), population: 32, seed: 3 };
  const start = new Float64Array(target.length);

  it('climbs a bowl', () => {
    const search = createSearch(options, start);
    climb(search, 150);
    expect(bowl(search.centre)).toBeGreaterThan(0.02 * bowl(start));
  });

  it('goes on from its state to the same bits', () => {
    const whole = createSearch(options, start);
    climb(whole, 10);
    const half = createSearch(options, start);
    climb(half, 4);
    const rest = createSearch(options, start, structuredClone(half.state()));
    climb(rest, 6);
    expect(rest.state()).toEqual(whole.state());
  });

  it('asks for what `sample` says, in mirrored pairs around the centre', () => {
    const search = createSearch(options, target);
    climb(search, 2);
    const members = search.ask();
    expect(members).toHaveLength(32);
    members.forEach((member, i) => {
      expect(memberGenome(new Float64Array(12), search.sample, i)).toEqual(member);
    });
    for (let i = 0; i < 12; i++) {
      expect((members[6]![i]! + members[7]![i]!) / 2).toBeCloseTo(search.centre[i]!, 12);
    }
  });

  it('sees only the order of fitnesses', () => {
    const plain = createSearch(options, start);
    const cubed = createSearch(options, start);
    for (let g = 0; g < 5; g++) {
      plain.tell(plain.ask().map(bowl));
      cubed.tell(cubed.ask().map((x) => 7 * bowl(x) ** 3 + 2));
    }
    expect(cubed.centre).toEqual(plain.centre);
  });

  it('survives members without a fitness', () => {
    const search = createSearch(options, start);
    search.tell(search.ask().map((x, i) => (i % 3 === 0 ? Number.NaN : bowl(x))));
    expect(search.centre.every(Number.isFinite)).toBe(true);
    expect(search.sample.sigma.every((s) => s > 0)).toBe(true);
  });
});

describe('deviations', () => {
  it('stay fixed in openai-es and adapt by at most 20 % in pgpe', () => {
    const fixed = createSearch(searchDefaults('openai-es'), new Float64Array(12));
    const adapting = createSearch(
      { ...searchDefaults('pgpe'), sigmaLearningRate: 1000 },
      new Float64Array(12),
    );
    climb(fixed, 3);
    climb(adapting, 1);
    expect([...fixed.sample.sigma]).toEqual(new Array(12).fill(0.04));
    for (const sigma of adapting.sample.sigma) {
      expect(sigma).toBeGreaterThanOrEqual(0.04 * 0.8 - 1e-12);
      expect(sigma).toBeLessThanOrEqual(0.04 * 1.2 + 1e-12);
    }
    expect(adapting.sample.sigma.some((s) => s !== 0.04)).toBe(true);
  });
});

describe('members', () => {
  it('are standard normal around the centre and new in every generation', () => {
    const sample = {
      seed: 8,
      generation: 0,
      centre: new Float64Array(5000),
      sigma: new Float64Array(5000).fill(1),
      noise: createPairNoise(3, 5000),
    };
    const values = memberGenome(new Float64Array(5000), sample, 4);
    const mean = values.reduce((a, b) => a + b) / 5000;
    const variance = values.reduce((a, b) => a + b * b, 0) / 5000;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(variance - 1)).toBeLessThan(0.08);
    const kept = memberGenome(new Float64Array(5000), sample, 4);
    expect(kept).toEqual(values);
    const unkept = { ...sample, noise: createPairNoise(3, 5000, 0) };
    expect(memberGenome(new Float64Array(5000), unkept, 4)).toEqual(values);
    const next = memberGenome(new Float64Array(5000), { ...sample, generation: 1 }, 4);
    const product = next.reduce((sum, v, i) => sum + v * values[i]!, 0) / 5000;
    expect(Math.abs(product)).toBeLessThan(0.06);
  });
});

describe('ranks', () => {
  it('share the mean between equals and put NaN last', () => {
    expect([...ranksOf([3, 1, 3, Number.NaN, 9])]).toEqual([2.5, 1, 2.5, 0, 4]);
    expect([...centredRanks([10, 20, 40])]).toEqual([-0.5, 0, 0.5]);
  });

  it('sum to zero when centred', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2 }), (values) => {
        expect(centredRanks(values).reduce((a, b) => a + b)).toBeCloseTo(0, 9);
      }),
      { seed: 2 },
    );
  });
});

describe('options', () => {
  it('are refused all at once', () => {
    const bad = { ...searchDefaults('pgpe'), population: 7, sigma: 0, learningRate: -1 };
    expect(() => createSearch(bad, new Float64Array(1))).toThrow(
      /PL5105: the population is 7.*PL5105: the starting deviation is 0.*PL5105: the learning rate is -1/s,
    );
  });
});
