import { type Format, scaleOf } from './format.js';

/**
 * The scale r of a projection whose normalisation is lazy: its weights are W = r · W′, where W′ is what is stored. Currents are
 * r · Σ W′ · s, learning writes W′ ← r · W′ + ΔW, and r follows from the largest |W′|: `max` brings it to 1, `pow2` halves while it
 * is above 1.
 */
export type ScaleKind = (typeof SCALE_KINDS)[number];
export const SCALE_KINDS = ['max', 'pow2'] as const;

/** Bits of the mantissa behind its leading one: a mantissa lies in [2^14, 2^15). */
const MANTISSA_BITS = 14;

/** r = mantissa · 2^(exponent − `scaleFraction`); the exponent lies in 0 … width − 1. */
export interface Scale {
  readonly mantissa: number;
  readonly exponent: number;
}

export const MANTISSA_FORMAT: Format = { signed: true, width: MANTISSA_BITS + 2, fraction: 0 };
export const EXPONENT_FORMAT: Format = { signed: false, width: 4, fraction: 0 };

/** Whether weights of a format may have a scale: signed, at most 16 bits wide, and they hold 1. */
export const mayScale = ({ signed, width, fraction }: Format): boolean =>
  signed && width <= 16 && fraction >= 0 && fraction <= width - 2;

/** The binary point of mantissa · 2^exponent, for weights W′ of a format. */
export const scaleFraction = ({ width, fraction }: Format): number =>
  MANTISSA_BITS + width - 1 - fraction;

/** r = 1: after `reset`, after a write of weights, and where all are 0. */
export function unitScale({ width, fraction }: Format): Scale {
  return { mantissa: 2 ** MANTISSA_BITS, exponent: width - 1 - fraction };
}

/**
 * The scale of weights whose largest |W′| is the integer `largest`, at most 2^(width − 1). `max`: r = 2^fraction / largest, its
 * mantissa cut (floor); `pow2`: the power of two, at most 1, that brings the largest to 1 or below.
 */
export function nextScale(kind: ScaleKind, largest: number, format: Format): Scale {
  if (largest === 0) return unitScale(format);
  // 2^bits is the least power of two that is not below the largest.
  const bits = 32 - Math.clz32(largest - 1);
  const { width, fraction } = format;
  if (kind === 'pow2') {
    const halvings = Math.max(0, bits - fraction);
    return { mantissa: 2 ** MANTISSA_BITS, exponent: width - 1 - fraction - halvings };
  }
  const mantissa = Math.floor(2 ** (MANTISSA_BITS + bits) / largest);
  return { mantissa, exponent: width - 1 - bits };
}

/** r as a real number, exactly. */
export const scaleReal = ({ mantissa, exponent }: Scale, format: Format): number =>
  (mantissa * 2 ** exponent) / scaleOf(scaleFraction(format));
