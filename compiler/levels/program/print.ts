import { printNumber } from '../../../src/network/text-values.js';
import { printFormat } from '../numbers/format.js';
import { codecLines, modulatorLines } from '../text/port.js';
import { indent, listLines, printBlocks, printName } from '../text/print.js';
import { SpanPrinter } from '../text/spans.js';
import { coreLines, type Disassemble } from './print-core.js';
import type {
  Program,
  ProgramPopulation,
  ProgramPort,
  ProgramProvenance,
  ProgramSource,
  ProgramSymbol,
} from './program.js';

/**
 * A Program as text: every field, and beside each word of code the instruction that it is and the place in the equations, as
 * comments. Exact: `parseProgram` gives the same Program back.
 */
export function printProgram(program: Program, disassemble: Disassemble): string {
  const { populations, projections, inputs, outputs, cores, routes, symbols, sources } = program;
  const spans = new SpanPrinter();
  const sourceMap = sourceLines(sources, spans);
  const nameOf = (population: number): string => populations[population]?.name ?? '?';
  return printBlocks([
    [`program ${printName(program.name)} for ${printName(program.target)}`],
    [
      `version = ${program.version}`,
      `tool = ${JSON.stringify(program.tool)}`,
      `capabilities = ${JSON.stringify(program.capabilities)}`,
      ...program.parameters.map(
        ({ name, value }) => `parameter ${printName(name)} = ${printNumber(value)}`,
      ),
      `phases = ${program.phases}`,
    ],
    spans.lines(),
    ...populations.map(populationLines),
    projections.map((p) => `projection ${printName(p.name)} index ${p.index}`),
    ...inputs.map((port) => portLines('input', port, nameOf)),
    ...outputs.map((port) => portLines('output', port, nameOf)),
    modulatorLines(program.modulator),
    ...cores.map((core) => coreLines(core, program, disassemble)),
    routes.map(
      (r) => `route ${r.population} to [${r.cores.join(', ')}]  # ${nameOf(r.population)}`,
    ),
    symbols.map(symbolLine),
    sourceMap,
    ...provenanceBlocks(program.provenance),
  ]);
}

function populationLines(population: ProgramPopulation): string[] {
  const { name, size, input, phase, payloadFormat, traces } = population;
  const heading = `population ${printName(name)}[${size}]${input ? ' input' : ''}`;
  return [
    `${heading} phase ${phase} payload ${printFormat(payloadFormat)}`,
    ...traces.map(
      ({ format, initial, offset }) =>
        `  trace ${printFormat(format)} initial ${initial} offset ${offset}`,
    ),
  ];
}

const portLines = (
  word: string,
  port: ProgramPort,
  nameOf: (population: number) => string,
): string[] => [
  `${word} ${port.population}  # ${nameOf(port.population)}`,
  `  field = ${port.field}`,
  ...codecLines(port),
];

function symbolLine({ kind, owner, name, memory, field, format, places }: ProgramSymbol): string {
  const what = `symbol ${kind} ${printName(owner)} ${printName(name)}`;
  const at = places.map(({ core, index }) => `core ${core} index ${index}`).join(', ');
  return `${what} in ${memory} field ${field} ${printFormat(format)} at [${at}]`;
}

/** The source map in its order: runs of one memory as lists of addresses with their spans. */
function sourceLines(sources: readonly ProgramSource[], spans: SpanPrinter): string[] {
  const runs: { readonly head: string; readonly items: string[] }[] = [];
  for (const { core, memory, address, ...span } of sources) {
    const head = `sources ${core} ${memory} = `;
    if (runs.at(-1)?.head !== head) runs.push({ head, items: [] });
    runs.at(-1)!.items.push(`${address} ${spans.span(span)}`);
  }
  return runs.flatMap(({ head, items }) => listLines(head, items, 0));
}

/** What was compiled, line by line behind bars. */
function provenanceBlocks({
  network,
  calibration,
  options,
  hashes,
}: ProgramProvenance): string[][] {
  const raw = (name: string, text: string): string[] => [
    name,
    ...text.split('\n').map((line) => `${indent(1)}${line === '' ? '|' : `| ${line}`}`),
  ];
  return [
    listLines(
      'hashes = ',
      hashes.map((hash) => JSON.stringify(hash)),
      0,
    ),
    raw('network', network),
    raw('calibration', calibration),
    raw('options', options),
  ];
}
