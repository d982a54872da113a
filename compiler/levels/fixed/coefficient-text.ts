import { type Expression, FUNCTIONS, type FunctionName } from '../../../src/equations/ast.js';
import { printNumber, readNumber } from '../../../src/network/text-values.js';
import { type Span, unreachable } from '../../diagnostics/diagnostic.js';
import type { LevelCursor } from '../text/cursor.js';
import { printName, type TextTree, textTree } from '../text/print.js';
import type { SpanPrinter } from '../text/spans.js';
import type { Token } from '../text/tokens.js';
import { readTree } from '../text/tree.js';

/**
 * An expression of the language node by node, with the place of each: `(* @3 lr (- @4 A @5))`. A node without a span has
 * that of the node around it. (`printExpression` is for people who write equations; its text keeps no places.)
 */
export function printCoefficient(e: Expression, outer: Span, spans: SpanPrinter): TextTree {
  const suffix = spans.within(e.origin, outer);
  const tree = (word: string, operands: readonly Expression[]): TextTree =>
    textTree(
      `${word}${suffix}`,
      operands.map((operand) => printCoefficient(operand, e.origin, spans)),
    );
  switch (e.kind) {
    case 'number':
      return `${printNumber(e.value)}${suffix}`;
    case 'name':
      return `${printName(e.name)}${suffix}`;
    case 'unary':
      return tree(e.operator, [e.operand]);
    case 'binary':
      return tree(e.operator, [e.left, e.right]);
    case 'call':
      return tree(e.function, e.arguments);
    default:
      return unreachable(e);
  }
}

const BINARY = ['+', '-', '*', '/', '^', '<=', '>=', '==', '!=', '<', '>', 'and', 'or'] as const;
const CALLS = Object.keys(FUNCTIONS).filter((f): f is FunctionName => Object.hasOwn(FUNCTIONS, f));
const WORDS = [...BINARY, 'not', ...CALLS] as const;

interface Head {
  readonly word: (typeof WORDS)[number];
  readonly origin: Span;
}

/** Reads what `printCoefficient` prints. */
export function readCoefficient(cursor: LevelCursor, outer: Span): Expression {
  return readTree<Head, Expression>(cursor, {
    head: (around) => ({
      word: cursor.oneOf(WORDS, 'an operator or a function'),
      origin: cursor.span(around?.origin ?? outer),
    }),
    leaf: (around) => readLeaf(cursor, around?.origin ?? outer),
    node: (head, operands, at) => nodeOf(cursor, head, operands, at),
  });
}

function readLeaf(cursor: LevelCursor, outer: Span): Expression {
  const { kind, text } = cursor.token;
  const value = kind === 'word' ? readNumber(text) : undefined;
  if (value === undefined) {
    return { kind: 'name', name: cursor.name('a name or a number'), origin: cursor.span(outer) };
  }
  cursor.next();
  return { kind: 'number', value, origin: cursor.span(outer) };
}

function nodeOf(
  cursor: LevelCursor,
  { word, origin }: Head,
  operands: readonly Expression[],
  at: Token,
): Expression {
  const [left, right] = operands;
  const { length } = operands;
  if (length === 1 && (word === '-' || word === 'not')) {
    return { kind: 'unary', operator: word, operand: left!, origin };
  }
  const operator = BINARY.find((o) => o === word);
  if (operator && length === 2) {
    return { kind: 'binary', operator, left: left!, right: right!, origin };
  }
  const name = CALLS.find((f) => f === word);
  if (name && length === FUNCTIONS[name]) {
    return { kind: 'call', function: name, arguments: operands, origin };
  }
  return cursor.fault(
    `\`${word}\` does not take ${length} ${length === 1 ? 'operand' : 'operands'}`,
    at,
  );
}
