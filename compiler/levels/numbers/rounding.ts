import { type Format, maximumOf, minimumOf, scaleOf } from './format.js';

/** How dropped low bits are treated. Section "Numbers" of ARCHITECTURE.md. */
export type Rounding = 'floor' | 'nearest' | 'toward-zero' | 'stochastic';

/**
 * What happens outside the format. `symmetric` saturates at ±(2^(width−1) − 1). `lava-wrap-24` is the
 * compatibility form of Lava's fixed-point LIF current: one wrap to the range (−2^23, 2^23].
 */
export type Overflow = 'saturate' | 'wrap' | 'symmetric' | 'lava-wrap-24';

export const ROUNDINGS: readonly Rounding[] = ['floor', 'nearest', 'toward-zero', 'stochastic'];
export const OVERFLOWS: readonly Overflow[] = ['saturate', 'wrap', 'symmetric', 'lava-wrap-24'];

/**
 * Drops `bits` low bits of an integer. A negative `bits` appends zeros (exact).
 * `random` is a 32-bit draw, read by `stochastic` alone: its top `bits` bits are added before the floor.
 */
export function shiftRight(value: number, bits: number, rounding: Rounding, random = 0): number {
  if (bits <= 0) return value * 2 ** -bits;
  const unit = 2 ** bits;
  switch (rounding) {
    case 'floor':
      return Math.floor(value / unit);
    case 'nearest':
      return Math.floor((value + unit / 2) / unit);
    case 'toward-zero':
      return Math.trunc(value / unit) + 0;
    case 'stochastic':
      return Math.floor((value + topBits(random, bits)) / unit);
  }
}

/** The top bits of a 32-bit draw as an integer of `bits` bits; beyond 32 the low ones are zero. */
export function topBits(random: number, bits: number): number {
  const draw = random >>> 0;
  return bits <= 32 ? Math.floor(draw / 2 ** (32 - bits)) : draw * 2 ** (bits - 32);
}

/** Brings an integer into a format. */
export function overflowTo(value: number, format: Format, overflow: Overflow): number {
  const low = minimumOf(format);
  const high = maximumOf(format);
  switch (overflow) {
    case 'saturate':
      return value < low ? low : Math.min(value, high);
    case 'symmetric':
      return value < -high ? -high : Math.min(value, high);
    case 'wrap': {
      const size = 2 ** format.width;
      const residue = value - Math.floor(value / size) * size;
      return residue > high ? residue - size : residue;
    }
    case 'lava-wrap-24':
      if (value > 2 ** 23) return value - 2 ** 24;
      return value <= -(2 ** 23) ? value + 2 ** 24 : value;
  }
}

/** A real number as an integer of a format: rounded (never `stochastic` here), then saturated. NaN is refused by callers. */
export function toInteger(real: number, format: Format, rounding: Rounding = 'nearest'): number {
  const scaled = real * scaleOf(format.fraction);
  const rounded =
    rounding === 'nearest'
      ? Math.floor(scaled + 0.5)
      : rounding === 'toward-zero'
        ? Math.trunc(scaled)
        : Math.floor(scaled);
  return overflowTo(rounded, format, 'saturate') + 0;
}
