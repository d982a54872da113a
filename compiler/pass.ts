import type { CalibrationLookup } from './analysis/calibration.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { Format } from './levels/numbers/format.js';
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

/** One row of the report of `quantise`: what became of one value. */
export interface FormatRow {
  readonly value: string;
  readonly seen: readonly [number, number] | null;
  readonly proved: readonly [number, number] | null;
  readonly format: Format;
  /** Largest rounding error of one conversion, relative to the largest value seen (or proved). */
  readonly relativeError: number;
  /** Samples of the calibration beyond the format, when known. */
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
  readonly name: string;
  /** What, why, and before → after: printed by `plastron explain NAME`. */
  readonly about: string;
  readonly needs: readonly Property[];
  readonly keeps: readonly Property[];
  readonly gives: readonly Property[];
  run(level: From, context: PassContext): To;
}

/** Facts about a level that passes establish and rely on. */
export type Property = 'folded' | 'legal' | 'placed' | 'palette' | 'fixed' | 'micro' | 'program';
