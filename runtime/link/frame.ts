import { stuff, unstuff } from './cobs.js';
import { crc32 } from './crc32.js';

/** What a host asks for. */
export const REQUEST = { hello: 1, access: 2, hash: 3, reset: 4 } as const;

/** What a device sends: the type of the request with this bit, or one of `ANSWER`. */
export const ANSWERED = 0x80;
export const ANSWER = {
  /** The frame with this number is missing: those behind it came. */
  again: 0xfe,
  /** The request of this number was not done; the payload says why: `REFUSAL`. */
  refused: 0xff,
} as const;

/** Why a request is refused. */
export const REFUSAL = {
  /** The device has not been greeted since it was switched on or reset. */
  stranger: 1,
  /** It has no meaning for this device, or its answer does not fit into a frame. */
  meaningless: 2,
} as const;

/** A frame without what protects it. */
export interface Frame {
  readonly type: number;
  /** 0 … 255; an answer has that of its request. */
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Bytes of a frame beside its payload: type and sequence before, length and CRC behind it. */
export const FRAME_OVERHEAD = 8;

/** What ends a frame on the wire, and begins it after a silence. */
export const DELIMITER = 0;

/** The bytes of a frame on the wire, a delimiter at either end. */
export function encodeFrame({ type, sequence, payload }: Frame): Uint8Array {
  const { length } = payload;
  const raw = new Uint8Array(length + FRAME_OVERHEAD);
  raw.set([type, sequence]);
  raw.set(payload, 2);
  const view = new DataView(raw.buffer);
  view.setUint16(length + 2, length, true);
  view.setUint32(length + 4, crc32(raw.subarray(0, length + 4)), true);
  const stuffed = stuff(raw);
  const wire = new Uint8Array(stuffed.length + 2);
  wire.set(stuffed, 1);
  return wire;
}

/** Bytes on the wire of a frame with so much payload, at most. */
export const wireBytes = (payload: number): number =>
  payload + FRAME_OVERHEAD + Math.floor((payload + FRAME_OVERHEAD) / 254) + 3;

/** The frame between two delimiters; undefined where it is damaged. */
export function decodeFrame(stuffed: Uint8Array): Frame | undefined {
  const raw = unstuff(stuffed);
  if (raw === undefined || raw.length < FRAME_OVERHEAD) return undefined;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const length = raw.length - FRAME_OVERHEAD;
  if (view.getUint16(length + 2, true) !== length) return undefined;
  if (view.getUint32(length + 4, true) !== crc32(raw.subarray(0, length + 4))) return undefined;
  return { type: raw[0]!, sequence: raw[1]!, payload: raw.slice(2, 2 + length) };
}

/** Finds the frames in a stream of bytes, whatever else is in it. */
export class FrameReader {
  /** Stretches between delimiters that were no frames. */
  damaged = 0;
  private readonly bytes: Uint8Array;
  private length = 0;

  /** `maximum`: the longest payload that it takes. */
  constructor(
    maximum: number,
    private readonly found: (frame: Frame) => void,
  ) {
    this.bytes = new Uint8Array(wireBytes(maximum));
  }

  /** Takes bytes in the order in which they came. */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte !== DELIMITER) {
        // What is too long is no frame: it is passed over up to its end.
        if (this.length < this.bytes.length) this.bytes[this.length] = byte;
        this.length++;
        continue;
      }
      const { length } = this;
      this.length = 0;
      if (length === 0) continue;
      const whole = length <= this.bytes.length;
      const frame = whole ? decodeFrame(this.bytes.subarray(0, length)) : undefined;
      if (frame) this.found(frame);
      else this.damaged++;
    }
  }
}
