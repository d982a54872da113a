import { crc32 } from '../../../runtime/link/crc32.js';
import type { Board } from '../boards/board.js';
import { boards } from '../boards/index.js';
import { type CoreConfiguration, verilogParameters } from '../configuration.js';
import { CORE_VERSION } from '../memory-map.js';

/** What a board with the core says of itself when it is greeted. */
export interface CoreIdentity {
  readonly board: string;
  /** Of the words that it executes and of the addresses that it has: `CORE_VERSION`. */
  readonly version: number;
  /** `parametersHash` of its core. */
  readonly parameters: number;
  readonly kilohertz: number;
}

/** Bytes of an identity: version[4], parameters[4], kilohertz[3], least byte first, and the board's name, filled up with zeros. */
export const IDENTITY_BYTES = 27;
const NAME_BYTES = 16;

/** CRC-32 of `LANES=2,UNITS=1,…`, all parameters of a core in the order of its module. */
export function parametersHash(configuration: CoreConfiguration): number {
  const words = Object.entries(verilogParameters(configuration));
  return crc32(new TextEncoder().encode(words.map(([name, value]) => `${name}=${value}`).join()));
}

/** The identity of a core on a board. */
export const identityOf = (
  { name }: Pick<Board, 'name'>,
  configuration: CoreConfiguration,
  megahertz: number,
): CoreIdentity => ({
  board: name,
  version: CORE_VERSION,
  parameters: parametersHash(configuration),
  kilohertz: Math.round(1000 * megahertz),
});

export function encodeIdentity(identity: CoreIdentity): Uint8Array {
  const bytes = new Uint8Array(IDENTITY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, identity.version, true);
  view.setUint32(4, identity.parameters, true);
  view.setUint16(8, identity.kilohertz & 0xffff, true);
  view.setUint8(10, identity.kilohertz >> 16);
  bytes.set(new TextEncoder().encode(identity.board).subarray(0, NAME_BYTES), 11);
  return bytes;
}

/** The identity in the bytes of a greeting; undefined where it is none of a core. */
export function decodeIdentity(bytes: Uint8Array): CoreIdentity | undefined {
  if (bytes.length !== IDENTITY_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const name = bytes.subarray(11);
  const end = name.indexOf(0);
  return {
    version: view.getUint32(0, true),
    parameters: view.getUint32(4, true),
    kilohertz: view.getUint16(8, true) + 65_536 * view.getUint8(10),
    board: new TextDecoder().decode(end < 0 ? name : name.subarray(0, end)),
  };
}

/** A core in words: by its hash, and whether it is the usual one of a board. */
export function coreInWords(parameters: number): string {
  const hash = parameters.toString(16).padStart(8, '0');
  const known = boards.find((b) => parametersHash(b.core) === parameters);
  return known ? `the usual core of ${known.name} (${hash})` : `core ${hash}`;
}
