/**
 * Random draws are functions, not streams: `draw(seed, projection, pre, post, step, operation)`.
 *
 * Adds, rotations and xors of 32-bit words only. The words seed, projection, operation, step and pre are
 * absorbed one after the other by three rounds of the Speck64 round function (Beaulieu et al. 2013, rotations
 * 8 and 3) with a counter as round key, then four more rounds finish the row; `post` is absorbed by six rounds (five leave low bits correlated). Lanes,
 * cores, workers and engines therefore cannot change a draw. Not for cryptography.
 */
export interface RowState {
  a: number;
  b: number;
}

const KEY = 0x9e3779b9;

/** The state after seed, projection, operation and step: what all rows of a sweep share; written into `out`. */
export function drawSweep(
  out: RowState,
  seed: number,
  projection: number,
  step: number,
  operation: number,
): RowState {
  out.a = 0x243f6a88;
  out.b = 0x85a308d3;
  absorb(out, seed, 1);
  absorb(out, projection, 2);
  absorb(out, operation, 3);
  absorb(out, step, 4);
  return out;
}

/** The state of a row, from that of its sweep, in place. */
export function drawRowOf(state: RowState, pre: number): RowState {
  absorb(state, pre, 5);
  rounds(state, 4, 6);
  return state;
}

/** The state shared by all draws of one presynaptic row; written into `out`. */
export function drawRow(
  out: RowState,
  seed: number,
  projection: number,
  pre: number,
  step: number,
  operation: number,
): RowState {
  return drawRowOf(drawSweep(out, seed, projection, step, operation), pre);
}

/** The draw of one synapse of a row: 32 bits, unsigned. */
export function drawPost(row: RowState, post: number): number {
  let a = row.a;
  let b = row.b ^ post;
  for (let i = 0; i < 6; i++) {
    a = (((a >>> 8) | (a << 24)) + b) | 0;
    a ^= KEY;
    b = ((b << 3) | (b >>> 29)) ^ a;
  }
  return (a + b) >>> 0;
}

/** Roundings of up to so many bits share words. */
export const SHARED_BITS = 8;

/**
 * The draw of a stochastic rounding that drops `bits` bits at a synapse of a row; its top `bits` bits count. Up to 8 bits four
 * neighbouring postsynaptic neurons share one word, from which each takes a byte, the first one the lowest: a lane draws
 * a quarter of the words.
 */
export function drawRounding(row: RowState, post: number, bits: number): number {
  if (bits > SHARED_BITS) return drawPost(row, post);
  return (drawPost(row, post >>> 2) << (24 - 8 * (post & 3))) >>> 0;
}

/** One draw: 32 bits, unsigned. Every argument is taken as a 32-bit word. */
export function draw(
  seed: number,
  projection: number,
  pre: number,
  post: number,
  step: number,
  operation: number,
): number {
  return drawPost(drawRow({ a: 0, b: 0 }, seed, projection, pre, step, operation), post);
}

/** `drawRounding` of one synapse. */
export function roundingDraw(
  seed: number,
  projection: number,
  pre: number,
  post: number,
  step: number,
  operation: number,
  bits: number,
): number {
  return drawRounding(drawRow({ a: 0, b: 0 }, seed, projection, pre, step, operation), post, bits);
}

/** A draw as a real number in [0, 1) with 32 bits. */
export function uniform(...words: Parameters<typeof draw>): number {
  return draw(...words) / 2 ** 32;
}

function absorb(state: RowState, word: number, key: number): void {
  state.b ^= word | 0;
  rounds(state, 3, key);
}

function rounds(state: RowState, count: number, key: number): void {
  let { a, b } = state;
  for (let i = 0; i < count; i++) {
    a = (((a >>> 8) | (a << 24)) + b) | 0;
    a ^= (KEY + key * 16 + i) | 0;
    b = ((b << 3) | (b >>> 29)) ^ a;
  }
  state.a = a;
  state.b = b;
}
