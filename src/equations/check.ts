import { type DiagnosticCode, diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type DiagnosticBag,
  nearestNames,
  type Span,
} from '../../compiler/diagnostics/diagnostic.js';
import type { Definition, Expression, NeuronDefinition, RuleDefinition, Statement } from './ast.js';
import { evaluate, FLOAT64 } from './evaluate.js';
import type {
  ModelParameter,
  ModelVariable,
  NeuronModel,
  RuleModel,
  RuleSignal,
  Update,
} from './model.js';
import { forEachNode, namesOf } from './names.js';
import { printDefinition } from './print.js';

/** Names with a meaning of their own: they can be read, never declared. */
const RESERVED_NAMES = { neuron: ['I'], rule: ['w', 'm', 'dw'] } as const;

/** Resolves the names of a definition; faults go to the bag, `lines` are those of the text that it came from. */
export function checkDefinition(
  definition: Definition,
  lines: readonly string[],
  bag: DiagnosticBag,
): NeuronModel | RuleModel {
  return new Checker(definition, lines, bag).run();
}

class Checker {
  private readonly parameters: ModelParameter[] = [];
  private readonly variables = new Map<
    string,
    { initial: number; persistent: boolean; origin: Span }
  >();
  private readonly locals = new Set<string>();
  private readonly assigned = new Set<string>();
  private readonly signals = new Map<string, RuleSignal>();
  private readonly used = new Set<string>();
  private readonly updates: Update[] = [];

  constructor(
    private readonly definition: Definition,
    private readonly lines: readonly string[],
    private readonly bag: DiagnosticBag,
  ) {}

  run(): NeuronModel | RuleModel {
    const { definition } = this;
    this.declareParameters();
    this.declareVariables();
    for (const statement of definition.statements) this.statement(statement);
    if (definition.kind === 'rule' && definition.dw) this.expression(definition.dw);
    for (const p of this.parameters) {
      if (this.used.has(p.name)) continue;
      this.report('PL1007', `the parameter ${p.name} of ${definition.name} is not used`, p.origin);
    }
    return definition.kind === 'neuron' ? this.neuron(definition) : this.rule(definition);
  }

  private report(code: DiagnosticCode, message: string, span: Span, help?: string): void {
    const source = this.lines[span.line - 1] ?? '';
    this.bag.add(diagnostic(code, message, { span, source, ...(help ? { help } : {}) }));
  }

  private declareParameters(): void {
    for (const { name, scope, default: value, origin } of this.definition.parameters) {
      this.declare(name, origin);
      const number = value === undefined ? undefined : this.constant(value);
      this.parameters.push({ name, scope, default: number, origin });
    }
  }

  private declareVariables(): void {
    for (const { name, initial, origin } of this.definition.states) {
      this.declare(name, origin);
      this.variables.set(name, { initial: this.constant(initial), persistent: true, origin });
    }
    for (const { kind, target, origin } of this.definition.statements) {
      if (this.variables.has(target) && kind === 'update') continue;
      this.declare(target, origin);
      if (kind === 'update') this.variables.set(target, { initial: 0, persistent: false, origin });
      else this.locals.add(target);
    }
    for (const { name, origin } of this.definition.states) {
      if (this.definition.statements.some((s) => s.target === name)) continue;
      this.report('PL1007', `the variable ${name} is declared and never assigned`, origin);
    }
  }

  private declare(name: string, origin: Span): void {
    const { kind } = this.definition;
    if ((RESERVED_NAMES[kind] as readonly string[]).includes(name)) {
      this.report(
        'PL1005',
        `${name} has a meaning of its own in a ${kind} and cannot be declared or assigned`,
        origin,
      );
    } else if (
      this.parameters.some((p) => p.name === name) ||
      this.variables.has(name) ||
      this.locals.has(name)
    ) {
      this.report('PL1004', `${name} is declared twice`, origin);
    } else if (kind === 'rule' && /^[xy]/.test(name)) {
      this.report(
        'PL1005',
        `${name} begins with ${name[0]} and would be a signal of a neuron`,
        origin,
      );
    }
  }

