import { diagnostic } from '../compiler/diagnostics/catalogue.js';
import { fail, unreachable } from '../compiler/diagnostics/diagnostic.js';
import {
  type Format,
  maximumOf,
  minimumOf,
  printFormat,
} from '../compiler/levels/numbers/format.js';
import type { ProgramSymbol } from '../compiler/levels/program/program.js';
import type { Probe } from '../src/network/machine.js';
import { checkWrite, describeProbe } from '../src/network/probes.js';

/** Integers up to 2^53, or of fewer bits where a machine knows that they fit. */
export type IntegerArray = Float64Array | Int32Array | Int16Array | Int8Array;

/** One state array of an integer machine: integers in a format, under the probe that names it. */
export interface IntegerStore {
  readonly probe: Probe;
  readonly values: IntegerArray;
  readonly format: Format;
  readonly writable: boolean;
}

/** The probe whose values a symbol of a Program finds. */
export function symbolProbe({ kind, owner, name }: ProgramSymbol): Probe {
  switch (kind) {
    case 'weight':
    case 'stored':
    case 'scale':
      return { kind, projection: owner };
    case 'synapse':
      return { kind, projection: owner, name };
    case 'variable':
      return { kind, population: owner, name };
    default:
      return unreachable(kind);
  }
}

/** The integers that a write of real values stores: rounded to nearest; PL5002 where the format cannot hold one. */
export function integersToWrite(
  store: Omit<IntegerStore, 'values'> & { readonly values: { readonly length: number } },
  values: ArrayLike<number>,
): Float64Array {
  const { format, probe, writable } = store;
  checkWrite({ probe, writable, length: store.values.length }, values);
  return Float64Array.from(values, (real, index) => {
    const integer = Math.floor(real * 2 ** format.fraction + 0.5);
    if (integer >= minimumOf(format) && integer <= maximumOf(format)) return integer;
    return fail(
      diagnostic(
        'PL5002',
        `${describeProbe(probe)}[${index}] cannot hold ${real} in ${printFormat(format)}`,
      ),
    );
  });
}
