import { type DiagnosticCode, diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type DiagnosticBag,
  didYouMean,
  type Span,
} from '../../compiler/diagnostics/diagnostic.js';
import {
  type Definition,
  type Expression,
  FUNCTIONS,
  type NeuronDefinition,
  type Normalization,
  type RuleDefinition,
  type Statement,
} from './ast.js';
import { badConstants } from './check-constants.js';
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

/** Names that can be read and never declared, and what to write instead. */
const MEANINGS: Record<Definition['kind'], Readonly<Record<string, string>>> = {
  neuron: { I: '`I` is the summed current of the step; keep it in another name' },
  rule: {
    w: 'the weight changes by `dw = …`, and by `normalize`',
    m: '`m` is the modulator that the task returned',
    dw: 'write `dw = …`, with an equals sign and without conditions',
    I: 'a rule reads no current; bind a signal `y_NAME` to a variable of the neuron',
  },
};
const READABLE: Record<Definition['kind'], readonly string[]> = {
  neuron: ['I'],
  rule: ['w', 'm'],
};

/** Resolves the names of a definition; faults go to the bag, `lines` are those of the text that it came from. */
export function checkDefinition(
  definition: Definition,
  lines: readonly string[],
  bag: DiagnosticBag,
): NeuronModel | RuleModel {
  return new Checker(definition, lines, bag).run();
}

interface DeclaredVariable {
  readonly initial: number;
  persistent: boolean;
  readonly origin: Span;
}

