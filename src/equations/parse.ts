import { DiagnosticBag } from '../../compiler/diagnostics/diagnostic.js';
import { parseFormat } from '../../compiler/levels/numbers/format.js';
import { OVERFLOWS, ROUNDINGS } from '../../compiler/levels/numbers/rounding.js';
import type {
  Condition,
  Definition,
  Expression,
  Normalization,
  Parameter,
  Scope,
  StateDeclaration,
  StatedFormat,
  Statement,
} from './ast.js';
import { evaluateConstant } from './constant.js';
import { Cursor, SyntaxGiveUp } from './cursor.js';
import { tokenize } from './lexer.js';
import { parseExpression, RESERVED } from './parse-expression.js';

/**
 * Parses neurons and rules. Throws DiagnosticsError with every syntax error of the text (PL1001, PL1002).
 */
export function parseDefinitions(text: string, file: string): readonly Definition[] {
  const bag = new DiagnosticBag();
  const cursor = new Cursor(tokenize(text, file, bag), text.split(/\r?\n/), bag);
  const definitions: Definition[] = [];
  for (;;) {
    cursor.skipNewlines();
    if (cursor.token.kind === 'end') break;
    attempt(cursor, () => {
      if (!cursor.is('neuron') && !cursor.is('rule')) {
        cursor.giveUp(`expected \`neuron\` or \`rule\`, found ${cursor.found()}`);
      }
      definitions.push(parseDefinition(cursor));
    });
  }
  bag.finish();
  return definitions;
}

function attempt(cursor: Cursor, parse: () => void): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof SyntaxGiveUp)) throw error;
    cursor.skipLine();
  }
}

interface Body {
  readonly states: StateDeclaration[];
  readonly statements: Statement[];
  dw: Expression | undefined;
  readonly normalizations: Normalization[];
}

function parseDefinition(cursor: Cursor): Definition {
  const keyword = cursor.next();
  const kind = keyword.text as 'neuron' | 'rule';
  const name = cursor.name(`the name of the ${kind}`).text;
  const parameters = cursor.take('(') ? parseParameters(cursor) : [];
  const origin = cursor.from(keyword.span);
  endOfLine(cursor);
  const body: Body = { states: [], statements: [], dw: undefined, normalizations: [] };
  for (;;) {
    cursor.skipNewlines();
    if (cursor.token.kind === 'end' || startsDefinition(cursor)) break;
    attempt(cursor, () => {
      parseStatement(cursor, kind, body);
      endOfLine(cursor);
    });
  }
  const { states, statements, dw, normalizations } = body;
  if (kind === 'neuron') return { kind, name, parameters, states, statements, origin };
  return {
    kind,
    name,
    parameters,
    states,
    statements,
    ...(dw ? { dw } : {}),
    normalizations,
    origin,
  };
}

/** `neuron NAME` or `rule NAME` at the start of a statement: a variable may not have these names. */
const startsDefinition = (cursor: Cursor): boolean => cursor.is('neuron') || cursor.is('rule');

function endOfLine(cursor: Cursor): void {
  if (cursor.token.kind === 'newline' || cursor.token.kind === 'end') return;
  cursor.giveUp(`expected the end of the line, found ${cursor.found()}`);
}

function parseParameters(cursor: Cursor): Parameter[] {
  const parameters: Parameter[] = [];
  let scope: Scope = 'scalar';
  cursor.skipNewlines();
  while (!cursor.is(')')) {
    scope = parseScope(cursor, scope);
    const name = cursor.name('the name of a parameter');
    const value = cursor.take('=') ? parseExpression(cursor) : undefined;
    parameters.push({
      name: name.text,
      scope,
      ...(value ? { default: value } : {}),
      origin: name.span,
    });
    cursor.skipNewlines();
    if (!cursor.is(')')) cursor.expect(',', 'between parameters');
    cursor.skipNewlines();
  }
  cursor.next();
  return parameters;
}

