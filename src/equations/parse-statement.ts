import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import { didYouMean } from '../../compiler/diagnostics/diagnostic.js';
import { parseFormat } from '../../compiler/levels/numbers/format.js';
import { OVERFLOWS, ROUNDINGS } from '../../compiler/levels/numbers/rounding.js';
import type {
  Condition,
  Expression,
  Normalization,
  StateDeclaration,
  StatedFormat,
  Statement,
} from './ast.js';
import { evaluateConstant } from './constant.js';
import { type Cursor, SyntaxGiveUp } from './cursor.js';
import { parseExpression, parseProduct, RESERVED } from './parse-expression.js';

/** What the statements of a definition add up to. */
export interface Body {
  readonly states: StateDeclaration[];
  readonly statements: Statement[];
  dw: Expression | undefined;
  /** Where `none` is written. */
  readonly none: Span[];
  readonly normalizations: Normalization[];
}

const NORMALIZATIONS = ['none', 'clip', 'decay', 'max', 'pow2'];

/** One statement, without the end of its line. */
export function parseStatement(cursor: Cursor, kind: 'neuron' | 'rule', body: Body): void {
  const start = cursor.token.span;
  if (cursor.is('state') && cursor.peek(1).kind === 'name') {
    body.states.push(parseState(cursor));
  } else if (cursor.is('normalize')) {
    if (kind === 'neuron') cursor.giveUp('a neuron has no weights to normalise');
    cursor.next();
    parseNormalizations(cursor, body);
  } else {
    const target = cursor.name('a statement');
    if (RESERVED.includes(target.text))
      cursor.report(`\`${target.text}\` is a word of the language`, target.span);
    if (kind === 'rule') checkOrder(cursor, target.text, start, body);
    if (kind === 'rule' && target.text === 'dw' && cursor.take('='))
      body.dw = parseExpression(cursor);
    else body.statements.push(parseAssignment(cursor, target.text, start));
  }
}

/** A rule runs its statements, then `dw`, then its normalisations: it is written in that order. */
function checkOrder(cursor: Cursor, target: string, span: Span, body: Body): void {
  if (target === 'dw') {
    if (body.dw) cursor.report('`dw` is given twice', span, 'add the two terms', 'PL1004');
    if (body.normalizations.length > 0 || body.none.length > 0)
      cursor.report('`dw` stands before `normalize`, which follows it in each step', span);
  } else if (body.dw || body.normalizations.length > 0 || body.none.length > 0) {
    const help = 'write `dw` and `normalize` last: they see the values of this step';
    cursor.report(`\`${target}\` is assigned after the change of the weight`, span, help);
  }
}

/** Reports whatever else stands on the line. */
export function endOfLine(cursor: Cursor): void {
  if (cursor.token.kind === 'newline' || cursor.token.kind === 'end') return;
  cursor.giveUp(`expected the end of the line, found ${cursor.found()}`, afterHelp(cursor));
}

function afterHelp(cursor: Cursor): string | undefined {
  const { text } = cursor.token;
  if (['as', 'if', 'on'].includes(text))
    return 'an update is `NAME <- VALUE [as FORMAT] [if CONDITION | on NAME]`, in this order';
  if (['<', '<=', '>', '>=', '==', '!='].includes(text))
    return 'comparisons do not chain: write `a < b and b < c`';
  return text === '=' ? 'write `==` to compare' : undefined;
}

function parseState(cursor: Cursor): StateDeclaration {
  const start = cursor.next().span;
  const name = cursor.name('the name of a variable').text;
  const initial: Expression = cursor.take('=')
    ? parseExpression(cursor)
    : { kind: 'number', value: 0, origin: start };
  return { name, initial, origin: cursor.from(start) };
}

function parseAssignment(cursor: Cursor, target: string, start: Span): Statement {
  if (cursor.take('=')) {
    const value = parseExpression(cursor);
    return { kind: 'define', target, value, origin: cursor.from(start) };
  }
  cursor.expect('<-', `or \`=\` after \`${target}\``);
  const value = parseExpression(cursor);
  const stated = cursor.take('as') ? parseStated(cursor) : undefined;
  const condition = parseCondition(cursor);
  return {
    kind: 'update',
    target,
    value,
    ...(stated ? { stated } : {}),
    ...(condition ? { condition } : {}),
    origin: cursor.from(start),
  };
}

function parseCondition(cursor: Cursor): Condition | undefined {
  if (cursor.take('if')) return { word: 'if', expression: parseExpression(cursor) };
  if (!cursor.take('on')) return undefined;
  const { text, span } = cursor.name('the name of an event after `on`');
  if (cursor.token.kind === 'operator')
    cursor.giveUp('`on` takes one name', 'use `if` for a condition');
  return { word: 'on', expression: { kind: 'name', name: text, origin: span } };
}

function parseStated(cursor: Cursor): StatedFormat {
  const format = parseFormat(cursor.token.text);
  if (cursor.token.kind !== 'format' || !format) {
    return cursor.giveUp(
      `expected a format such as s24.6, found ${cursor.found()}`,
      's or u, the width from 1 to 53 bits, a dot, the bits after the binary point',
    );
  }
  cursor.next();
  const choice = <T extends string>(names: readonly T[], otherwise: T): T => {
    const found = names.find((n) => cursor.is(n));
    if (found) cursor.next();
    return found ?? otherwise;
  };
  const rounding = choice(ROUNDINGS, 'nearest');
  const overflow = choice(OVERFLOWS, 'saturate');
  const { kind, text } = cursor.peek(0);
  if (kind === 'name' && text !== 'if' && text !== 'on') {
    const known = [...ROUNDINGS, ...OVERFLOWS];
    cursor.giveUp(
      `expected a rounding or an overflow, found ${cursor.found()}`,
      didYouMean(text, known, 'known'),
    );
  }
  return { format, rounding, overflow };
}

function parseNormalizations(cursor: Cursor, { none, normalizations }: Body): void {
  do {
    const { span: origin, text: kind } = cursor.name('a normalisation');
    switch (kind) {
      case 'none':
        none.push(origin);
        break;
      case 'max':
      case 'pow2':
        normalizations.push({ kind, origin });
        break;
      case 'clip': {
        const low = evaluateConstant(parseProduct(cursor), cursor);
        normalizations.push({ kind, low, high: highBound(cursor), origin });
        break;
      }
      case 'decay':
        normalizations.push({
          kind,
          rate: evaluateConstant(parseExpression(cursor), cursor),
          origin,
        });
        break;
      default:
        cursor.report(
          `there is no normalisation \`${kind}\``,
          origin,
          didYouMean(kind, NORMALIZATIONS, 'known'),
        );
        throw new SyntaxGiveUp();
    }
  } while (cursor.take(','));
}

function highBound(cursor: Cursor): number {
  const { kind } = cursor.token;
  if (kind === 'newline' || kind === 'end' || cursor.is(','))
    cursor.giveUp('`clip` takes two bounds', '`clip LOW HIGH`, sums in parentheses: `clip -1 1`');
  return evaluateConstant(parseProduct(cursor), cursor);
}