class Checker {
  private readonly parameters = new Map<string, ModelParameter>();
  private readonly variables = new Map<string, DeclaredVariable>();
  private readonly locals = new Set<string>();
  /** Assigned so far in the step, under whatever condition; `always`: under none. */
  private readonly assigned = new Set<string>();
  private readonly always = new Set<string>();
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
    this.reportUnused();
    return definition.kind === 'neuron' ? this.neuron(definition) : this.rule(definition);
  }

  private report(code: DiagnosticCode, message: string, span: Span, help?: string): void {
    const source = this.lines[span.line - 1] ?? '';
    this.bag.add(diagnostic(code, message, { span, source, ...(help ? { help } : {}) }));
  }

  private declareParameters(): void {
    const { kind, parameters } = this.definition;
    for (const { name, scope, default: value, origin } of parameters) {
      this.declare(name, origin);
      if (kind === 'neuron' && scope === 'synapse') {
        const help = 'write `per neuron`, or put it into the rule';
        this.report('PL1011', `a neuron has no value per synapse for \`${name}\``, origin, help);
      }
      const number = value && this.constant(value);
      this.parameters.set(name, { name, scope, default: number, origin });
    }
  }

  private declareVariables(): void {
    const { states, statements } = this.definition;
    for (const { name, initial, origin } of states) {
      this.declare(name, origin);
      this.variables.set(name, { initial: this.constant(initial), persistent: true, origin });
    }
    for (const { kind, target, origin } of statements) {
      if (this.variables.has(target) && kind === 'update') continue;
      this.declare(target, { ...origin, length: target.length });
      if (kind === 'update') this.variables.set(target, { initial: 0, persistent: false, origin });
      else this.locals.add(target);
    }
  }

  private declare(name: string, origin: Span): void {
    const { kind } = this.definition;
    const meaning = Object.hasOwn(MEANINGS[kind], name) ? MEANINGS[kind][name] : undefined;
    if (meaning !== undefined) {
      this.report(
        'PL1005',
        `\`${name}\` cannot be declared or assigned in a ${kind}`,
        origin,
        meaning,
      );
    } else if (Object.hasOwn(FUNCTIONS, name) || name === '__proto__') {
      this.report('PL1005', `\`${name}\` cannot be declared: it is a word of the language`, origin);
    } else if (this.parameters.has(name)) {
      const help = 'a parameter is constant; give the variable another name';
      this.report('PL1004', `\`${name}\` is declared already, as a parameter`, origin, help);
    } else if (this.variables.has(name) || this.locals.has(name)) {
      const what = this.variables.has(name) ? 'a variable' : 'a local name';
      this.report('PL1004', `\`${name}\` is declared already, as ${what}`, origin);
    } else if (kind === 'rule' && /^[xy]/.test(name)) {
      const message = `\`${name}\` begins with ${name[0]}, as signals of neurons do; a rule cannot assign it`;
      this.report('PL1005', message, origin);
    }
  }

  private statement(statement: Statement): void {
    const { kind, target, value, origin } = statement;
    const local = kind === 'define';
    const condition = kind === 'update' ? statement.condition?.expression : undefined;
    const stated = kind === 'update' ? statement.stated : undefined;
    this.expression(value, target);
    if (condition) this.expression(condition, target);
    this.assigned.add(target);
    if (!condition) this.always.add(target);
    this.updates.push({ target, local, value, condition, stated, origin });
  }

  /** Resolves the names of an expression; `target` is what it is assigned to. */
  private expression(expression: Expression, target?: string): void {
    forEachNode(expression, (e) => {
      if (e.kind === 'name') this.name(e.name, e.origin, target);
    });
    this.constants(expression);
  }

  private constants(expression: Expression): void {
    for (const { message, span } of badConstants(expression)) this.report('PL1008', message, span);
  }

  private name(name: string, origin: Span, target: string | undefined): void {
    const { kind } = this.definition;
    this.used.add(name);
    if (this.parameters.has(name) || READABLE[kind].includes(name)) return;
    const variable = this.variables.get(name);
    if (variable) {
      // A variable that its own update reads builds on the step before, where only a condition assigned it so far.
      const before = name === target ? this.always : this.assigned;
      if (!before.has(name)) variable.persistent = true;
    } else if (this.locals.has(name)) {
      if (this.assigned.has(name)) return;
      this.report('PL1003', `\`${name}\` is read before it is defined`, origin);
    } else if (kind === 'rule' && /^[xy]/.test(name)) {
      if (this.signals.has(name)) return;
      this.signals.set(name, { name, side: name[0] === 'x' ? 'pre' : 'post', origin });
    } else {
      this.report('PL1003', `there is no \`${name}\` here`, origin, this.helpForUnknown(name));
    }
  }

  private helpForUnknown(name: string): string {
    const { kind } = this.definition;
    if (kind === 'rule' && name === 'I') return MEANINGS.rule['I']!;
    const known = [
      ...this.parameters.keys(),
      ...this.variables.keys(),
      ...this.locals,
      ...READABLE[kind],
    ];
    const signals = kind === 'rule' ? ' (and signals, which begin with x or y)' : '';
    return didYouMean(name, known, `known names${signals}`);
  }

  private reportUnused(): void {
    const { name: owner, statements, states } = this.definition;
    for (const { name, origin } of this.parameters.values()) {
      if (this.used.has(name)) continue;
      this.report('PL1007', `the parameter \`${name}\` of \`${owner}\` is not used`, origin);
    }
    for (const { kind, target, origin } of statements) {
      if (kind === 'define' && !this.used.has(target))
        this.report('PL1007', `the local name \`${target}\` of \`${owner}\` is not used`, origin);
    }
    for (const { name, origin } of states) {
      if (!statements.some((s) => s.target === name))
        this.report('PL1007', `the variable \`${name}\` of \`${owner}\` is never assigned`, origin);
    }
  }

  /** The value of an expression that may read nothing. */
  private constant(expression: Expression): number {
    for (const name of namesOf(expression)) {
      const message = `a default or initial value is a constant; it cannot read \`${name}\``;
      this.report('PL1009', message, expression.origin);
    }
    this.constants(expression);
    return evaluate(expression, () => 0, FLOAT64);
  }

  private modelVariables(): ModelVariable[] {
    return [...this.variables].map(([name, v]) => ({ name, ...v }));
  }

  private neuron(definition: NeuronDefinition): NeuronModel {
    const { kind, name, origin } = definition;
    const value = this.variables.has('value') ? 'value' : 'spike';
    if (!this.variables.has(value)) {
      const help = this.locals.has('value')
        ? '`value` is a local name here; write `value <- …`'
        : 'add `spike <- v > threshold`, or `value <- …` for a graded neuron';
      const message = `the neuron \`${name}\` assigns neither \`spike\` nor \`value\`, so it sends nothing`;
      this.report('PL1006', message, origin, help);
    }
    return {
      kind,
      name,
      text: printDefinition(definition),
      parameters: [...this.parameters.values()],
      variables: this.modelVariables(),
      updates: this.updates,
      value,
    };
  }

  private rule(definition: RuleDefinition): RuleModel {
    const { kind, name, dw, normalizations } = definition;
    for (const n of normalizations) this.normalization(n);
    return {
      kind,
      name,
      text: printDefinition(definition),
      parameters: [...this.parameters.values()],
      signals: [...this.signals.values()],
      usesModulator: this.used.has('m'),
      variables: this.modelVariables(),
      updates: this.updates,
      dw,
      normalizations,
    };
  }

  private normalization(n: Normalization): void {
    if (n.kind === 'clip' && !(n.high - n.low > 0 && Number.isFinite(n.high - n.low)))
      this.report('PL1008', `\`clip\` needs LOW < HIGH, not ${n.low} ${n.high}`, n.origin);
    if (n.kind === 'decay' && !(n.rate >= 0 && n.rate <= 1))
      this.report('PL1008', `\`decay\` needs a rate from 0 to 1, not ${n.rate}`, n.origin);
  }
}
