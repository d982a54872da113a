import type { Ranged } from '../../../analysis/ranged.js';
import { aboveOf, type Operand } from './operand.js';
import type { Mac } from './plan.js';

/** What a tree of instructions became: exact integers, each node group one instruction. */
export interface Emitted {
  readonly value: Ranged;
  /** A bound of the distance from the real value, as far as formats count on magnitudes. */
  readonly error: number;
  readonly bound: number;
  readonly macs: number;
  /** Fraction bits of the held coefficients, by key. */
  readonly fractions: ReadonlyMap<string, number>;
}

/** What the last instruction gives. */
export interface Goal {
  readonly fraction: number;
  /** Whether the fraction must be that; else fewer bits will do. */
  readonly exact: boolean;
  /** Rounds and saturates a sum. */
  finish(sum: Ranged, fraction: number): Ranged;
  /** The error of `finish` at a fraction. */
  roundingError(fraction: number): number;
}

/** A mac whose operands may be made already. */
export type MacOf = Omit<Mac, 'a' | 'b' | 'c' | 'e'> & {
  readonly a: Operand | undefined;
  readonly b: Operand | undefined;
  readonly c: Operand | undefined;
  readonly e: Operand | undefined;
};

/** What costs nothing and is exact. */
export const EXACT = { error: 0, macs: 0, fractions: new Map<string, number>() };

/** An operand alone. */
export const move = (o: Operand): MacOf => ({
  kind: 'mac',
  a: o,
  b: undefined,
  c: undefined,
  shift: 0,
  e: undefined,
  bound: aboveOf(o),
  macs: 1,
});

/** Fraction bits of what was made. */
export const fractionAt = ({ value }: Emitted): number => value.e.format.fraction;
/** Whether the fraction bits of an operand are given. */
export const isFixed = (o: Operand): boolean => o.kind === 'leaf' || o.kind === 'done';
/** The largest exponent of a scale; 0 for what is none. */
export const exponentOf = (c: Operand | undefined): number =>
  c?.kind === 'leaf' ? (c.leaf.exponent?.high ?? 0) : 0;
