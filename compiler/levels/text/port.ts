import { printNumber } from '../../../src/network/text-values.js';
import type { PortCodec } from '../numbers/codec.js';
import { type Format, printFormat } from '../numbers/format.js';
import type { LevelCursor } from './cursor.js';
import { valueLines } from './print.js';

/** How a port codes its values, as `key = value` lines; without a clip there is no line for it. */
export function codecLines({ format, mean, deviation, scale, clip }: PortCodec): string[] {
  return [
    `  format = ${printFormat(format)}`,
    ...valueLines('mean = ', mean, 1),
    ...valueLines('deviation = ', deviation, 1),
    `  scale = ${printNumber(scale)}`,
    ...(clip === null ? [] : [`  clip = ${printNumber(clip)}`]),
  ];
}

/** Reads what `codecLines` prints. */
export function readCodec(cursor: LevelCursor): PortCodec {
  const number = (): number => cursor.number('a number');
  cursor.key('format');
  const format = cursor.format();
  cursor.key('mean');
  const mean = cursor.oneOrMany(number);
  cursor.key('deviation');
  const deviation = cursor.oneOrMany(number);
  cursor.key('scale');
  const scale = number();
  let clip: number | null = null;
  if (cursor.is('clip')) {
    cursor.key('clip');
    clip = number();
  }
  return { format, mean, deviation, scale, clip };
}

/** The modulator of a network: a format, and what is added to its values. */
export interface ModulatorFormat {
  readonly format: Format;
  readonly offset: number;
}

/** `modulator FORMAT offset N`, or nothing. */
export const modulatorLines = (modulator: ModulatorFormat | undefined): string[] =>
  modulator ? [`modulator ${printFormat(modulator.format)} offset ${modulator.offset}`] : [];

/** Reads what `modulatorLines` prints. */
export function readModulator(cursor: LevelCursor): ModulatorFormat | undefined {
  if (!cursor.take('modulator')) return undefined;
  const format = cursor.format();
  cursor.expect('offset');
  return { format, offset: cursor.integer('an offset') };
}
