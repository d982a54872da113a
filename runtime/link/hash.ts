import type { AddressSpace } from './accesses.js';
import { crc32 } from './crc32.js';

/** Words that one `hash` covers. */
export const MOST_HASHED = 65_536;

/** CRC-32 of words, each as four bytes, least first: what the answer to `hash` holds. */
export function hashWords(words: Uint32Array, from = 0, to = words.length): number {
  const bytes = new Uint8Array(4 * (to - from));
  const view = new DataView(bytes.buffer);
  for (let i = from; i < to; i++) view.setUint32(4 * (i - from), words[i]!, true);
  return crc32(bytes);
}

/** The payload of `hash`: address[3], words − 1 [2], least byte first. */
export const encodeHash = (address: number, count: number): Uint8Array =>
  Uint8Array.of(address, address >> 8, address >> 16, count - 1, (count - 1) >> 8);

/** The hash that a payload asks for, as it is sent; undefined where it asks for none. */
export function performHash(payload: Uint8Array, space: AddressSpace): Uint8Array | undefined {
  if (payload.length !== 5) return undefined;
  const [a = 0, b = 0, c = 0, low = 0, high = 0] = payload;
  const address = a + 256 * b + 65_536 * c;
  const words = new Uint32Array(low + 256 * high + 1);
  for (let i = 0; i < words.length; i++) words[i] = space.read(address + i);
  return numberBytes(hashWords(words));
}

/** A 32-bit number as four bytes, least first, and back. */
export const numberBytes = (value: number): Uint8Array =>
  Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
export const numberOf = (bytes: Uint8Array): number =>
  (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
