import type { Format } from '../../levels/numbers/format.js';
import { signedWidth } from './integer-value.js';

/** Integers in the memory of a module, in as many bytes as their format needs. */
export interface Packed {
  readonly offset: number;
  readonly length: number;
  readonly bytes: PackedBytes;
}

export type PackedBytes = 1 | 2 | 4;

/** Vectors read up to eight elements of four bytes: so many bytes after an array must be there. */
export const OVERREAD = 32;

/** The bytes of an integer of a format; undefined beyond 32 bits. */
export function packedBytes(format: Format): PackedBytes | undefined {
  const bits = signedWidth(format);
  if (bits <= 8) return 1;
  if (bits <= 16) return 2;
  return bits <= 32 ? 4 : undefined;
}

/** Elements of an array, from `first` on. */
export function slice({ offset, bytes }: Packed, first: number, length: number): Packed {
  return { offset: offset + first * bytes, length, bytes };
}
