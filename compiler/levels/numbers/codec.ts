import { type Format, maximumOf, minimumOf, scaleOf, toReal } from './format.js';
import type { Integers } from './integers.js';
import { toInteger } from './rounding.js';

/** How a port turns real values into integers (inputs) or integers into real values (outputs). */
export interface PortCodec {
  readonly format: Format;
  /** Inputs: normalisation before scaling, one number or one per neuron. Outputs: 0 and 1. */
  readonly mean: number | readonly number[];
  readonly deviation: number | readonly number[];
  readonly scale: number;
  /** Symmetric limit after scaling; null is none. */
  readonly clip: number | null;
}

const at = (values: number | readonly number[], index: number): number =>
  typeof values === 'number' ? values : values[index]!;

const limit = (value: number, clip: number | null): number =>
  clip === null ? value : Math.max(-clip, Math.min(clip, value));

/**
 * An input in port units as the integer that a population receives: normalise, scale, clip, round to nearest, saturate;
 * `saturated` is told where the format does not hold it.
 */
export function encodeInput(
  codec: PortCodec,
  index: number,
  value: number,
  saturated: () => void,
): number {
  const normalised = (value - at(codec.mean, index)) / at(codec.deviation, index);
  const limited = limit(normalised * codec.scale, codec.clip);
  const integer = toInteger(limited, codec.format);
  if (Math.abs(integer - limited * scaleOf(codec.format.fraction)) > 0.5) saturated();
  return integer;
}

/** An integer output as the real value that the outside reads: scale, then clip. */
export function decodeOutput(codec: PortCodec, integer: number): number {
  return limit(toReal(integer, codec.format) * codec.scale, codec.clip);
}

/**
 * `encodeInput` for every value of a port: the integer of value i lands in `into[start + i · stride]`. Written out, for every
 * step runs it, and a number that one function gives to another may be boxed.
 */
export function encodeInputs(
  { format, mean, deviation, scale, clip }: PortCodec,
  values: ArrayLike<number>,
  into: Integers,
  saturated: () => void,
  start = 0,
  stride = 1,
): void {
  const most = clip ?? Infinity;
  const unit = scaleOf(format.fraction);
  const low = minimumOf(format);
  const high = maximumOf(format);
  for (let i = 0; i < values.length; i++) {
    const centre = typeof mean === 'number' ? mean : mean[i]!;
    const spread = typeof deviation === 'number' ? deviation : deviation[i]!;
    const limited = Math.max(-most, Math.min(most, ((values[i]! - centre) / spread) * scale));
    const integer = Math.max(low, Math.min(high, Math.floor(limited * unit + 0.5)));
    if (Math.abs(integer - limited * unit) > 0.5) saturated();
    into[start + i * stride] = integer + 0;
  }
}

/** `decodeOutput` for every value of a port: value i comes from `integers[start + i · stride]`. */
export function decodeOutputs(
  { format, scale, clip }: PortCodec,
  integers: Integers,
  into: Float64Array,
  start = 0,
  stride = 1,
): void {
  const most = clip ?? Infinity;
  const unit = scaleOf(format.fraction);
  for (let i = 0; i < into.length; i++) {
    const real = (integers[start + i * stride]! / unit) * scale;
    into[i] = Math.max(-most, Math.min(most, real));
  }
}
