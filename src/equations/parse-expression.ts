import { nearestNames } from '../../compiler/diagnostics/diagnostic.js';
import type { BinaryOperator, Expression, FunctionName } from './ast.js';
import { FUNCTIONS } from './ast.js';
import type { Cursor } from './cursor.js';

/** Binary operators from the loosest to the tightest; comparisons do not chain. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];

/** `or < and < not < comparison < + - < * / < unary - < ^`; `^` takes a whole exponent. */
export function parseExpression(cursor: Cursor): Expression {
  return parseLevel(cursor, 0);
}

function parseLevel(cursor: Cursor, level: number): Expression {
  if (level === LEVELS.length) return parseUnary(cursor);
  if (level === 2 && cursor.is('not')) return parseNot(cursor);
  let left = parseLevel(cursor, level + 1);
  for (;;) {
    const operator = LEVELS[level]!.find((o) => cursor.is(o));
    if (!operator) return left;
    cursor.next();
    const right = parseLevel(cursor, level + 1);
    left = { kind: 'binary', operator, left, right, origin: cursor.from(left.origin) };
    if (level === 2) return left;
  }
}

function parseNot(cursor: Cursor): Expression {
  const start = cursor.next().span;
  const operand = parseLevel(cursor, 2);
  return { kind: 'unary', operator: 'not', operand, origin: cursor.from(start) };
}

function parseUnary(cursor: Cursor): Expression {
  if (!cursor.is('-')) return parsePower(cursor);
  const start = cursor.next().span;
  const operand = parseUnary(cursor);
  return { kind: 'unary', operator: '-', operand, origin: cursor.from(start) };
}

function parsePower(cursor: Cursor): Expression {
  const left = parsePrimary(cursor);
  if (!cursor.is('^')) return left;
  cursor.next();
  const { token } = cursor;
  const exponent = Number(token.text);
  if (token.kind !== 'number' || !Number.isInteger(exponent) || exponent > 8) {
    cursor.giveUp(
      `expected a whole exponent from 0 to 8, found ${cursor.found()}`,
      'write exp(p * log(e)) for other powers',
    );
  }
  cursor.next();
  const right: Expression = { kind: 'number', value: exponent, origin: token.span };
  return { kind: 'binary', operator: '^', left, right, origin: cursor.from(left.origin) };
}

function parsePrimary(cursor: Cursor): Expression {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return { kind: 'number', value: Number(token.text), origin: token.span };
  }
  if (cursor.take('(')) {
    const inner = parseExpression(cursor);
    cursor.expect(')', 'to close the parenthesis');
    return inner;
  }
  if (cursor.take('|')) {
    const inner = parseExpression(cursor);
    cursor.expect('|', 'to close the absolute value');
    return { kind: 'call', function: 'abs', arguments: [inner], origin: cursor.from(token.span) };
  }
  if (token.kind !== 'name' || RESERVED.includes(token.text)) {
    return cursor.giveUp(`expected a value, found ${cursor.found()}`);
  }
  cursor.next();
  return cursor.is('(')
    ? parseCall(cursor, token.text, token.span)
    : { kind: 'name', name: token.text, origin: token.span };
}

/** Words that begin or continue statements: no names. */
export const RESERVED: readonly string[] = [
  'if',
  'on',
  'as',
  'and',
  'or',
  'not',
  'state',
  'normalize',
  'neuron',
  'rule',
  'per',
];

function parseCall(cursor: Cursor, name: string, start: Expression['origin']): Expression {
  if (!Object.hasOwn(FUNCTIONS, name)) {
    const known = Object.keys(FUNCTIONS);
    const near = nearestNames(name, known);
    const help =
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : `functions: ${known.join(', ')}`;
    cursor.report(`there is no function ${name}`, start, help);
  }
  cursor.next();
  const given: Expression[] = [];
  if (!cursor.is(')')) {
    do given.push(parseExpression(cursor));
    while (cursor.take(','));
  }
  cursor.expect(')', `to close the arguments of ${name}`);
  const called = name as FunctionName;
  const wanted = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[called] : given.length;
  if (given.length !== wanted) {
    cursor.report(
      `${name} takes ${wanted} argument${wanted === 1 ? '' : 's'}, ${given.length} were given`,
      start,
    );
  }
  return { kind: 'call', function: called, arguments: given, origin: cursor.from(start) };
}
