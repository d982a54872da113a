import { expect, it } from 'vitest';
import { TraceHash } from '../../../targets/fpga/simulate/trace-hash.js';

const MASK = 0xffffffffn;

/** The definition of harness.h in integers without a width. */
function slowHash(words: readonly number[]): readonly [number, number] {
  let h1 = 0x811c9dc5n;
  let h2 = 0x1b873593n;
  for (const word of words.map(BigInt)) {
    h1 = ((h1 ^ word) * 0x01000193n) & MASK;
    h2 = (((((h2 << 5n) & MASK) | (h2 >> 27n)) ^ word) * 0x9e3779b1n) & MASK;
  }
  return [Number(h1), Number(h2)];
}

it('is the hash of all words in order', () => {
  const hash = new TraceHash();
  expect(hash.halves).toEqual([0x811c9dc5, 0x1b873593]);
  const words = Array.from({ length: 300 }, (_, i) => Math.imul(i + 1, 0x9e3779b9) >>> 0);
  for (let i = 0; i < words.length; i += 3) hash.record(words[i]!, words[i + 1]!, words[i + 2]!);
  expect(hash.halves).toEqual(slowHash(words));
});
