import type { Figure, Measured } from './measure.js';

/** What a row gives: a ratio with the rates of both sides, or a value. */
export type RowResult = Measured | Figure;

/** A row that cannot run here, and why. */
export interface Skipped {
  readonly skipped: string;
}

/** A row of the bench: its name, what it is, and what should come of it. */
export interface Row {
  readonly name: string;
  readonly about: string;
  /** Of a value; of both rates where the row is a ratio. */
  readonly unit: string;
  /** `least` or `most` that the median should be. */
  readonly bar?: Bar;
  readonly measure: () => Promise<RowResult | Skipped>;
}

export type Bar = { readonly least: number } | { readonly most: number };
