import { expect, it } from 'vitest';
import { isReached, leavesOf, macsOf, polynomial, shortest, sumValue } from './all-programs.js';

it('takes four instructions for the rule of plasticity-driven learning', () => {
  expect(macsOf(shortest('w r + A x y + B x + C y + D'))).toBe(4);
  expect(macsOf(shortest('w + A x y + B x + C y + D'))).toBe(4);
  const sum = polynomial('w r + A x y + B x + C y + D');
  // Nothing in it is subtracted: without b the search is small enough.
  const values = leavesOf(sum).map((v) => ({ ...v, subtrahend: v.at === 0 }));
  expect(isReached(sumValue(sum), values, 3)).toBe(false);
});
