import { printFormat } from '../numbers/format.js';
import { indent, printName, valueLines } from '../text/print.js';
import type {
  Program,
  ProgramBlock,
  ProgramCore,
  ProgramField,
  ProgramGroup,
  ProgramSource,
  ProgramTable,
} from './program.js';

/** The memories of a core that hold code. */
type CodeMemory = ProgramSource['memory'];
/** The word at an address of a memory as an instruction of its target. */
export type Disassemble = (memory: CodeMemory, words: readonly number[], address: number) => string;

/** One core: groups and synapses, tables, code. */
export function coreLines(core: ProgramCore, program: Program, disassemble: Disassemble): string[] {
  const { populations, projections } = program;
  const code = (memory: CodeMemory, words: readonly number[]): string[] => [
    `  ${memory} code`,
    ...codeLines(
      words,
      (address) => disassemble(memory, words, address),
      placesOf(program, core, memory),
    ),
  ];
  return [
    `core ${core.index}`,
    ...core.groups.flatMap((g) => groupLines(g, populations[g.population]?.name)),
    ...core.blocks.flatMap((b) => blockLines(b, projections[b.projection]?.name)),
    ...core.tables.flatMap(tableLines),
    ...code('neuron', core.neuronCode),
    ...code('learning', core.learningCode),
    ...(core.controlCode.length > 0 ? code('control', core.controlCode) : []),
  ];
}

const remark = (name = '?'): string => `  # ${name}`;

function groupLines(group: ProgramGroup, name: string | undefined): string[] {
  const { population, first, count, phase, entry, traces, fields } = group;
  const place = `group population ${population} first ${first} count ${count}`;
  return [
    `  ${place} phase ${phase} entry ${entry} traces ${traces}${remark(name)}`,
    ...fields.flatMap(fieldLines),
  ];
}

/** `clear` is the word of a field that is cleared when the neuron has run. */
const fieldLines = ({ name, format, clear, initial }: ProgramField): string[] =>
  valueLines(
    `field ${printName(name)} ${printFormat(format)}${clear ? ' clear' : ''} = `,
    initial,
    2,
  );

function blockLines(block: ProgramBlock, name: string | undefined): string[] {
  const { projection, pre, group, weightFormat, tagFormat } = block;
  return [
    `  block projection ${projection} pre ${pre} group ${group}${remark(name)}`,
    ...valueLines('rows = ', block.rowStart, 2),
    ...valueLines('columns = ', block.columns, 2),
    ...valueLines(`weights ${printFormat(weightFormat)} = `, block.weights, 2),
    ...valueLines(`tags${tagFormat ? ` ${printFormat(tagFormat)}` : ''} = `, block.tags, 2),
    ...valueLines('profiles = ', block.profiles, 2),
    ...valueLines('coefficients = ', block.coefficients, 2),
    `${indent(2)}words = ${block.wordsPerProfile}`,
    `${indent(2)}accumulator = ${block.accumulator}`,
    `${indent(2)}delay = ${block.delay}`,
    `${indent(2)}weight = ${block.send ? 'send' : 'arrival'}`,
    `${indent(2)}every = ${block.every}`,
    `${indent(2)}entry = ${block.entry}`,
    ...(block.scale ? [`${indent(2)}scale = ${block.scale}`] : []),
  ];
}

const tableLines = ({ first, shift, entries }: ProgramTable): string[] =>
  valueLines(`table first ${first} shift ${shift} = `, entries, 1);

/** The place in the equations of each word that has one. */
function placesOf(
  { sources }: Program,
  { index }: ProgramCore,
  memory: CodeMemory,
): ReadonlyMap<number, string> {
  const own = sources.filter((s) => s.core === index && s.memory === memory && s.file !== '');
  return new Map(own.map((s) => [s.address, `${s.file}:${s.line}:${s.column}`]));
}

/** One word a line: address, word, and as a comment the instruction and the place. */
function codeLines(
  words: readonly number[],
  disassemble: (address: number) => string,
  places: ReadonlyMap<number, string>,
): string[] {
  return words.map((word, address) => {
    const hex = word.toString(16).padStart(8, '0');
    const place = places.get(address) ?? '';
    return `    ${`${address}`.padStart(4)}: ${hex}  # ${disassemble(address).padEnd(26)} ${place}`.trimEnd();
  });
}
