import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import { printFormat } from '../../compiler/levels/numbers/format.js';
import type {
  Definition,
  Expression,
  Normalization,
  Parameter,
  RuleDefinition,
  Statement,
} from './ast.js';
import type { ModelParameter, RuleModel, Update } from './model.js';

const PRECEDENCE: Record<string, number> = {
  or: 1,
  and: 2,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '==': 4,
  '!=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
};
const NOT = 3;
const NEGATE = 7;

/** An expression as text; reading it back gives the same tree. */
export function printExpression(e: Expression): string {
  return print(e, 0);
}

function print(e: Expression, outer: number): string {
  const [text, own] = printOwn(e);
  return own < outer ? `(${text})` : text;
}

function printOwn(e: Expression): [string, number] {
  switch (e.kind) {
    case 'number':
      return e.value < 0 || Object.is(e.value, -0)
        ? [`-${printNumber(-e.value)}`, NEGATE]
        : [printNumber(e.value), 9];
    case 'name':
      return [e.name, 9];
    case 'unary':
      return e.operator === '-'
        ? [`-${print(e.operand, NEGATE)}`, NEGATE]
        : [`not ${print(e.operand, NOT)}`, NOT];
    case 'binary': {
      const own = PRECEDENCE[e.operator]!;
      // Left-associative, comparisons do not chain, and ^ takes a primary on the left.
      const left = print(e.left, e.operator === '^' ? 9 : own === 4 ? own + 1 : own);
      return e.operator === '^'
        ? [`${left}^${print(e.right, 9)}`, own]
        : [`${left} ${e.operator} ${print(e.right, own + 1)}`, own];
    }
    case 'call':
      return [`${e.function}(${e.arguments.map(printExpression).join(', ')})`, 9];
    default:
      return unreachable(e);
  }
}

/** The shortest text that reads back as the same number. */
export const printNumber = (value: number): string => `${value}`;

/** A definition as text. */
export function printDefinition(definition: Definition): string {
  const { kind, name, parameters, states, statements } = definition;
  const lines = [
    `${kind} ${name}${printParameters(parameters)}`,
    ...states.map((s) => `state ${s.name} = ${printExpression(s.initial)}`),
    ...statements.map(printStatement),
    ...(definition.kind === 'rule' ? printRuleEnd(definition) : []),
  ];
  return `${lines.join('\n  ')}\n`;
}

function printParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  let scope = 'scalar';
  const items = parameters.map((p) => {
    const word = p.scope === scope ? '' : p.scope === 'scalar' ? 'scalar ' : `per ${p.scope} `;
    scope = p.scope;
    return `${word}${p.name}${p.default ? ` = ${printExpression(p.default)}` : ''}`;
  });
  return `(${items.join(', ')})`;
}

function printStatement(s: Statement): string {
  if (s.kind === 'define') return `${s.target} = ${printExpression(s.value)}`;
  const stated = s.stated
    ? ` as ${printFormat(s.stated.format)} ${s.stated.rounding} ${s.stated.overflow}`
    : '';
  const condition = s.condition
    ? ` ${s.condition.word} ${printExpression(s.condition.expression)}`
    : '';
  return `${s.target} <- ${printExpression(s.value)}${stated}${condition}`;
}

function printRuleEnd({
  dw,
  normalizations,
}: Pick<RuleDefinition, 'dw' | 'normalizations'>): string[] {
  return [
    ...(dw ? [`dw = ${printExpression(dw)}`] : []),
    ...(normalizations.length > 0
      ? [`normalize ${normalizations.map(printNormalization).join(', ')}`]
      : []),
  ];
}

function printNormalization(n: Normalization): string {
  switch (n.kind) {
    case 'clip':
      return `clip ${n.low} ${n.high}`;
    case 'decay':
      return `decay ${n.rate}`;
    default:
      return n.kind;
  }
}

/** The text of a rule that a pass changed; reads back as the same model. */
export function printRuleModel(rule: RuleModel): string {
  const definition: RuleDefinition = {
    kind: 'rule',
    name: rule.name,
    parameters: rule.parameters.map(parameterOf),
    states: rule.variables
      .filter((v) => v.persistent)
      .map((v) => ({
        name: v.name,
        initial: { kind: 'number', value: v.initial, origin: v.origin },
        origin: v.origin,
      })),
    statements: rule.updates.map(statementOf),
    ...(rule.dw ? { dw: rule.dw } : {}),
    normalizations: rule.normalizations,
    origin: rule.parameters[0]?.origin ?? { file: '', line: 1, column: 1, length: 0 },
  };
  return printDefinition(definition);
}

function parameterOf(p: ModelParameter): Parameter {
  const { name, scope, origin } = p;
  if (p.default === undefined) return { name, scope, origin };
  return { name, scope, default: { kind: 'number', value: p.default, origin }, origin };
}

function statementOf(u: Update): Statement {
  const { target, value, origin } = u;
  if (u.local) return { kind: 'define', target, value, origin };
  return {
    kind: 'update',
    target,
    value,
    ...(u.stated ? { stated: u.stated } : {}),
    ...(u.condition ? { condition: { word: 'if', expression: u.condition } } : {}),
    origin,
  };
}
