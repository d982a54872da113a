/** Kinds of architectural writes, as the circuit's trace numbers them. */
export const WRITE = {
  weight: 0,
  variable: 1,
  field: 2,
  payload: 3,
  x0: 4,
  x1: 5,
  scale: 6,
} as const;

/** One write: when, in which order of the circuit's records, and what. */
export interface TracedWrite {
  readonly cycle: number;
  readonly record: number;
  /** Valid bit, kind, lane, and the upper part of the address; then the data. */
  readonly high: number;
  readonly low: number;
}

/** The number of a record among those of a cycle, for `lanes` lanes. */
export function recordOf(kind: number, lane: number, bank: number, lanes: number): number {
  switch (kind) {
    case WRITE.weight:
      return lane;
    case WRITE.variable:
      return lanes + lane;
    case WRITE.field:
      return 2 * lanes + 4 * lane + bank;
    case WRITE.payload:
      return 6 * lanes + lane;
    case WRITE.x0:
      return 7 * lanes + lane;
    case WRITE.x1:
      return 8 * lanes + lane;
    default:
      return 9 * lanes;
  }
}

/** The upper word of a record: valid, kind, lane, address (fields: word and bank). */
export const recordHigh = (kind: number, lane: number, address: number): number =>
  ((1 << 31) | (kind << 28) | (lane << 22) | address) >>> 0;
