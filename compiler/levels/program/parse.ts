import { LevelCursor } from '../text/cursor.js';
import { readCodec, readModulator } from '../text/port.js';
import { checkProgram } from './check.js';
import { readCores } from './parse-core.js';
import {
  CODE_MEMORIES,
  PROGRAM_VERSION,
  type Program,
  type ProgramPopulation,
  type ProgramPort,
  type ProgramProvenance,
  type ProgramSource,
  type ProgramSymbol,
  SYMBOL_KINDS,
  SYMBOL_MEMORIES,
} from './program.js';

/**
 * Reads what `printProgram` prints; comments mean nothing.
 *
 * @throws DiagnosticsError PL4101 where the text is no Program, PL4002 when its version is another, PL4003 when its parts
 * contradict each other.
 */
export function parseProgram(text: string, file: string): Program {
  const cursor = new LevelCursor(text, file);
  cursor.expect('program');
  const name = cursor.name('the name of the network');
  cursor.expect('for');
  const target = cursor.name('a target');
  const version = readVersion(cursor);
  cursor.key('tool');
  const tool = cursor.name('the name of a tool');
  cursor.key('capabilities');
  const capabilities = cursor.name('a hash');
  const parameters = cursor.many('parameter', () => {
    const parameter = cursor.name('the name of a parameter');
    cursor.expect('=');
    return { name: parameter, value: cursor.number('a number') };
  });
  cursor.key('phases');
  const phases = cursor.count('a number of phases');
  cursor.readFiles();
  const program: Program = {
    kind: 'program',
    version,
    tool,
    target,
    capabilities,
    name,
    parameters,
    phases,
    populations: cursor.many('population', () => readPopulation(cursor)),
    projections: cursor.many('projection', () => {
      const projection = cursor.name('the name of a projection');
      cursor.expect('index');
      return { name: projection, index: cursor.count('an index') };
    }),
    inputs: cursor.many('input', () => readPort(cursor)),
    outputs: cursor.many('output', () => readPort(cursor)),
    modulator: readModulator(cursor),
    cores: readCores(cursor),
    routes: cursor.many('route', () => {
      const population = cursor.count('the number of a population');
      cursor.expect('to');
      return { population, cores: cursor.list(() => cursor.count('the number of a core')) };
    }),
    symbols: cursor.many('symbol', () => readSymbol(cursor)),
    sources: cursor.many('sources', () => readSources(cursor)).flat(),
    provenance: readProvenance(cursor),
  };
  cursor.end();
  return checkProgram(program, file);
}

function readVersion(cursor: LevelCursor): number {
  cursor.key('version');
  const { token } = cursor;
  const version = cursor.count('a version');
  if (version === PROGRAM_VERSION) return version;
  const message = `this is a Program of version ${version}; this build reads ${PROGRAM_VERSION}`;
  return cursor.fault(message, token, 'compile the model again', 'PL4002');
}

function readPopulation(cursor: LevelCursor): ProgramPopulation {
  const name = cursor.name('the name of a population');
  cursor.expect('[');
  const size = cursor.count('a size');
  cursor.expect(']');
  const input = cursor.take('input');
  cursor.expect('phase');
  const phase = cursor.count('a phase');
  cursor.expect('payload');
  const payloadFormat = cursor.format();
  const traces = cursor.many('trace', () => {
    const format = cursor.format();
    cursor.expect('initial');
    const initial = cursor.integer('a whole number');
    cursor.expect('offset');
    return { format, initial, offset: cursor.integer('a whole number') };
  });
  return { name, size, input, phase, payloadFormat, traces };
}

function readPort(cursor: LevelCursor): ProgramPort {
  const population = cursor.count('the number of a population');
  cursor.key('field');
  return { population, field: cursor.count('the number of a field'), ...readCodec(cursor) };
}

function readSymbol(cursor: LevelCursor): ProgramSymbol {
  const kind = cursor.oneOf(SYMBOL_KINDS, 'a kind of symbol');
  const owner = cursor.name('the name of a population or projection');
  const name = cursor.name('the name of a variable');
  cursor.expect('in');
  const memory = cursor.oneOf(SYMBOL_MEMORIES, 'a memory');
  cursor.expect('field');
  const field = cursor.count('the number of a field');
  const format = cursor.format();
  cursor.expect('at');
  const places = cursor.list(() => {
    cursor.expect('core');
    const core = cursor.count('the number of a core');
    cursor.expect('index');
    return { core, index: cursor.count('the number of a group or block') };
  });
  return { kind, owner, name, memory, field, format, places };
}

function readSources(cursor: LevelCursor): ProgramSource[] {
  const core = cursor.count('the number of a core');
  const memory = cursor.oneOf(CODE_MEMORIES, 'neuron, learning or control');
  cursor.expect('=');
  return cursor.list(() => {
    const address = cursor.count('an address');
    return { core, memory, address, ...cursor.span() };
  });
}

function readProvenance(cursor: LevelCursor): ProgramProvenance {
  cursor.key('hashes');
  const hashes = cursor.list(() => cursor.name('a hash'));
  const text = (key: string): string => {
    cursor.expect(key);
    return cursor.rawText('lines that begin with |');
  };
  return {
    network: text('network'),
    calibration: text('calibration'),
    options: text('options'),
    hashes,
  };
}
