import type { CalibrationLookup } from './analysis/calibration.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { PassName } from './pass-names.js';
import type { Capabilities } from './target.js';

/** What the user chose for a compilation. */
export interface CompileOptions {
  readonly weightBits: number;
  readonly traceBits: number;
  /** Bits of a coefficient; each product word holds `mantissaBits` of them. */
  readonly coefficientBits: number;
  /** Coefficient vectors per core and rule; undefined keeps every distinct one. */
  readonly palette: number | undefined;
}

/** One row of the report of `quantise`: what became of one value, or of the coefficients of one product. */
export interface FormatRow {
  readonly value: string;
  /** Over the calibration; of coefficients, over the synapses. */
  readonly seen: readonly [number, number] | null;
  /** By interval analysis. */
  readonly proved: readonly [number, number] | null;
  /** `s8.7`; of coefficients `m4 2^-13…2^2`, a mantissa of 4 bits times a power of two, several of them with `+`. */
  readonly format: string;
  /** Largest rounding error of one conversion, relative to the largest value seen (or proved); of coefficients rms by rms. */
  readonly relativeError: number;
  /** Values seen (or coefficients) that the format cannot hold; null where some are or nothing is known. */
  readonly saturations: number | null;
}

/** All that a pass may see beside the level; it has no clock and no randomness. */
export interface PassContext {
  readonly target: string;
  readonly capabilities: Capabilities;
  readonly options: CompileOptions;
  readonly calibration: CalibrationLookup;
  report(diagnostic: Diagnostic): void;
  format(row: FormatRow): void;
}

/** A step of the compiler: pure; `needs` and `keeps` name properties that the pipeline checks. */
export interface Pass<From, To> {
  readonly name: PassName;
  /** What, why, and before → after: printed by `plastron explain NAME`. */
  readonly about: string;
  readonly needs: readonly Property[];
  readonly keeps: readonly Property[];
  readonly gives: readonly Property[];
  run(level: From, context: PassContext): To;
}

/** Facts about a level that passes establish and rely on. */
export type Property =
  | 'folded'
  | 'legal'
  | 'tagged'
  | 'placed'
  | 'palette'
  | 'fixed'
  | 'micro'
  | 'program';
