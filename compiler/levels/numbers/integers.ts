import { type Format, formatOfRange, maximumOf, minimumOf } from './format.js';
import { toInteger } from './rounding.js';

/** Integers of a level: one per neuron, synapse or profile. */
export type Integers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float64Array;

/** Zeros in the narrowest array that holds every integer of a format: 1, 2, 4 or (beyond 32 bits) 8 bytes each. */
export function zeros(length: number, { signed, width }: Format): Integers {
  if (width <= 8) return signed ? new Int8Array(length) : new Uint8Array(length);
  if (width <= 16) return signed ? new Int16Array(length) : new Uint16Array(length);
  if (width <= 32) return signed ? new Int32Array(length) : new Uint32Array(length);
  return new Float64Array(length);
}

/** Whether every number is an integer of the format. */
export function areWithin(values: ArrayLike<number>, format: Format): boolean {
  const low = minimumOf(format);
  const high = maximumOf(format);
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= low && values[i]! <= high)) return false;
  }
  return true;
}

/** The integers in the array of `zeros`; where one lies outside the format, all as they are, for a checker to refuse. */
export function integersOf(values: ArrayLike<number>, format: Format): Integers {
  if (!areWithin(values, format)) return Float64Array.from(values);
  const integers = zeros(values.length, format);
  integers.set(values);
  return integers;
}

/** Integers below 2^53 in the narrowest signed array that holds them all. */
export function narrowed(values: ArrayLike<number>): Integers {
  let [low, high] = [-1, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low) low = values[i]!;
    else if (values[i]! > high) high = values[i]!;
  }
  const integers = zeros(values.length, formatOfRange(low, high, 0));
  integers.set(values);
  return integers;
}

/** Real numbers as integers of a format: rounded to nearest, then saturated. */
export function realsIn(values: ArrayLike<number>, format: Format): Integers {
  const integers = zeros(values.length, format);
  for (let i = 0; i < values.length; i++) integers[i] = toInteger(values[i]!, format);
  return integers;
}
