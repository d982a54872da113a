import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  decodeOutput,
  decodeOutputs,
  encodeInput,
  encodeInputs,
  type PortCodec,
} from '../../compiler/levels/numbers/codec.js';
import {
  bitLength,
  formatOfRange,
  maximumOf,
  minimumOf,
  parseFormat,
  printFormat,
  sameFormat,
  signed,
  toReal,
  unsigned,
} from '../../compiler/levels/numbers/format.js';

describe('formats', () => {
  it.each([
    ['s8.7', signed(8, 7), -128, 127, 1 / 128],
    ['u8.0', unsigned(8, 0), 0, 255, 1],
    ['s1.0', signed(1, 0), -1, 0, 1],
    ['u1.3', unsigned(1, 3), 0, 1, 0.125],
    ['s24.-4', signed(24, -4), -8388608, 8388607, 16],
    ['s53.60', signed(53, 60), -4503599627370496, 4503599627370495, 2 ** -60],
    ['u53.0', unsigned(53, 0), 0, 9007199254740991, 1],
  ])('%s', (text, format, minimum, maximum, unit) => {
    expect(parseFormat(text)).toEqual(format);
    expect(printFormat(format)).toBe(text);
    expect(minimumOf(format) + 0).toBe(minimum);
    expect(maximumOf(format)).toBe(maximum);
    expect(toReal(1, format)).toBe(unit);
  });

  it('reads no other text', () => {
    for (const text of [
      '',
      's8',
      '8.7',
      's0.0',
      's54.0',
      's8.7 ',
      'S8.7',
      's8.+7',
      's8.1000',
      's-8.7',
      's8.7.1',
    ]) {
      expect(parseFormat(text), text).toBeUndefined();
    }
  });

  it('keeps every format through its text', () => {
    const property = fc.property(
      fc.boolean(),
      fc.integer({ min: 1, max: 53 }),
      fc.integer({ min: -999, max: 999 }),
      (sign, width, fraction) => {
        const format = { signed: sign, width, fraction };
        const parsed = parseFormat(printFormat(format))!;
        expect(sameFormat(parsed, format)).toBe(true);
        expect(sameFormat(parsed, { ...format, signed: !sign })).toBe(false);
        expect(sameFormat(parsed, { ...format, fraction: fraction + 1 })).toBe(false);
        expect(sameFormat(parsed, { ...format, width: width + 1 })).toBe(false);
      },
    );
    fc.assert(property, { seed: 43, numRuns: 200 });
  });

  it.each([
    [0, 0, 'u1.2'],
    [0, 1, 'u1.2'],
    [0, 255, 'u8.2'],
    [0, 256, 'u9.2'],
    [-1, 0, 's1.2'],
    [-1, 1, 's2.2'],
    [-128, 127, 's8.2'],
    [-129, 0, 's9.2'],
    [-128, 128, 's9.2'],
    [-5, -3, 's4.2'],
  ])('the least one for %d … %d is %s', (low, high, text) => {
    const format = formatOfRange(low, high, 2);
    expect(printFormat(format)).toBe(text);
    expect(low).toBeGreaterThanOrEqual(minimumOf(format));
    expect(high).toBeLessThanOrEqual(maximumOf(format));
  });

  it('counts bits', () => {
    expect([0, 1, 2, 3, 4, 255, 256, 2 ** 52].map(bitLength)).toEqual([0, 1, 2, 2, 3, 8, 9, 53]);
  });
});

describe('ports', () => {
  const codec: PortCodec = {
    format: signed(8, 4),
    mean: 1,
    deviation: 2,
    scale: 3,
    clip: 4,
  };

  it.each([
    // (value − 1) / 2 · 3, limited to ±4, times 16, nearest
    [1, 0],
    [2, 24],
    [1.02, 0],
    [1.03, 1],
    [0.98, 0],
    [0.97, -1],
    [10, 64],
    [-10, -64],
  ])('turn the input %d into %d', (value, integer) => {
    const counted = vi.fn();
    expect(encodeInput(codec, 0, value, counted)).toBe(integer);
    expect(counted).not.toHaveBeenCalled();
  });

  it('saturate where nothing clips, and say so', () => {
    const counted = vi.fn();
    expect(encodeInput({ ...codec, clip: null }, 0, 100, counted)).toBe(127);
    expect(encodeInput({ ...codec, clip: null }, 0, -100, counted)).toBe(-128);
    expect(counted).toHaveBeenCalledTimes(2);
  });

  it('have a mean and a deviation for each neuron', () => {
    const never = (): void => expect.unreachable();
    const each = { ...codec, mean: [0, 1], deviation: [1, 0.5], scale: 1 };
    expect(encodeInput(each, 0, 1.5, never)).toBe(24);
    expect(encodeInput(each, 1, 1.5, never)).toBe(16);
  });

  it('are coded whole as value by value, in steps through an array', () => {
    const real = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    const codecs = fc.record({
      format: fc.constantFrom(signed(8, 4), unsigned(7, 0), signed(24, -3)),
      mean: fc.oneof(real, fc.tuple(real, real, real)),
      deviation: fc.oneof(fc.constant(0.25), fc.constant([1, 3, 0.5])),
      scale: real,
      clip: fc.constantFrom(null, 0.5, 4, 1000),
    });
    fc.assert(
      fc.property(codecs, fc.tuple(real, real, real), (each, values) => {
        const [whole, single] = [vi.fn(), vi.fn()];
        const integers = new Float64Array(8).fill(Number.NaN);
        encodeInputs(each, values, integers, whole, 1, 2);
        const expected = values.map((v, i) => encodeInput(each, i, v, single));
        expect([1, 3, 5].map((at) => integers[at])).toEqual(expected);
        expect([0, 2, 4, 6, 7].every((at) => Number.isNaN(integers[at]))).toBe(true);
        expect(whole.mock.calls.length).toBe(single.mock.calls.length);
        const reals = new Float64Array(3);
        decodeOutputs(each, integers, reals, 1, 2);
        expect([...reals]).toEqual(expected.map((n) => decodeOutput(each, n)));
      }),
    );
  });

  it('turn outputs into numbers: scaled, then clipped', () => {
    expect(decodeOutput(codec, 16)).toBe(3);
    expect(decodeOutput(codec, -8)).toBe(-1.5);
    expect(decodeOutput(codec, 127)).toBe(4);
    expect(decodeOutput(codec, -128)).toBe(-4);
    expect(decodeOutput({ ...codec, clip: null }, 127)).toBe(23.8125);
  });
});
