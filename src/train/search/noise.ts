import { drawPost, drawRow, type RowState } from '../../../compiler/levels/numbers/draw.js';
import { gaussian } from '../../equations/functions/gaussian.js';

/** The `projection` word of a search's draws: apart from tasks and networks. */
const SEARCH_STREAM = 0x5ea6c000;
const row: RowState = { a: 0, b: 0 };

/**
 * The standard normal numbers of the pairs of a generation: functions of seed, generation and pair alone. Whoever needs a pair
 * first makes it, and all threads see it then: the memory is shared.
 */
export interface PairNoise {
  /** For each pair the generation, from 1, whose numbers lie here. */
  readonly made: Int32Array;
  readonly parameters: number;
  /** Pairs × parameters; empty where that is too much to keep. */
  readonly values: Float64Array;
}

/** Most numbers that are kept. */
const MOST = 2 ** 24;

/** Room for the pairs of a search; none where they are more than `most` numbers. */
export function createPairNoise(pairs: number, parameters: number, most = MOST): PairNoise {
  const count = pairs * parameters;
  return {
    made: new Int32Array(new SharedArrayBuffer(4 * pairs)),
    parameters,
    values: new Float64Array(new SharedArrayBuffer(count <= most ? 8 * count : 0)),
  };
}

/** The numbers of a pair, one per parameter. Two threads that make the same pair at once write the same. */
export function pairNoise(
  { made, parameters, values }: PairNoise,
  seed: number,
  generation: number,
  pair: number,
): Float64Array {
  const kept = values.length > 0;
  const own = kept
    ? values.subarray(pair * parameters, (pair + 1) * parameters)
    : new Float64Array(parameters);
  if (kept && Atomics.load(made, pair) === generation + 1) return own;
  drawRow(row, seed, SEARCH_STREAM, pair, generation, 0);
  for (let i = 0; i < parameters; i++) {
    own[i] = gaussian(drawPost(row, 2 * i), drawPost(row, 2 * i + 1));
  }
  if (kept) Atomics.store(made, pair, generation + 1);
  return own;
}
