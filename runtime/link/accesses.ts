/** Bytes in which a word travels; it is sign-extended where it arrives. */
export type Width = 1 | 2 | 4;

/** What a device does with its words: reads and writes, and whatever a write to a register sets off. */
export interface AddressSpace {
  /** Writes a 32-bit word to a 24-bit address. What is at work because of a write before is waited for. */
  write(address: number, word: number): void;
  read(address: number): number;
}

/** An access of up to 256 words at addresses that follow each other, and that differ in their last byte alone. */
export type Access =
  | {
      readonly kind: 'write';
      readonly address: number;
      readonly width: Width;
      readonly words: ArrayLike<number>;
    }
  /** The same word everywhere. */
  | {
      readonly kind: 'fill';
      readonly address: number;
      readonly width: Width;
      readonly count: number;
      readonly word: number;
    }
  | {
      readonly kind: 'read';
      readonly address: number;
      readonly width: Width;
      readonly count: number;
    };

const FILL = 0x40;
const READ = 0x80;
/** What ends a list of accesses. */
const END = 0xc0;
const HEAD = 5;

/** Addresses that an access does not leave: a multiple of so many, and those behind it. */
export const PAGE = 256;

/** Bytes of an access in the payload of a request. */
export function accessBytes(access: Access): number {
  if (access.kind === 'write') return HEAD + access.width * access.words.length;
  return HEAD + (access.kind === 'fill' ? access.width : 0);
}

/** Bytes of an access in the payload of the answer. */
export const answerBytes = (access: Access): number =>
  access.kind === 'read' ? access.width * access.count : 0;

/**
 * The payload of a request. An access is `kind | width − 1`, address[3], the last byte of the last address, and what it writes; least
 * byte first.
 */
export function encodeAccesses(accesses: readonly Access[]): Uint8Array {
  const out = new Uint8Array(accesses.reduce((sum, access) => sum + accessBytes(access), 1));
  let at = 0;
  const put = (value: number, width: number): void => {
    for (let i = 0; i < width; i++) out[at++] = value >>> (8 * i);
  };
  for (const access of accesses) {
    const { kind, address, width } = access;
    const count = kind === 'write' ? access.words.length : access.count;
    put((kind === 'read' ? READ : kind === 'fill' ? FILL : 0) | (width - 1), 1);
    put(address, 3);
    put(address + count - 1, 1);
    if (kind === 'fill') put(access.word, width);
    if (kind === 'write') for (let i = 0; i < count; i++) put(access.words[i]!, width);
  }
  out[at] = END;
  return out;
}

/** The word of `width` bytes at a place, least byte first, sign-extended. */
export function wordAt(bytes: Uint8Array, at: number, width: Width): number {
  let word = 0;
  for (let i = 0; i < width; i++) word |= bytes[at + i]! << (8 * i);
  const unused = 32 - 8 * width;
  return (word << unused) >> unused;
}

/** The narrowest width that holds a word, sign-extended. */
export function widthOf(word: number): Width {
  const value = word | 0;
  if (value >= -128 && value < 128) return 1;
  return value >= -32768 && value < 32768 ? 2 : 4;
}

/**
 * Does the accesses of a payload in their order and gives the words that were read; undefined, with nothing done, where the payload
 * is no list of accesses or its answer is longer than `maximum`.
 */
export function performAccesses(
  payload: Uint8Array,
  space: AddressSpace,
  maximum: number,
): Uint8Array | undefined {
  const length = answerLength(payload);
  if (length === undefined || length > maximum) return undefined;
  const answer = new Uint8Array(length);
  let filled = 0;
  for (let at = 0; payload[at] !== END; ) {
    const { isRead, isFill, width, address, count } = headAt(payload, at)!;
    at += HEAD;
    const page = address - (address % PAGE);
    for (let i = 0; i < count; i++) {
      const place = page + ((address + i) % PAGE);
      if (isRead) {
        const word = space.read(place);
        for (let b = 0; b < width; b++) answer[filled++] = word >>> (8 * b);
        continue;
      }
      space.write(place, wordAt(payload, at, width));
      if (!isFill) at += width;
    }
    if (isFill) at += width;
  }
  return answer;
}

/** Bytes of the answer; undefined where the payload is no list of accesses. */
function answerLength(payload: Uint8Array): number | undefined {
  let length = 0;
  let at = 0;
  while (payload[at] !== END) {
    const head = headAt(payload, at);
    if (!head) return undefined;
    const { isRead, isFill, width, count } = head;
    at += HEAD;
    if (isRead) length += width * count;
    else at += isFill ? width : width * count;
  }
  return at + 1 === payload.length ? length : undefined;
}

function headAt(payload: Uint8Array, at: number) {
  if (at + HEAD > payload.length) return undefined;
  const code = payload[at]!;
  const [isRead, isFill] = [(code & READ) !== 0, (code & FILL) !== 0];
  const width = (code & 0x3f) + 1;
  if ((isRead && isFill) || (width !== 1 && width !== 2 && width !== 4)) return undefined;
  const address = payload[at + 1]! + 256 * payload[at + 2]! + 65_536 * payload[at + 3]!;
  const count = ((payload[at + 4]! - address) & (PAGE - 1)) + 1;
  return { isRead, isFill, width: width as Width, address, count };
}
