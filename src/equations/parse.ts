import { type Diagnostic, DiagnosticBag } from '../../compiler/diagnostics/diagnostic.js';
import type { Definition, Parameter, Scope } from './ast.js';
import { Cursor, SyntaxGiveUp } from './cursor.js';
import { tokenize } from './lexer.js';
import { parseExpression } from './parse-expression.js';
import { type Body, endOfLine, parseStatement } from './parse-statement.js';

/**
 * Parses neurons and rules.
 *
 * @throws DiagnosticsError with every syntax error of the text (PL1001, PL1002, PL1004 for a second dw).
 */
export function parseDefinitions(text: string, file: string): readonly Definition[] {
  const bag = new DiagnosticBag();
  const cursor = new Cursor(tokenize(text, file, bag), text.split(/\r?\n/), bag);
  const definitions: Definition[] = [];
  for (;;) {
    cursor.skipNewlines();
    if (cursor.token.kind === 'end') break;
    const parsed = attempt(cursor, () => {
      if (!startsDefinition(cursor)) {
        cursor.giveUp(`expected \`neuron\` or \`rule\`, found ${cursor.found()}`);
      }
      definitions.push(parseDefinition(cursor));
    });
    if (!parsed) skipToDefinition(cursor);
  }
  // Characters were read before statements; people read lines.
  bag.list.sort(byPlace);
  bag.finish();
  return definitions;
}

function byPlace({ span: a }: Diagnostic, { span: b }: Diagnostic): number {
  return a && b ? a.line - b.line || a.column - b.column : 0;
}

/** Whether it went well; after an error the cursor stands at the end of the line. */
function attempt(cursor: Cursor, parse: () => void): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxGiveUp)) throw error;
    cursor.skipLine();
    return false;
  }
}

/** `neuron` or `rule` at the start of a statement: no variable may have these names. */
const startsDefinition = (cursor: Cursor): boolean => cursor.is('neuron') || cursor.is('rule');

/** The statements under a broken heading belong to nothing, so nothing is said about them. */
function skipToDefinition(cursor: Cursor): void {
  while (cursor.token.kind !== 'end' && !startsDefinition(cursor)) {
    cursor.skipLine();
    cursor.skipNewlines();
  }
}

function parseDefinition(cursor: Cursor): Definition {
  const keyword = cursor.next();
  const kind = keyword.text === 'neuron' ? 'neuron' : 'rule';
  const name = cursor.name(`the name of the ${kind}`).text;
  const parameters = cursor.take('(') ? parseParameters(cursor) : [];
  const origin = cursor.from(keyword.span);
  endOfLine(cursor);
  const body: Body = { states: [], statements: [], dw: undefined, none: [], normalizations: [] };
  for (;;) {
    cursor.skipNewlines();
    if (cursor.token.kind === 'end' || startsDefinition(cursor)) break;
    attempt(cursor, () => {
      parseStatement(cursor, kind, body);
      endOfLine(cursor);
    });
  }
  const { states, statements, dw, none, normalizations } = body;
  if (none.length > 0 && normalizations.length > 0) {
    cursor.report('`none` stands alone: the rule normalises otherwise too', none[0]!);
  }
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
    if (!cursor.is(')')) cursor.expect(',', 'or `)` after a parameter');
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