function parseScope(cursor: Cursor, scope: Scope): Scope {
  if (cursor.is('scalar') && cursor.peek(1).kind === 'name') {
    cursor.next();
    return 'scalar';
  }
  if (!cursor.take('per')) return scope;
  if (cursor.take('synapse')) return 'synapse';
  if (cursor.take('neuron')) return 'neuron';
  return cursor.giveUp(`expected \`synapse\` or \`neuron\` after \`per\`, found ${cursor.found()}`);
}

function parseStatement(cursor: Cursor, kind: 'neuron' | 'rule', body: Body): void {
  const start = cursor.token.span;
  if (cursor.is('state') && cursor.peek(1).kind === 'name') {
    cursor.next();
    const name = cursor.name('the name of a variable').text;
    const initial: Expression = cursor.take('=')
      ? parseExpression(cursor)
      : { kind: 'number', value: 0, origin: start };
    body.states.push({ name, initial, origin: cursor.from(start) });
    return;
  }
  if (cursor.is('normalize')) {
    if (kind === 'neuron') cursor.giveUp('a neuron has no weights to normalise');
    cursor.next();
    parseNormalizations(cursor, body.normalizations);
    return;
  }
  const target = cursor.name('a statement');
  if (RESERVED.includes(target.text))
    cursor.report(`\`${target.text}\` is a word of the language`, target.span);
  if (cursor.take('=')) {
    const value = parseExpression(cursor);
    if (kind === 'rule' && target.text === 'dw') body.dw = value;
    else
      body.statements.push({
        kind: 'define',
        target: target.text,
        value,
        origin: cursor.from(start),
      });
    return;
  }
  cursor.expect('<-', `or \`=\` after ${target.text}`);
  const value = parseExpression(cursor);
  const stated = cursor.take('as') ? parseStated(cursor) : undefined;
  const condition = parseCondition(cursor);
  body.statements.push({
    kind: 'update',
    target: target.text,
    value,
    ...(stated ? { stated } : {}),
    ...(condition ? { condition } : {}),
    origin: cursor.from(start),
  });
}

function parseCondition(cursor: Cursor): Condition | undefined {
  const word = cursor.is('if') ? 'if' : cursor.is('on') ? 'on' : undefined;
  if (!word) return undefined;
  cursor.next();
  return { word, expression: parseExpression(cursor) };
}

function parseStated(cursor: Cursor): StatedFormat {
  const format = parseFormat(cursor.token.text);
  if (cursor.token.kind !== 'format' || !format) {
    return cursor.giveUp(
      `expected a format such as s24.6, found ${cursor.found()}`,
      'widths go from 1 to 53 bits',
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
  return { format, rounding, overflow };
}

function parseNormalizations(cursor: Cursor, into: Normalization[]): void {
  do {
    const { span: origin, text: kind } = cursor.name('a normalisation');
    switch (kind) {
      case 'none':
        break;
      case 'max':
      case 'pow2':
        into.push({ kind, origin });
        break;
      case 'clip':
        into.push({ kind, low: bound(cursor), high: bound(cursor), origin });
        break;
      case 'decay':
        into.push({ kind, rate: evaluateConstant(parseExpression(cursor), cursor), origin });
        break;
      default:
        cursor.report(
          `there is no normalisation ${kind}`,
          origin,
          'none, clip LOW HIGH, decay K, max, pow2',
        );
        throw new SyntaxGiveUp();
    }
  } while (cursor.take(','));
}

/** One bound of a clip: a signed number, so that `clip -1 1` is two numbers and not a difference. */
function bound(cursor: Cursor): number {
  const negative = cursor.take('-');
  const { token } = cursor;
  if (token.kind !== 'number') return cursor.giveUp(`expected a number, found ${cursor.found()}`);
  cursor.next();
  return negative ? -Number(token.text) : Number(token.text);
}
