import { describe, expect, it } from 'vitest';
import { signed, unsigned } from '../../compiler/levels/numbers/format.js';
import {
  areWithin,
  integersOf,
  narrowed,
  realsIn,
  zeros,
} from '../../compiler/levels/numbers/integers.js';

describe('arrays of integers', () => {
  it.each([
    [signed(8, 7), Int8Array],
    [unsigned(8, 0), Uint8Array],
    [signed(9, 0), Int16Array],
    [unsigned(16, 3), Uint16Array],
    [signed(17, 0), Int32Array],
    [unsigned(32, 0), Uint32Array],
    [signed(33, 0), Float64Array],
    [unsigned(53, 0), Float64Array],
  ])('of %o are %o', (format, type) => {
    expect(zeros(3, format)).toEqual(new type(3));
  });

  it('hold what their format holds, the ends too', () => {
    expect(integersOf([-128, 0, 127], signed(8, 0))).toEqual(Int8Array.of(-128, 0, 127));
    expect(integersOf([2 ** 53 - 1], unsigned(53, 0))).toEqual(Float64Array.of(2 ** 53 - 1));
  });

  it('keep a number outside the format as it is, for a checker to refuse', () => {
    for (const wrong of [-129, 128, Number.NaN]) {
      const kept = integersOf([1, wrong], signed(8, 0));
      expect(kept).toEqual(Float64Array.of(1, wrong));
      expect(areWithin(kept, signed(8, 0))).toBe(false);
    }
  });

  it('are as narrow as what they hold, and signed', () => {
    expect(narrowed([])).toEqual(new Int8Array(0));
    expect(narrowed([15, 7])).toEqual(Int8Array.of(15, 7));
    expect(narrowed([-8, 128])).toEqual(Int16Array.of(-8, 128));
    expect(narrowed([2 ** 31 - 1])).toEqual(Int32Array.of(2 ** 31 - 1));
    expect(narrowed([-(2 ** 31)])).toEqual(Int32Array.of(-(2 ** 31)));
    expect(narrowed([2 ** 40])).toEqual(Float64Array.of(2 ** 40));
  });

  it('round real numbers to nearest and saturate', () => {
    expect(realsIn([0.5, -0.5, 1, -2, 1 / 256], signed(8, 7))).toEqual(
      Int8Array.of(64, -64, 127, -128, 1),
    );
  });
});
