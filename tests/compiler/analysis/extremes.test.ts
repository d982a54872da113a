import { describe, expect, it } from 'vitest';
import { extremesOf, largestMagnitude } from '../../../compiler/analysis/extremes.js';

describe('extremes', () => {
  it('are those of any number of values', () => {
    const many = Float64Array.from({ length: 500_000 }, (_, i) => i - 300_000);
    expect(extremesOf(many)).toEqual([-300_000, 199_999]);
    expect(largestMagnitude(many)).toBe(300_000);
  });

  it('of one value and of none', () => {
    expect(extremesOf([-2])).toEqual([-2, -2]);
    expect(largestMagnitude([-2])).toBe(2);
    expect(largestMagnitude([])).toBe(0);
  });
});
