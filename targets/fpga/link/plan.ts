import type { Access } from '../../../runtime/link/accesses.js';
import { wireBytes } from '../../../runtime/link/frame.js';
import { BITS_PER_BYTE } from '../../../runtime/link/memory-link.js';
import type { Image, ImageBlock } from './image.js';
import { packed } from './remote-core.js';
import { writesOf } from './words.js';

/** What it takes to put an image on a board. */
export interface Plan {
  readonly blocks: number;
  readonly words: number;
  /** Bytes on the line, frames and hashes included. */
  readonly bytes: number;
  /** Seconds that the line needs for them. */
  readonly seconds: number;
}

/** The accesses that write blocks. */
const writesOfBlocks = (blocks: readonly ImageBlock[]): Access[] =>
  blocks.flatMap(({ address, words }) => writesOf(address, words));

/** Bytes of a request for a hash, and of its answer. */
const HASH_BYTES = wireBytes(5) + wireBytes(4);

/** The plan for a device that takes payloads of up to `maximum` bytes at so many bits per second. */
export function planOf({ code, state }: Image, maximum: number, baud: number): Plan {
  const blocks = [...code, ...state];
  const requests = packed(writesOfBlocks(blocks), maximum);
  const sent = requests.reduce((sum, { request }) => sum + wireBytes(request.payload.length), 0);
  const bytes = sent + requests.length * wireBytes(0) + 2 * blocks.length * HASH_BYTES;
  return {
    blocks: blocks.length,
    words: blocks.reduce((sum, { words }) => sum + words.length, 0),
    bytes,
    seconds: (bytes * BITS_PER_BYTE) / baud,
  };
}
