import { ROUNDINGS, type Rounding } from '../numbers/rounding.js';
import type { LevelCursor } from './cursor.js';

/** A rounding, and which of the draws of a step it takes where it is stochastic. */
export interface StatedRounding {
  readonly rounding: Rounding;
  readonly operation: number;
}

/** `floor`, or `stochastic draw 1`; draw 0 is not printed. */
export const roundingWords = ({ rounding, operation }: StatedRounding): string =>
  operation === 0 ? rounding : `${rounding} draw ${operation}`;

/** Reads what `roundingWords` prints. */
export function readRounding(cursor: LevelCursor): StatedRounding {
  const rounding = cursor.oneOf(ROUNDINGS, 'a rounding');
  return { rounding, operation: cursor.take('draw') ? cursor.integer('the number of a draw') : 0 };
}
