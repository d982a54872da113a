import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { ProgramParameter } from '../../../compiler/levels/program/program.js';
import { CORE_VERSION } from '../memory-map.js';
import { openCache } from '../simulate/cache.js';
import type { Environment } from '../simulate/simulator.js';

const shape = z.strictObject({
  schema: z.literal('plastron-virtual-board-1'),
  /** What its core does is that of a version: words of another one mean something else. */
  core: z.literal(CORE_VERSION),
  board: z.string(),
  parameters: z.array(z.strictObject({ name: z.string(), value: z.number() })),
  /** Every word of the core, four bytes each, least first, in base 64. */
  words: z.string(),
});

/** A virtual board that is switched off. A real one would forget; this one is kept in a file from command to command. */
export interface StoredBoard {
  readonly board: string;
  readonly parameters: readonly ProgramParameter[];
  readonly words: Uint32Array;
}

/** The file of the virtual board: PLASTRON_VIRTUAL_BOARD, else one in the cache. */
export function storeOf(environment: Environment): string {
  const { PLASTRON_VIRTUAL_BOARD: named } = environment;
  if (named !== undefined && named !== '') return resolve(named);
  return join(openCache(environment).folder, 'virtual-board.json');
}

/** The board in a file; undefined where there is none, or one that this version cannot read, or of another core. */
export function readStored(file: string): StoredBoard | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = shape.safeParse(jsonOf(readFileSync(file, 'utf8')));
  if (!parsed.success) return undefined;
  const { board, parameters, words } = parsed.data;
  const bytes = Uint8Array.from(Buffer.from(words, 'base64'));
  return { board, parameters, words: new Uint32Array(bytes.buffer, 0, bytes.length >> 2) };
}

/** Keeps a board in a file: whole or not at all. */
export function writeStored(file: string, { board, parameters, words }: StoredBoard): void {
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  const stored: z.infer<typeof shape> = {
    schema: 'plastron-virtual-board-1',
    core: CORE_VERSION,
    board,
    parameters: [...parameters],
    words: bytes.toString('base64'),
  };
  const fresh = `${file}.new`;
  writeFileSync(fresh, JSON.stringify(stored));
  renameSync(fresh, file);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
