/** Two views of one float64: shared by the functions, which never call each other in between. */
const floats = new Float64Array(1);
const words = new Uint32Array(floats.buffer);

/** 2^exponent for −1022 ≤ exponent ≤ 1023, exact. */
export function powerOfTwo(exponent: number): number {
  words[0] = 0;
  words[1] = (exponent + 1023) << 20;
  return floats[0]!;
}

/** The binary exponent of a positive normal number: floor(log2(x)). */
export function exponentOf(x: number): number {
  floats[0] = x;
  return ((words[1]! >>> 20) & 0x7ff) - 1023;
}

/** ln 2 in two parts: the high one has 33 significant bits, so that small multiples of it are exact (fdlibm). */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;
