import { describe, expect, it } from 'vitest';
import { againstRecorded, figureOf, type Round, rateOf, ratioOf } from './measure.js';
import { growth } from './rows/compile.js';

/** Rounds of one second each; notes who runs. */
const rounds =
  (units: readonly number[], name: string, seen: string[]): Round =>
  async () => {
    seen.push(name);
    return [units[seen.filter((n) => n === name).length - 1]!, 1];
  };

describe('figures of the bench', () => {
  it('are the median, the least and the largest', () => {
    expect(figureOf([5, 1, 3])).toEqual({ median: 3, low: 1, high: 5 });
    expect(figureOf([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1, high: 4 });
  });

  it('take rates after a round that warms up', async () => {
    const round = rounds([100, 2, 4, 3], 'only', []);
    expect(await rateOf(round, 3)).toEqual({ median: 3, low: 2, high: 4 });
  });

  it('take ratios in pairs that take turns', async () => {
    const seen: string[] = [];
    const [left, right] = [rounds([0, 8, 9, 4], 'l', seen), rounds([0, 2, 3, 4], 'r', seen)];
    expect(await ratioOf(left, right, 3)).toEqual({
      median: 3,
      low: 1,
      high: 4,
      left: 8,
      right: 3,
    });
    expect(seen.join('')).toBe('lrlrlrlr');
  });

  it('take the growth of time as an exponent', () => {
    expect(growth(5, 5)).toBe(1);
    expect(growth(1000, 100, 2)).toBe(1.5);
    expect(growth(10, 1)).toBe(2);
  });

  it('take ratios to what was recorded', async () => {
    const round = rounds([0, 10, 20, 40], 'only', []);
    expect(await againstRecorded(round, 10, 3)).toEqual({
      ...{ median: 2, low: 1, high: 4 },
      ...{ left: 20, right: 10 },
    });
  });
});
