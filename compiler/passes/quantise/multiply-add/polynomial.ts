import type { Ranged } from '../../../analysis/ranged.js';

/** A value that instructions read as it is: a field, the scale of a projection, the modulator. */
export interface Leaf {
  /** What tells it from others. */
  readonly key: string;
  readonly value: Ranged;
  /** The largest magnitude that formats of results count on, in reals. */
  readonly bound: number;
  /** Whether it takes the operand `special`. */
  readonly special: boolean;
  /** Whether it may be subtracted (operand b). */
  readonly subtrahend: boolean;
  /** The scale of a projection: `value` is its mantissa, and this its exponent. */
  readonly exponent?: Ranged;
}

/** A coefficient that differs between neurons or synapses, held beside them in a format that the sum decides. */
export interface HeldCoefficient {
  readonly key: string;
  readonly values: Float64Array;
  /** The largest magnitude. */
  readonly bound: number;
  /** The most fraction bits with which it fits its width. */
  readonly fraction: number;
  read(fraction: number): Ranged;
}

/** `number · held · Π factors`. */
export interface Term {
  readonly number: number;
  readonly held: HeldCoefficient | undefined;
  readonly factors: readonly Leaf[];
}

export type Polynomial = readonly Term[];

/** The exponent of a positive power of two; undefined for other numbers. */
export function powerOf(number: number): number | undefined {
  if (!(number > 0)) return undefined;
  const exponent = Math.log2(number);
  return Number.isInteger(exponent) && 2 ** exponent === number ? exponent : undefined;
}

/** A term as text: equal ones are equal. */
export const keyOf = ({ number, held, factors }: Term): string =>
  [number, held?.key ?? '', ...factors.map((f) => f.key).sort()].join('·');

/** The largest magnitude that a term may reach, as far as formats count on it. */
export const boundOf = ({ number, held, factors }: Term): number =>
  factors.reduce((product, f) => product * f.bound, Math.abs(number) * (held?.bound ?? 1));

/** The largest magnitude of a sum. */
export const sumBound = (polynomial: Polynomial): number =>
  polynomial.reduce((sum, term) => sum + boundOf(term), 0);

/** The term without one factor. */
export function without(term: Term, leaf: Leaf): Term {
  const at = term.factors.findIndex((f) => f.key === leaf.key);
  return { ...term, factors: term.factors.filter((_, i) => i !== at) };
}
