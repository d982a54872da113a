import { encodeFrame, REQUEST } from '../../../../runtime/link/frame.js';
import { addressIn, REGION, REGISTER, type Region } from '../../../../targets/fpga/memory-map.js';

const REGIONS = Object.keys(REGION) as Region[];

/**
 * A whole frame as no host sends it: its checksum is right, and what it holds need not mean anything. Most are accesses of a core,
 * some of them without an end, too long, or with answers that are too long; code and commands are written, and run.
 */
export function randomFrame(random: () => number, sequence: number): Uint8Array {
  const whole = (limit: number): number => Math.floor(limit * random());
  const bytes = (count: number): number[] => Array.from({ length: count }, () => whole(256));
  const access = (): number[] => {
    const width = [1, 2, 3, 4][whole(4)]!;
    const region = random() < 0.3 ? 'control' : REGIONS[whole(REGIONS.length)]!;
    const commands = random() < 0.25;
    const address = commands
      ? addressIn('registers', REGISTER.command)
      : addressIn(region, whole(random() < 0.8 ? 24 : 2 ** 20));
    const kind = [0, 0, 64, 128][whole(4)]!;
    const last = random() < 0.8 ? address + whole(6) : whole(256);
    const written = kind === 128 ? 0 : kind === 64 ? 1 : ((last - address) & 255) + 1;
    const words = commands && random() < 0.8 ? [1 + whole(3), 0, 0, 0] : bytes(width * written);
    const place = [address, address >>> 8, address >>> 16, last].map((byte) => byte & 255);
    return [kind + width - 1, ...place, ...words];
  };
  const accesses = Array.from({ length: whole(6) }, access).flat();
  const end = random() < 0.7 ? [192] : [];
  const kind = random();
  const payload =
    kind < 0.7 ? [...accesses, ...end] : bytes(random() < 0.8 ? whole(40) : whole(400));
  const type =
    kind < 0.7 ? REQUEST.access : [0, 1, 2, 2, 3, 4, 0x81, 0x82, 254, whole(256)][whole(10)]!;
  return encodeFrame({ type, sequence: sequence & 255, payload: Uint8Array.from(payload) });
}
