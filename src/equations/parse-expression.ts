import { didYouMean } from '../../compiler/diagnostics/diagnostic.js';
import type { BinaryOperator, Expression, FunctionName } from './ast.js';
import { FUNCTIONS } from './ast.js';
import { type Cursor, SPLIT, SyntaxGiveUp } from './cursor.js';
import { evaluate, FLOAT64 } from './evaluate.js';
import { heightOf, namesOf } from './names.js';
import { printExpression } from './print.js';

/** Binary operators from the loosest to the tightest; comparisons do not chain. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];
const COMPARISON = 2;
const PRODUCT = 4;

/** The highest tree: whoever walks it recursively does so on a stack of limited depth. */
const HIGHEST = 1000;
const LARGEST_EXPONENT = 8;

/** `or < and < not < comparison < + - < * / < unary - < ^`; `^` binds to the right and takes a constant from 0 to 8. */
export function parseExpression(cursor: Cursor): Expression {
  return limited(cursor, parseLevel(cursor, 0));
}

/** A product, quotient, sign, power or parenthesis: `clip -1/2 1/2` is two of them, and not a difference. */
export function parseProduct(cursor: Cursor): Expression {
  return limited(cursor, parseLevel(cursor, PRODUCT));
}

function limited(cursor: Cursor, e: Expression): Expression {
  if (heightOf(e) <= HIGHEST) return e;
  cursor.report(`this expression is more than ${HIGHEST} operations long`, e.origin, SPLIT);
  throw new SyntaxGiveUp();
}

function parseLevel(cursor: Cursor, level: number): Expression {
  if (level === LEVELS.length) return parseUnary(cursor);
  if (level === COMPARISON && cursor.is('not')) return parseNot(cursor);
  const start = cursor.token.span;
  let left = parseLevel(cursor, level + 1);
  for (;;) {
    const operator = LEVELS[level]!.find((o) => cursor.is(o));
    if (!operator) return left;
    cursor.next();
    const right = parseLevel(cursor, level + 1);
    left = { kind: 'binary', operator, left, right, origin: cursor.from(start) };
    if (level === COMPARISON) return left;
  }
}

function parseNot(cursor: Cursor): Expression {
  const start = cursor.next().span;
  const operand = cursor.nested(() => parseLevel(cursor, COMPARISON));
  return { kind: 'unary', operator: 'not', operand, origin: cursor.from(start) };
}

function parseUnary(cursor: Cursor): Expression {
  if (!cursor.is('-')) return parsePower(cursor);
  const start = cursor.next().span;
  const operand = cursor.nested(() => parseUnary(cursor));
  return { kind: 'unary', operator: '-', operand, origin: cursor.from(start) };
}

function parsePower(cursor: Cursor): Expression {
  const start = cursor.token.span;
  const left = parsePrimary(cursor);
  if (!cursor.take('^')) return left;
  const right = exponent(
    cursor,
    cursor.nested(() => parseUnary(cursor)),
  );
  return { kind: 'binary', operator: '^', left, right, origin: cursor.from(start) };
}

/** The number that an exponent is: `2`, `(1 + 1)` or, binding to the right, `1^3`. */
function exponent(cursor: Cursor, e: Expression): Expression {
  const { origin } = e;
  const value = namesOf(e).size === 0 ? evaluate(e, () => 0, FLOAT64) + 0 : Number.NaN;
  if (!Number.isInteger(value) || value < 0 || value > LARGEST_EXPONENT) {
    cursor.report(
      `an exponent is a whole number from 0 to ${LARGEST_EXPONENT}, not \`${printExpression(e)}\``,
      origin,
      value < 0 ? 'divide by the power: `1 / e^2`' : 'write `exp(p * log(e))` for other powers',
    );
  }
  return { kind: 'number', value, origin };
}

function parsePrimary(cursor: Cursor): Expression {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return { kind: 'number', value: Number(token.text), origin: token.span };
  }
  if (cursor.take('(')) {
    const inner = cursor.nested(() => parseLevel(cursor, 0));
    cursor.expect(')', 'to close the parenthesis');
    return inner;
  }
  if (cursor.take('|')) {
    const inner = cursor.nested(() => parseLevel(cursor, 0));
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

const isFunction = (name: string): name is FunctionName => Object.hasOwn(FUNCTIONS, name);

function parseCall(cursor: Cursor, name: string, start: Expression['origin']): Expression {
  cursor.next();
  const given: Expression[] = [];
  if (!cursor.is(')')) {
    do given.push(cursor.nested(() => parseLevel(cursor, 0)));
    while (cursor.take(','));
  }
  cursor.expect(')', `to close the arguments of \`${name}\``);
  if (!isFunction(name)) {
    const known = Object.keys(FUNCTIONS);
    const help = didYouMean(name, known, 'functions');
    cursor.report(`there is no function \`${name}\``, start, help);
    throw new SyntaxGiveUp();
  }
  const wanted = FUNCTIONS[name];
  if (given.length !== wanted) {
    const arguments_ = wanted === 1 ? '1 argument' : `${wanted} arguments`;
    cursor.report(`\`${name}\` takes ${arguments_}, not ${given.length}`, start);
  }
  return { kind: 'call', function: name, arguments: given, origin: cursor.from(start) };
}
