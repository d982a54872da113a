import { printNumber } from '../../../src/network/text-values.js';
import { type Span, unreachable } from '../../diagnostics/diagnostic.js';
import { printFormat } from '../numbers/format.js';
import { OVERFLOWS } from '../numbers/rounding.js';
import type { LevelCursor } from '../text/cursor.js';
import { printName, type TextTree, textTree } from '../text/print.js';
import { readRounding, roundingWords } from '../text/rounding.js';
import type { SpanPrinter } from '../text/spans.js';
import type { Token } from '../text/tokens.js';
import { readTree } from '../text/tree.js';
import { childrenOf } from './check.js';
import type { FixedComparison, FixedExpression } from './fixed.js';

/** `(KIND FORMAT … @SPAN OPERANDS…)`; a node without a span has that of the node around it. */
export function printFixedExpression(
  e: FixedExpression,
  outer: Span,
  spans: SpanPrinter,
): TextTree {
  const head = `${wordsOf(e)}${spans.within(e.origin, outer)}`;
  const operands = childrenOf(e).map((child) => printFixedExpression(child, e.origin, spans));
  if (e.kind !== 'table') return textTree(head, operands);
  return textTree(head, [{ items: e.entries.map(printNumber) }, ...operands]);
}

function wordsOf(e: FixedExpression): string {
  const format = printFormat(e.format);
  switch (e.kind) {
    case 'constant':
      return `constant ${format} ${printNumber(e.value)}`;
    case 'read':
      return `read ${format} ${printName(e.field)}`;
    case 'compare':
      return `compare ${format} ${e.operator}`;
    case 'convert':
      return `convert ${format} ${roundingWords(e)} ${e.overflow}`;
    case 'table':
      return `table ${format} first ${printNumber(e.first)} shift ${e.shift}`;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'minimum':
    case 'maximum':
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'and':
    case 'or':
    case 'not':
    case 'select':
    case 'shift-left':
    case 'reinterpret':
      return `${e.kind} ${format}`;
    default:
      return unreachable(e);
  }
}

type Kind = FixedExpression['kind'];

/** How many operands a node of each kind has. */
const OPERANDS: Readonly<Record<Kind, number>> = {
  constant: 0,
  read: 0,
  add: 2,
  subtract: 2,
  multiply: 2,
  minimum: 2,
  maximum: 2,
  negate: 1,
  absolute: 1,
  sign: 1,
  compare: 2,
  and: 2,
  or: 2,
  not: 1,
  select: 3,
  convert: 1,
  'shift-left': 2,
  reinterpret: 1,
  table: 1,
};

/** A node without what `childrenOf` gives. */
type Childless<E> = E extends unknown
  ? Omit<E, 'left' | 'right' | 'operand' | 'by' | 'condition' | 'then' | 'otherwise'>
  : never;
type Head = Childless<FixedExpression>;

/** Reads what `printFixedExpression` prints. */
export function readFixedExpression(cursor: LevelCursor, outer: Span): FixedExpression {
  return readTree<Head, FixedExpression>(cursor, {
    head: (around) => readHead(cursor, around?.origin ?? outer),
    leaf: () => cursor.refuse('`(`'),
    node: (head, operands, at) => withOperands(cursor, head, operands, at),
  });
}

const isKind = (word: string): word is Kind => Object.hasOwn(OPERANDS, word);
const KINDS = Object.keys(OPERANDS).filter(isKind);

function readHead(cursor: LevelCursor, outer: Span): Head {
  const word = cursor.oneOf(KINDS, 'a kind of node');
  const format = cursor.format();
  const end = (): Pick<Head, 'format' | 'origin'> => ({ format, origin: cursor.span(outer) });
  switch (word) {
    case 'constant':
      return { kind: word, value: cursor.integer('a whole number'), ...end() };
    case 'read':
      return { kind: word, field: cursor.name('a field'), ...end() };
    case 'compare':
      return { kind: word, operator: readComparison(cursor), ...end() };
    case 'convert': {
      const stated = readRounding(cursor);
      const overflow = cursor.oneOf(OVERFLOWS, 'an overflow');
      return { kind: word, ...stated, overflow, ...end() };
    }
    case 'table': {
      const shape = readTableShape(cursor);
      const rest = end();
      return { kind: word, ...shape, ...rest, entries: cursor.integers('an entry') };
    }
    default:
      return { kind: word, ...end() };
  }
}

const COMPARISONS: readonly FixedComparison[] = ['<', '<=', '>', '>=', '==', '!='];

/** Reads `<`, `<=`, `>`, `>=`, `==` or `!=`. */
export const readComparison = (cursor: LevelCursor): FixedComparison =>
  cursor.oneOf(COMPARISONS, 'a comparison');

/** `first N shift N` of a function table. */
export function readTableShape(cursor: LevelCursor): {
  readonly first: number;
  readonly shift: number;
} {
  cursor.expect('first');
  const first = cursor.integer('the first input');
  cursor.expect('shift');
  return { first, shift: cursor.integer('a shift') };
}

function withOperands(
  cursor: LevelCursor,
  head: Head,
  operands: readonly FixedExpression[],
  at: Token,
): FixedExpression {
  const wanted = OPERANDS[head.kind];
  if (operands.length !== wanted) {
    cursor.fault(
      `\`${head.kind}\` has ${wanted} ${wanted === 1 ? 'operand' : 'operands'}, not ${operands.length}`,
      at,
    );
  }
  const [first, second, third] = operands;
  switch (head.kind) {
    case 'constant':
    case 'read':
      return head;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'minimum':
    case 'maximum':
    case 'compare':
    case 'and':
    case 'or':
      return { ...head, left: first!, right: second! };
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'not':
    case 'convert':
    case 'reinterpret':
    case 'table':
      return { ...head, operand: first! };
    case 'shift-left':
      return { ...head, operand: first!, by: second! };
    case 'select':
      return { ...head, condition: first!, then: second!, otherwise: third! };
    default:
      return unreachable(head);
  }
}
