/**
 * A fixed-point format: `s<width>.<fraction>` (two's complement) or `u<width>.<fraction>`.
 * The real value of integer n is n / 2^fraction. `fraction` may be negative or exceed `width`.
 */
export interface Format {
  readonly signed: boolean;
  readonly width: number;
  readonly fraction: number;
}

/** The widest value that an exact integer path may hold in a JavaScript number (2^53). */
export const MAX_WIDTH = 53;

export const signed = (width: number, fraction: number): Format => ({
  signed: true,
  width,
  fraction,
});
export const unsigned = (width: number, fraction: number): Format => ({
  signed: false,
  width,
  fraction,
});

export function printFormat(format: Format): string {
  return `${format.signed ? 's' : 'u'}${format.width}.${format.fraction}`;
}

/** Reads `s8.7`; undefined when the text is not a format. */
export function parseFormat(text: string): Format | undefined {
  const match = /^([su])(\d{1,2})\.(-?\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const width = Number(match[2]);
  if (width < 1 || width > MAX_WIDTH) return undefined;
  return { signed: match[1] === 's', width, fraction: Number(match[3]) };
}

export function sameFormat(a: Format, b: Format): boolean {
  return a.signed === b.signed && a.width === b.width && a.fraction === b.fraction;
}

/** 2^n for n up to MAX_WIDTH: the bounds of formats are asked for at every node of every step. */
const POWERS = Float64Array.from({ length: MAX_WIDTH + 1 }, (_, n) => 2 ** n);

/** 2^n for n from −FAR to FAR: exact, and without the cost of a power in every conversion. */
const FAR = 64;
const SCALES = Float64Array.from({ length: 2 * FAR + 1 }, (_, n) => 2 ** (n - FAR));

/** 2^fraction. */
export const scaleOf = (fraction: number): number => SCALES[fraction + FAR] ?? 2 ** fraction;

/** The smallest integer of the format. */
export function minimumOf(format: Format): number {
  return format.signed ? -POWERS[format.width - 1]! : 0;
}

/** The largest integer of the format. */
export function maximumOf(format: Format): number {
  return POWERS[format.signed ? format.width - 1 : format.width]! - 1;
}

/** The least and the largest of some integers. */
export type Range = readonly [low: number, high: number];

/** The integers of a format. */
export const rangeOfFormat = (format: Format): Range => [minimumOf(format), maximumOf(format)];

/** What is stored of a format's integers with an offset added. */
export const offsetRange = ({
  format,
  offset,
}: {
  readonly format: Format;
  readonly offset: number;
}): Range => [minimumOf(format) + offset, maximumOf(format) + offset];

/** The real value of an integer in a format. */
export function toReal(integer: number, format: Format): number {
  return integer / scaleOf(format.fraction);
}

/** The least format of the given fraction that holds every integer of [low, high]. */
export function formatOfRange(low: number, high: number, fraction: number): Format {
  if (low >= 0) return unsigned(Math.max(1, bitLength(high)), fraction);
  return signed(Math.max(bitLength(-low - 1), bitLength(Math.max(0, high))) + 1, fraction);
}

/** Bits needed for a non-negative integer. */
export function bitLength(value: number): number {
  let bits = 0;
  for (let rest = value; rest >= 1; rest = Math.floor(rest / 2)) bits++;
  return bits;
}