  private statement(statement: Statement): void {
    const { target, value, origin } = statement;
    const local = statement.kind === 'define';
    this.expression(value);
    const condition = statement.kind === 'update' ? statement.condition : undefined;
    if (condition) this.expression(condition.expression);
    this.assigned.add(target);
    this.updates.push({
      target,
      local,
      value,
      condition: condition?.expression,
      stated: statement.kind === 'update' ? statement.stated : undefined,
      origin,
    });
  }

  private expression(expression: Expression): void {
    forEachNode(expression, (e) => {
      if (e.kind === 'name') this.name(e.name, e.origin);
      if (e.kind === 'number' && !Number.isFinite(e.value))
        this.report('PL1008', 'this number is too large', e.origin);
      if (
        e.kind === 'binary' &&
        e.operator === '/' &&
        namesOf(e.right).size === 0 &&
        this.valueOf(e.right) === 0
      ) {
        this.report('PL1008', 'this divides by zero', e.right.origin);
      }
    });
  }

  private name(name: string, origin: Span): void {
    const { kind } = this.definition;
    this.used.add(name);
    if (this.parameters.some((p) => p.name === name)) return;
    if (kind === 'neuron' ? name === 'I' : name === 'w' || name === 'm') return;
    const variable = this.variables.get(name);
    if (variable) {
      if (!this.assigned.has(name)) variable.persistent = true;
      return;
    }
    if (this.locals.has(name)) {
      if (!this.assigned.has(name))
        this.report('PL1003', `${name} is read before it is defined`, origin);
      return;
    }
    if (kind === 'rule' && /^[xy]/.test(name)) {
      const known = this.signals.get(name);
      if (!known) this.signals.set(name, { name, side: name[0] === 'x' ? 'pre' : 'post', origin });
      return;
    }
    this.unknown(name, origin);
  }

  private unknown(name: string, origin: Span): void {
    const own = kindNames(this.definition.kind);
    const known = [
      ...this.parameters.map((p) => p.name),
      ...this.variables.keys(),
      ...this.locals,
      ...own,
    ];
    const near = nearestNames(name, known);
    const hint = this.definition.kind === 'rule' ? ' (signals of neurons begin with x or y)' : '';
    const help =
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : `known names: ${known.join(', ')}${hint}`;
    this.report('PL1003', `there is no ${name} here`, origin, help);
  }

  /** The value of an expression that may read nothing. */
  private constant(expression: Expression): number {
    for (const name of namesOf(expression)) {
      this.report('PL1009', `a default is a number; ${name} is not known yet`, expression.origin);
    }
    const value = this.valueOf(expression);
    if (!Number.isFinite(value)) this.report('PL1008', `this is ${value}`, expression.origin);
    return value;
  }

  private valueOf(expression: Expression): number {
    return evaluate(expression, () => 0, FLOAT64);
  }

  private modelVariables(): ModelVariable[] {
    return [...this.variables].map(([name, v]) => ({ name, ...v }));
  }

  private neuron(definition: NeuronDefinition): NeuronModel {
    const { kind, name, origin } = definition;
    const value = this.variables.has('value') ? 'value' : 'spike';
    if (!this.variables.has(value)) {
      this.report(
        'PL1006',
        `the neuron ${name} assigns neither spike nor value, so it sends nothing`,
        origin,
        'add `spike <- v > threshold`, or `value <- …` for a graded neuron',
      );
    }
    const text = printDefinition(definition);
    return {
      kind,
      name,
      text,
      parameters: this.parameters,
      variables: this.modelVariables(),
      updates: this.updates,
      value,
    };
  }

  private rule(definition: RuleDefinition): RuleModel {
    const { kind, name, dw, normalizations } = definition;
    for (const n of normalizations) {
      if (n.kind === 'clip' && !(n.low < n.high))
        this.report('PL1008', `clip needs LOW < HIGH, not ${n.low} ${n.high}`, n.origin);
      if (n.kind === 'decay' && !(n.rate >= 0 && n.rate <= 1))
        this.report('PL1008', `decay needs a rate from 0 to 1, not ${n.rate}`, n.origin);
    }
    return {
      kind,
      name,
      text: printDefinition(definition),
      parameters: this.parameters,
      signals: [...this.signals.values()],
      usesModulator: this.used.has('m'),
      variables: this.modelVariables(),
      updates: this.updates,
      dw,
      normalizations,
    };
  }
}

const kindNames = (kind: 'neuron' | 'rule'): string[] => (kind === 'neuron' ? ['I'] : ['w', 'm']);
