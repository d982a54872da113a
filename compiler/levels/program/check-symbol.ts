import type { Format } from '../numbers/format.js';
import { MANTISSA_FORMAT } from '../numbers/scale.js';
import type { Expect } from './check-block.js';
import type { Program, ProgramBlock, ProgramCore, ProgramGroup, ProgramSymbol } from './program.js';

/** The groups of a population, over all cores. */
export const groupsOf = ({ cores }: Program, population: number): ProgramGroup[] =>
  cores.flatMap((c) => c.groups).filter((g) => g.population === population);

/** Whether two formats have the same integers. */
export const sameIntegers = (a: Format, b: Format): boolean =>
  a.signed === b.signed && a.width === b.width;

/** A symbol names memory that is there, with integers that it holds, in all places that have a part of it. */
export function checkSymbol(program: Program, symbol: ProgramSymbol, expect: Expect): void {
  const named: Expect = (holds, what) =>
    expect(holds, `the symbol ${symbol.name} of ${symbol.owner} ${what}`);
  const { kind } = symbol;
  if (kind === 'variable') checkVariable(program, symbol, named);
  else checkSynapses(program, symbol, kind, named);
}

function checkVariable(program: Program, symbol: ProgramSymbol, expect: Expect): void {
  const { owner, memory, field } = symbol;
  const index = program.populations.findIndex((p) => p.name === owner);
  const input = program.populations[index]?.input;
  expect(index >= 0, 'belongs to no population');
  expect(memory === (input ? 'payload' : 'field'), `lies in ${memory}`);
  const known = groupsOf(program, index).every((g) => field < g.fields.length);
  expect(memory !== 'field' || known, 'names a field that is not there');
  const formats = input
    ? [program.populations[index]!.payloadFormat]
    : groupsOf(program, index).flatMap((g) => g.fields[field]?.format ?? []);
  const same = formats.every((format) => sameIntegers(symbol.format, format));
  expect(same, 'has other integers than the memory that it names');
  const there = liesAt(program, symbol, (core) => core.groups.map((g) => g.population === index));
  expect(there, 'is not where its neurons are');
}

const MEMORY_OF = {
  weight: 'weights',
  stored: 'weights',
  scale: 'scale',
  synapse: 'tags',
} as const;

function checkSynapses(
  program: Program,
  symbol: ProgramSymbol,
  kind: keyof typeof MEMORY_OF,
  expect: Expect,
): void {
  const { owner, memory } = symbol;
  const index = program.projections.findIndex((p) => p.name === owner);
  expect(index >= 0, 'belongs to no projection');
  expect(memory === MEMORY_OF[kind], `lies in ${memory}`);
  const blocks = program.cores.flatMap((c) => c.blocks).filter((b) => b.projection === index);
  const tagged = blocks.every((b) => b.tagFormat !== undefined);
  expect(memory !== 'tags' || tagged, 'lies in tags that are not there');
  const scaled = blocks.length > 0 && blocks.every((b) => b.scale !== undefined);
  expect((kind !== 'stored' && kind !== 'scale') || scaled, 'belongs to a scale that is not there');
  const same = blocks.every((b) => sameIntegers(symbol.format, formatIn(memory, b, symbol.format)));
  expect(same, 'has other integers than the memory that it names');
  const there = liesAt(program, symbol, (core) => core.blocks.map((b) => b.projection === index));
  expect(there, 'is not where its synapses are');
}

function formatIn(memory: ProgramSymbol['memory'], block: ProgramBlock, otherwise: Format): Format {
  if (memory === 'scale') return MANTISSA_FORMAT;
  return (memory === 'tags' ? block.tagFormat : block.weightFormat) ?? otherwise;
}

/** Whether the places of a symbol are those of the groups or blocks that hold a part, in order. */
function liesAt(
  { cores }: Program,
  { places }: ProgramSymbol,
  holders: (core: ProgramCore) => readonly boolean[],
): boolean {
  const found = cores.flatMap((core) =>
    holders(core).flatMap((holds, index) => (holds ? [`${core.index} ${index}`] : [])),
  );
  return found.join() === places.map((p) => `${p.core} ${p.index}`).join();
}
