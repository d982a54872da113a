import { drawPost, drawRow, type RowState } from '../../../compiler/levels/numbers/draw.js';
import { gaussian } from '../../equations/functions/gaussian.js';

/** The `projection` word of a search's draws: apart from tasks and networks. */
const SEARCH_STREAM = 0x5ea6c000;

/**
 * A generation, as data that any worker can make its own members from: member 2p is centre + σ·ε(p), member
 * 2p + 1 is centre − σ·ε(p), with ε(p) standard normal numbers that depend on seed, generation and p alone.
 */
export interface Sample {
  readonly seed: number;
  readonly generation: number;
  readonly centre: Float64Array;
  /** One deviation per parameter. */
  readonly sigma: Float64Array;
}

const row: RowState = { a: 0, b: 0 };

/** Fills `into` with the standard normal numbers of a pair. */
export function pairNoise(
  into: Float64Array,
  seed: number,
  generation: number,
  pair: number,
): Float64Array {
  drawRow(row, seed, SEARCH_STREAM, pair, generation, 0);
  for (let i = 0; i < into.length; i++) {
    into[i] = gaussian(drawPost(row, 2 * i), drawPost(row, 2 * i + 1));
  }
  return into;
}

/** Fills `into` with the parameters of a member of a generation. */
export function memberGenome(into: Float64Array, sample: Sample, member: number): Float64Array {
  const { seed, generation, centre, sigma } = sample;
  pairNoise(into, seed, generation, member >> 1);
  const side = member % 2 === 0 ? 1 : -1;
  for (let i = 0; i < into.length; i++) into[i] = centre[i]! + side * sigma[i]! * into[i]!;
  return into;
}
