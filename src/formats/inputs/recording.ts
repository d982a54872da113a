import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { type Diagnostic, DiagnosticsError } from '../../../compiler/diagnostics/diagnostic.js';
import type { Inputs } from '../../network/machine.js';

/** An input or output of a machine, as its shape names it. */
export interface Port {
  readonly name: string;
  readonly size: number;
}

/** Inputs of a run, one per step. */
export interface Recording {
  readonly steps: readonly Inputs[];
  /** Whether the file says the modulator; it is 0 in every step otherwise. */
  readonly modulated: boolean;
}

/** The name of the third factor in a file. A port of that name goes first. */
export const MODULATOR = 'modulator';

/** One name per value of all ports: `PORT[INDEX]`, or `PORT` where it has one value. */
export function columnNames(ports: readonly Port[]): readonly string[] {
  return ports.flatMap(({ name, size }) =>
    size === 1 ? [name] : Array.from({ length: size }, (_, i) => `${name}[${i}]`),
  );
}

/** Values of all ports together. */
export const widthOf = (ports: readonly Port[]): number => ports.reduce((n, p) => n + p.size, 0);

/** The ports with their sizes, as messages name them. */
export const describePorts = (ports: readonly Port[]): string =>
  ports.map(({ name, size }) => `\`${name}\` (${size})`).join(' + ') || 'none';

/**
 * The inputs of rows: each holds the values of all ports in their order.
 *
 * @throws DiagnosticsError PL4404 when there is no row.
 */
export function recordingOf(
  file: string,
  ports: readonly Port[],
  rows: readonly Float64Array[],
  modulators: ArrayLike<number> | undefined,
): Recording {
  if (rows.length === 0) {
    throw new DiagnosticsError([diagnostic('PL4404', `\`${file}\` has no steps`)]);
  }
  return {
    steps: rows.map((row, step) => ({
      values: cut(row, ports),
      modulator: modulators?.[step] ?? 0,
    })),
    modulated: modulators !== undefined,
  };
}

function cut(row: Float64Array, ports: readonly Port[]): Record<string, Float64Array> {
  let at = 0;
  const values: Record<string, Float64Array> = {};
  for (const { name, size } of ports) {
    values[name] = row.subarray(at, at + size);
    at += size;
  }
  return values;
}

/** Faults of one file that are told at once; the rest of a long list helps nobody. */
const MOST_FAULTS = 8;

/** Collects the faults of a file. */
export class Faults {
  private readonly list: Diagnostic[] = [];

  get full(): boolean {
    return this.list.length >= MOST_FAULTS;
  }

  add(fault: Diagnostic): void {
    if (!this.full) this.list.push(fault);
  }

  /** Throws when there are any. */
  finish(): void {
    if (this.list.length > 0) throw new DiagnosticsError(this.list);
  }
}
