import { printNumber } from '../../../src/network/text-values.js';
import { printFormat } from '../numbers/format.js';
import { codecLines, modulatorLines } from '../text/port.js';
import { indent, listLines, printBlocks, printName, treeLines, valueLines } from '../text/print.js';
import { SpanPrinter } from '../text/spans.js';
import { printCoefficient } from './coefficient-text.js';
import { printFixedExpression } from './expression-text.js';
import type {
  FixedField,
  FixedNetwork,
  FixedPopulation,
  FixedPort,
  FixedProjection,
  FixedRule,
  FixedTerm,
  FixedUpdate,
} from './fixed.js';

/** A FixedNetwork as text. Exact: `parseFixed` gives the same level back, places in the equations included. */
export function printFixed(fixed: FixedNetwork): string {
  const spans = new SpanPrinter();
  const body = fixedBlocks(fixed, spans);
  return printBlocks([[fixedHeading(fixed)], spans.lines(), ...body]);
}

/** `fixed NAME`: where the text of the level begins. */
export const fixedHeading = ({ name }: FixedNetwork): string => `fixed ${printName(name)}`;

/** Everything below the heading and the names of the files. */
export function fixedBlocks(fixed: FixedNetwork, spans: SpanPrinter): string[][] {
  return [
    ...fixed.populations.map((p) => populationLines(p, spans)),
    ...fixed.projections.map((p) => projectionLines(p, spans)),
    ...fixed.inputs.map((port) => portLines('input', port)),
    ...fixed.outputs.map((port) => portLines('output', port)),
    fixed.groups.map(
      ({ population, first, count, core }) =>
        `group ${printName(population)} first ${first} count ${count} core ${core}`,
    ),
    modulatorLines(fixed.modulator),
  ];
}

function populationLines(population: FixedPopulation, spans: SpanPrinter): string[] {
  const { name, size, input, phase, fields, updates } = population;
  return [
    `population ${printName(name)}[${size}]${input ? ' input' : ''} phase ${phase}`,
    ...fields.flatMap((field) => fieldLines(field, 1)),
    ...updates.flatMap((update) => updateLines(update, 1, spans)),
  ];
}

/** `field NAME ROLE FORMAT [symbol NAME] [signal FORMAT offset N] = INITIAL`. */
function fieldLines({ name, role, format, initial, symbol, signal }: FixedField, depth: number) {
  const words = [`field ${printName(name)} ${role} ${printFormat(format)}`];
  if (symbol !== undefined) words.push(`symbol ${printName(symbol)}`);
  if (signal) words.push(`signal ${printFormat(signal.format)} offset ${signal.offset}`);
  return valueLines(`${words.join(' ')} = `, initial, depth);
}

function updateLines({ target, value, origin }: FixedUpdate, depth: number, spans: SpanPrinter) {
  const head = `update ${printName(target)} ${spans.span(origin)}`;
  return treeLines(head, printFixedExpression(value, origin, spans), depth);
}

function projectionLines(projection: FixedProjection, spans: SpanPrinter): string[] {
  const { name, pre, post, rowStart, columns, rule } = projection;
  return [
    `projection ${printName(name)} from ${printName(pre)} to ${printName(post)}`,
    `  index = ${projection.index}`,
    ...valueLines('rows = ', rowStart, 1),
    ...valueLines('columns = ', columns, 1),
    `  delay = ${projection.delay}`,
    `  weight = ${projection.weight}`,
    `  payload = ${printName(projection.payload)}`,
    `  accumulator = ${printName(projection.accumulator)}`,
    ...(projection.scale ? [`  scale ${projection.scale}`] : []),
    ...[projection.weights, ...projection.fields].flatMap((field) => fieldLines(field, 1)),
    ...(rule ? ruleLines(rule, spans) : []),
  ];
}

function ruleLines(rule: FixedRule, spans: SpanPrinter): string[] {
  return [
    `  rule every ${rule.every}`,
    ...rule.updates.flatMap((update) => updateLines(update, 2, spans)),
    ...rule.terms.flatMap((term) => termLines(term, spans)),
    ...rule.coefficients.flatMap(({ name, format, values }) =>
      valueLines(`coefficient ${printName(name)} ${printFormat(format)} = `, values, 2),
    ),
    ...valueLines('profiles = ', rule.profiles, 2),
  ];
}

function termLines({ target, coefficient, scale, words, origin }: FixedTerm, spans: SpanPrinter) {
  const heading = `term ${printName(target)} scale ${printNumber(scale)} ${spans.span(origin)}`;
  const names = words.map(({ mantissa, exponent }) =>
    [mantissa, ...(exponent === undefined ? [] : [exponent])].map(printName).join(' '),
  );
  return [
    `${indent(2)}${heading}`,
    ...listLines('words = ', names, 3),
    ...treeLines('coefficient =', printCoefficient(coefficient, origin, spans), 3),
  ];
}

const portLines = (word: string, port: FixedPort): string[] => [
  `${word} ${printName(port.population)}`,
  `  field = ${printName(port.field)}`,
  ...codecLines(port),
];
