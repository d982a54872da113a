import { integersOf, narrowed } from '../numbers/integers.js';
import { SCALE_KINDS, type ScaleKind } from '../numbers/scale.js';
import type { LevelCursor } from '../text/cursor.js';
import type {
  ProgramBlock,
  ProgramCore,
  ProgramField,
  ProgramGroup,
  ProgramTable,
} from './program.js';

/** Reads the cores of a Program's text. */
export const readCores = (cursor: LevelCursor): ProgramCore[] =>
  cursor.many('core', () => {
    const index = cursor.count('the number of a core');
    const groups = cursor.many('group', () => readGroup(cursor));
    const blocks = cursor.many('block', () => readBlock(cursor));
    const tables = cursor.many('table', () => readTable(cursor));
    const neuronCode = readCode(cursor, 'neuron');
    const learningCode = readCode(cursor, 'learning');
    return {
      index,
      neuronCode,
      learningCode,
      controlCode: cursor.is('control') ? readCode(cursor, 'control') : [],
      tables,
      groups,
      blocks,
    };
  });

/** `key N`. */
function counted(cursor: LevelCursor, key: string): number {
  cursor.expect(key);
  return cursor.count(`the number after ${key}`);
}

/** `key = N`. */
function entryOf(cursor: LevelCursor, key: string): number {
  cursor.key(key);
  return cursor.count(`the number of ${key}`);
}

/** `key = [N, …]`. */
function wordsOf(cursor: LevelCursor, key: string): Uint32Array {
  cursor.key(key);
  return cursor.words('a whole number');
}

function readGroup(cursor: LevelCursor): ProgramGroup {
  return {
    population: counted(cursor, 'population'),
    first: counted(cursor, 'first'),
    count: counted(cursor, 'count'),
    phase: counted(cursor, 'phase'),
    entry: counted(cursor, 'entry'),
    traces: counted(cursor, 'traces'),
    fields: cursor.many('field', () => readField(cursor)),
  };
}

function readField(cursor: LevelCursor): ProgramField {
  const name = cursor.name('the name of a field');
  const format = cursor.format();
  const clear = cursor.take('clear');
  cursor.expect('=');
  return { name, format, clear, initial: cursor.integers('a whole number') };
}

function readBlock(cursor: LevelCursor): ProgramBlock {
  const projection = counted(cursor, 'projection');
  const pre = counted(cursor, 'pre');
  const group = counted(cursor, 'group');
  const rowStart = wordsOf(cursor, 'rows');
  const columns = wordsOf(cursor, 'columns');
  cursor.expect('weights');
  const weightFormat = cursor.format();
  cursor.expect('=');
  const weights = integersOf(cursor.integers('a weight'), weightFormat);
  cursor.expect('tags');
  const tagFormat = cursor.is('=') ? undefined : cursor.format();
  cursor.expect('=');
  const tags = integersOf(cursor.integers('a tag'), tagFormat ?? weightFormat);
  const profiles = wordsOf(cursor, 'profiles');
  cursor.key('coefficients');
  const coefficients = narrowed(cursor.signedWords('a whole number'));
  const wordsPerProfile = entryOf(cursor, 'words');
  const accumulator = entryOf(cursor, 'accumulator');
  const delay = entryOf(cursor, 'delay');
  cursor.key('weight');
  const send = cursor.oneOf(['arrival', 'send'] as const, 'arrival or send') === 'send';
  const every = entryOf(cursor, 'every');
  cursor.key('entry');
  const entry = cursor.integer('an address, or -1');
  const scale = cursor.take('scale') ? readScale(cursor) : undefined;
  const synapses = { rowStart, columns, weightFormat, weights, tagFormat, tags };
  const learning = { profiles, coefficients, wordsPerProfile, every, entry, scale };
  return { projection, pre, group, ...synapses, ...learning, accumulator, delay, send };
}

/** `= max` or `= pow2`. */
function readScale(cursor: LevelCursor): ScaleKind {
  cursor.expect('=');
  return cursor.oneOf(SCALE_KINDS, 'max or pow2');
}

function readTable(cursor: LevelCursor): ProgramTable {
  cursor.expect('first');
  const first = cursor.integer('the first input');
  const shift = counted(cursor, 'shift');
  cursor.expect('=');
  return { first, shift, entries: cursor.integers('an entry') };
}

const readWord = (text: string): number | undefined =>
  /^[0-9a-f]{8}$/.test(text) ? Number.parseInt(text, 16) : undefined;

/** `neuron code`, then `ADDRESS: WORD` from address 0. */
function readCode(cursor: LevelCursor, memory: string): number[] {
  cursor.expect(memory);
  cursor.expect('code');
  const words: number[] = [];
  while (cursor.take(`${words.length}:`)) {
    words.push(cursor.word('a word of 8 hexadecimal digits', readWord));
  }
  if (cursor.token.text.endsWith(':')) cursor.refuse(`\`${words.length}:\``);
  return words;
}
