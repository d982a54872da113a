import { printNumber } from '../../../src/network/text-values.js';
import { unreachable } from '../../diagnostics/diagnostic.js';
import { fixedBlocks, fixedHeading } from '../fixed/print.js';
import { printFormat } from '../numbers/format.js';
import { listLines, printBlocks, printName } from '../text/print.js';
import { roundingWords } from '../text/rounding.js';
import { SpanPrinter } from '../text/spans.js';
import { type MicroKernel, type MicroOperation, type MicroProgram, operandsOf } from './micro.js';

/**
 * A MicroProgram as text: its kernels, one operation a line, then the FixedNetwork that it was made from. Exact:
 * `parseMicro` gives the same level back.
 */
export function printMicro(program: MicroProgram): string {
  const spans = new SpanPrinter();
  const kernels = program.kernels.map((kernel) => kernelLines(kernel, spans));
  const fixed = [[fixedHeading(program.fixed)], ...fixedBlocks(program.fixed, spans)];
  return printBlocks([['micro'], spans.lines(), ...kernels, ...fixed]);
}

function kernelLines(kernel: MicroKernel, spans: SpanPrinter): string[] {
  const { kind, owner, operations, registers } = kernel;
  return [
    `kernel ${kind} ${printName(owner)}${registers ? ' scheduled' : ''}`,
    ...operations.flatMap((o, i) => operationLines(o, i, registers?.[i] ?? -1, spans)),
  ];
}

/** `%3 = KIND FORMAT … %OPERANDS @SPAN -> rREGISTER`; a table has its entries below. */
function operationLines(
  operation: MicroOperation,
  index: number,
  register: number,
  spans: SpanPrinter,
): string[] {
  const words = [
    wordsOf(operation),
    ...operandsOf(operation).map((operand) => `%${operand}`),
    spans.span(operation.origin),
    ...(register < 0 ? [] : ['->', `r${register}`]),
  ];
  const line = `  %${index} = ${words.join(' ')}`;
  if (operation.kind !== 'table') return [line];
  return [line, ...listLines('entries = ', operation.entries.map(printNumber), 2)];
}

function wordsOf(operation: MicroOperation): string {
  const format = printFormat(operation.format);
  switch (operation.kind) {
    case 'constant':
      return `constant ${format} ${printNumber(operation.value)}`;
    case 'load':
    case 'store':
      return `${operation.kind} ${format} ${printName(operation.field)}`;
    case 'compare':
      return `compare ${format} ${operation.operator}`;
    case 'shift':
      return `shift ${format} ${operation.bits} ${roundingWords(operation)}`;
    case 'limit':
      return `limit ${format} ${operation.overflow}`;
    case 'table':
      return `table ${format} first ${printNumber(operation.first)} shift ${operation.shift}`;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'minimum':
    case 'maximum':
    case 'and':
    case 'or':
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'not':
    case 'select':
    case 'shift-left':
      return `${operation.kind} ${format}`;
    default:
      return unreachable(operation);
  }
}
