import { didYouMean } from '../../diagnostics/diagnostic.js';
import { integersOf } from '../numbers/integers.js';
import { SCALE_KINDS } from '../numbers/scale.js';
import { LevelCursor } from '../text/cursor.js';
import { readCodec, readModulator } from '../text/port.js';
import { checkFixed } from './check.js';
import { readCoefficient } from './coefficient-text.js';
import { readFixedExpression } from './expression-text.js';
import type {
  FixedField,
  FixedNetwork,
  FixedPopulation,
  FixedPort,
  FixedProjection,
  FixedRule,
  FixedTerm,
  FixedUpdate,
  Group,
} from './fixed.js';

/**
 * Reads what `printFixed` prints.
 *
 * @throws DiagnosticsError PL4101 where the text is no FixedNetwork, PL4102 where it contradicts itself.
 */
export function parseFixed(text: string, file: string): FixedNetwork {
  const cursor = new LevelCursor(text, file);
  const heading = cursor.token;
  const name = readFixedHeading(cursor);
  cursor.readFiles();
  const fixed = readFixedBlocks(cursor, name);
  cursor.end();
  return cursor.checked(heading, () => checkFixed(fixed));
}

/** `fixed NAME`; gives the name. */
export function readFixedHeading(cursor: LevelCursor): string {
  cursor.expect('fixed');
  return cursor.name('the name of the network');
}

/** Reads everything below the heading and the names of the files; the caller checks it. */
export function readFixedBlocks(cursor: LevelCursor, name: string): FixedNetwork {
  const populations = cursor.many('population', () => readPopulation(cursor));
  const owners = new Map(populations.map((p) => [p.name, p]));
  const owner = (): string => readKnown(cursor, 'population', [...owners.keys()]);
  return {
    kind: 'fixed',
    name,
    populations,
    projections: cursor.many('projection', () => readProjection(cursor, owner)),
    inputs: cursor.many('input', () => readPort(cursor, owner)),
    outputs: cursor.many('output', () => readPort(cursor, owner)),
    groups: cursor.many('group', () => readGroup(cursor, owner)),
    modulator: readModulator(cursor),
  };
}

/** The name of something that the text has; PL4102 when it has not. */
export function readKnown(cursor: LevelCursor, what: string, known: readonly string[]): string {
  const { token } = cursor;
  const name = cursor.name(`the name of a ${what}`);
  if (known.includes(name)) return name;
  return cursor.contradiction(`there is no ${what} ${name}`, token, didYouMean(name, known));
}

function readPopulation(cursor: LevelCursor): FixedPopulation {
  const name = cursor.name('the name of a population');
  cursor.expect('[');
  const size = cursor.count('a size');
  cursor.expect(']');
  const input = cursor.take('input');
  cursor.expect('phase');
  const phase = cursor.count('a phase');
  const fields = cursor.many('field', () => readField(cursor));
  return { name, size, input, phase, fields, updates: readUpdates(cursor) };
}

const ROLES: readonly FixedField['role'][] = [
  'variable',
  'parameter',
  'current',
  'payload',
  'trace',
  'local',
];

function readField(cursor: LevelCursor): FixedField {
  const name = cursor.name('the name of a field');
  const role = cursor.oneOf(ROLES, 'a role');
  const format = cursor.format();
  const symbol = cursor.take('symbol') ? cursor.name('a variable or parameter') : undefined;
  const signal = cursor.take('signal') ? readSignal(cursor) : undefined;
  cursor.expect('=');
  const given = cursor.oneOrMany(() => cursor.integer('a whole number'));
  const initial = typeof given === 'number' ? given : integersOf(given, format);
  return { name, role, format, initial, symbol, ...(signal ? { signal } : {}) };
}

function readSignal(cursor: LevelCursor): NonNullable<FixedField['signal']> {
  const format = cursor.format();
  cursor.expect('offset');
  return { format, offset: cursor.integer('an offset') };
}

const readUpdates = (cursor: LevelCursor): FixedUpdate[] =>
  cursor.many('update', () => {
    const target = cursor.name('the field that is updated');
    const origin = cursor.span();
    return { target, value: readFixedExpression(cursor, origin), origin };
  });

function readProjection(cursor: LevelCursor, population: () => string): FixedProjection {
  const name = cursor.name('the name of a projection');
  cursor.expect('from');
  const pre = population();
  cursor.expect('to');
  const post = population();
  cursor.key('index');
  const index = cursor.count('an index');
  cursor.key('rows');
  const rowStart = cursor.words('the start of a row');
  cursor.key('columns');
  const columns = cursor.words('a neuron');
  cursor.key('delay');
  const delay = cursor.count('a delay');
  cursor.key('weight');
  const weight = cursor.oneOf(['arrival', 'send'] as const, 'arrival or send');
  cursor.key('payload');
  const payload = cursor.name('a field');
  cursor.key('accumulator');
  const accumulator = cursor.name('a field');
  const scale = cursor.take('scale') ? cursor.oneOf(SCALE_KINDS, 'max or pow2') : undefined;
  cursor.expect('field');
  const weights = readField(cursor);
  const fields = cursor.many('field', () => readField(cursor));
  const rule = cursor.take('rule') ? readRule(cursor) : undefined;
  const synapses = { pre, post, rowStart, columns, delay, weight, weights };
  return { name, index, ...synapses, payload, accumulator, fields, rule, scale };
}

function readRule(cursor: LevelCursor): FixedRule {
  cursor.expect('every');
  const every = cursor.count('a number of steps');
  const updates = readUpdates(cursor);
  const terms = cursor.many('term', () => readTerm(cursor));
  const coefficients = cursor.many('coefficient', () => {
    const name = cursor.name('the name of a coefficient');
    const format = cursor.format();
    cursor.expect('=');
    return { name, format, values: integersOf(cursor.integers('a whole number'), format) };
  });
  cursor.key('profiles');
  return { every, updates, coefficients, terms, profiles: cursor.words('a profile') };
}

function readTerm(cursor: LevelCursor): FixedTerm {
  const target = cursor.name('the variable that the product changes');
  cursor.expect('scale');
  const scale = cursor.number('a number');
  const origin = cursor.span();
  cursor.key('words');
  const words = cursor.list(() => ({
    mantissa: cursor.name('the name of a mantissa'),
    exponent: cursor.name('the name of an exponent'),
  }));
  cursor.key('coefficient');
  return { target, coefficient: readCoefficient(cursor, origin), scale, words, origin };
}

function readPort(cursor: LevelCursor, owner: () => string): FixedPort {
  const population = owner();
  cursor.key('field');
  return { population, field: cursor.name('a field'), ...readCodec(cursor) };
}

function readGroup(cursor: LevelCursor, owner: () => string): Group {
  const population = owner();
  cursor.expect('first');
  const first = cursor.count('a neuron');
  cursor.expect('count');
  const count = cursor.count('a number of neurons');
  cursor.expect('core');
  return { population, first, count, core: cursor.count('a core') };
}
