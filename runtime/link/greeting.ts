/** The version of the protocol that this folder speaks. */
export const PROTOCOL_VERSION = 1;

/** What a device says of itself when it is greeted. */
export interface Greeting {
  readonly version: number;
  /** Requests that it takes ahead of their answers; 1: it waits for nothing but the next one. */
  readonly window: number;
  /** The longest payload that it takes and sends. */
  readonly maximum: number;
  /** Whether it makes hashes, and knows `reset`: more than a small circuit has room for. */
  readonly hashes: boolean;
  /** What it is, in the words of its family: targets/fpga/link/identity.ts. */
  readonly identity: Uint8Array;
}

const HASHES = 1;
const HEAD = 5;

/** The payload of the answer to `hello`. */
export function encodeGreeting(greeting: Greeting): Uint8Array {
  const { version, window, maximum, hashes, identity } = greeting;
  const bytes = new Uint8Array(HEAD + identity.length);
  bytes.set([version, window, maximum & 255, maximum >> 8, hashes ? HASHES : 0]);
  bytes.set(identity, HEAD);
  return bytes;
}

/** The greeting in a payload; undefined where it is none. */
export function decodeGreeting(bytes: Uint8Array): Greeting | undefined {
  if (bytes.length < HEAD) return undefined;
  const [version = 0, window = 0, low = 0, high = 0, flags = 0] = bytes;
  const maximum = low + 256 * high;
  if (window < 1 || window > 64 || maximum < 32) return undefined;
  return {
    version,
    window,
    maximum,
    hashes: (flags & HASHES) !== 0,
    identity: bytes.slice(HEAD),
  };
}

/** The payload of `hello`: the versions that the host speaks, and the longest payload that it takes. */
export const encodeHello = (maximum: number): Uint8Array =>
  Uint8Array.of(PROTOCOL_VERSION, PROTOCOL_VERSION, maximum & 255, maximum >> 8);

/** The longest payload that the host of a `hello` takes; undefined where none of its versions is ours. */
export function decodeHello(bytes: Uint8Array): number | undefined {
  const [lowest = 0, highest = 0, low = 0, high = 0] = bytes;
  const spoken = lowest <= PROTOCOL_VERSION && PROTOCOL_VERSION <= highest;
  return bytes.length === 4 && spoken ? low + 256 * high : undefined;
}
