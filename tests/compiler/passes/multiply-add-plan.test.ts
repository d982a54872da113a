import { describe, expect, it } from 'vitest';
import {
  isReached,
  leavesOf,
  macsOf,
  polynomial,
  programAt,
  shortest,
  sumValue,
} from './all-programs.js';

/** Sums with the number of instructions that they take. */
const SUMS: readonly (readonly [string, number])[] = [
  ['w + A x', 1],
  ['w + 3 x', 1],
  ['w + A y + -3 x', 2],
  ['w + A x y', 2],
  ['w + A x y + B x', 2],
  ['w + A x + B y', 2],
  ['w + A x + B', 2],
  ['w + 3 x y', 2],
  ['w + x y', 1],
  ['w + 3 x y + -3 x y2', 2],
  ['w + x y + -1 y y w', 2],
  ['w r + A x y', 3],
  ['w + A x y + B x + C y', 3],
  ['w r + A x + B y', 3],
  ['w r + A x y + B y', 3],
  ['7 w + 3 x y', 3],
  ['w + 3 m v', 2],
  ['7 v + 3 x y2', 3],
];

describe('programs of sums', () => {
  it.each(SUMS)('%s takes %i instructions, and no program is shorter', (text, count) => {
    const sum = polynomial(text);
    expect(macsOf(shortest(text))).toBe(count);
    expect(programAt(shortest(text), 0)).toBe(sumValue(sum).at);
    if (count > 1) expect(isReached(sumValue(sum), leavesOf(sum), count - 1)).toBe(false);
  });
});
