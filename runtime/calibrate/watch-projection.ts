import { productsOf, termName } from '../../compiler/passes/quantise/rule.js';
import { evaluateOver } from '../../compiler/passes/quantise/static.js';
import type { Expression, Scope } from '../../src/equations/ast.js';
import { type Arithmetic, evaluate } from '../../src/equations/evaluate.js';
import type { Product, RuleModel } from '../../src/equations/model.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import type { Network, ParameterValue, Projection } from '../../src/network/network.js';
import { columnsOf, rowStarts } from '../../src/network/synapses.js';
import { type Assignments, repeatAssignments, type Values } from './assignments.js';
import type { Gauge, Gauges } from './ranges.js';
import type { Watcher } from './watch-population.js';

/** Watches a projection: weights, and what its rule computes on the way to them. */
export function watchProjection(
  machine: Machine,
  network: Network,
  projection: Projection,
  gauges: Gauges,
  arithmetic: Arithmetic,
): Watcher {
  const { name, rule } = projection;
  const probe: Probe = { kind: 'weight', projection: name };
  const weights = gauges.gauge('weight', name, 'w');
  const learner = rule && new RuleWatcher(machine, network, projection, rule, gauges, arithmetic);
  return {
    reset: () => {
      for (const w of machine.read(probe)) weights.widen(w);
      learner?.reset();
    },
    before: () => learner?.before(),
    after: (modulator) => {
      for (const w of machine.read(probe)) weights.take(w);
      learner?.after(modulator);
    },
  };
}

interface Term {
  readonly expression: Expression;
  readonly gauge: Gauge;
}

/** Repeats a rule synapse by synapse, from the state before the step and the signals after it. */
class RuleWatcher implements Watcher {
  private readonly variables: ReadonlyMap<string, Gauge>;
  private readonly locals: ReadonlyMap<string, Gauge>;
  /** Products of `w` and of each per-synapse variable. */
  private readonly terms: ReadonlyMap<string, readonly Term[]>;
  private readonly change: Gauge | undefined;
  private readonly changed: Gauge | undefined;
  private readonly rowStart: Uint32Array;
  private readonly columns: Uint32Array;
  /** Of parameters; everything else is per synapse. */
  private readonly scopes: ReadonlyMap<string, Scope>;
  /** What the rule reads of each synapse before a step. */
  private readonly state = new Map<string, Float64Array>();
  private readonly values: Values = new Map();
  private step = 0;

  constructor(
    private readonly machine: Machine,
    network: Network,
    private readonly projection: Projection,
    private readonly rule: RuleModel,
    gauges: Gauges,
    private readonly arithmetic: Arithmetic,
  ) {
    const owner = projection.name;
    const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
    this.rowStart = rowStarts(projection, sizeOf(projection.pre), sizeOf(projection.post));
    this.columns = columnsOf(projection, sizeOf(projection.pre), sizeOf(projection.post));
    this.scopes = new Map(rule.parameters.map((p) => [p.name, p.scope]));
    this.variables = new Map(
      rule.variables.map(({ name }) => [name, gauges.gauge('synapse', owner, name)]),
    );
    const locals = new Set(rule.updates.filter((u) => u.local).map((u) => u.target));
    this.locals = new Map([...locals].map((name) => [name, gauges.gauge('local', owner, name)]));
    const targets = new Set(rule.updates.filter((u) => !u.local).map((u) => u.target)).add('w');
    this.terms = new Map(
      [...targets].map((target) => [
        target,
        productsOf(rule, target).map((product) => ({
          expression: productExpression(product),
          gauge: gauges.gauge('term', owner, termName(target, product)),
        })),
      ]),
    );
    this.change = rule.dw && gauges.gauge('change', owner, 'dw');
    this.changed = rule.dw && gauges.gauge('local', owner, 'w + dw');
  }

  reset(): void {
    this.step = 0;
    for (const { name } of this.rule.parameters) this.state.set(name, this.read(name));
    for (const [name, gauge] of this.variables) for (const v of this.read(name)) gauge.widen(v);
  }

  before(): void {
    for (const { name } of this.rule.variables) this.state.set(name, this.read(name));
    this.state.set('w', this.machine.read({ kind: 'weight', projection: this.projection.name }));
  }

  after(modulator: number): void {
    const { machine, projection, rule } = this;
    const runs = machine.learning && (this.step + 1) % projection.every === 0;
    this.step++;
    const m = this.arithmetic.round(modulator);
    if (runs && rule.updates.length === 0) this.repeatAll(rule, m);
    else if (runs) this.repeat(rule, m);
    for (const [name, gauge] of this.variables) for (const v of this.read(name)) gauge.take(v);
  }

  /** Every synapse at once, for a rule that is its dw alone; samples are taken as `repeat` takes them. */
  private repeatAll({ dw }: RuleModel, m: number): void {
    if (!dw) return;
    const names: Record<string, ParameterValue> = { m };
    for (const [name, values] of this.state) {
      const scope = this.scopes.get(name) ?? 'synapse';
      if (scope === 'synapse') names[name] = values;
      else names[name] = scope === 'scalar' ? values[0]! : this.atPost(values);
    }
    for (const [name, { side, values }] of this.readSignals()) {
      names[name] = side === 'post' ? this.atPost(values) : this.atPre(values);
    }
    const terms = (this.terms.get('w') ?? []).map(({ expression, gauge }) => {
      return { gauge, values: evaluateOver(expression, names, this.arithmetic) };
    });
    const { round } = this.arithmetic;
    const changes = evaluateOver(dw, names, this.arithmetic);
    const w = this.state.get('w')!;
    const at = (values: ParameterValue, k: number): number =>
      typeof values === 'number' ? values : values[k]!;
    for (let k = 0; k < w.length; k++) {
      for (const { gauge, values } of terms) gauge.take(at(values, k));
      const change = round(at(changes, k));
      this.change!.take(change);
      this.changed!.take(round(w[k]! + change));
    }
  }

  private atPost(values: Float64Array): Float64Array {
    return Float64Array.from(this.columns, (column) => values[column]!);
  }

  private atPre(values: Float64Array): Float64Array {
    const spread = new Float64Array(this.columns.length);
    for (const [i, value] of values.entries()) {
      spread.fill(value, this.rowStart[i]!, this.rowStart[i + 1]!);
    }
    return spread;
  }

  /** Synapse by synapse. */
  private repeat(rule: RuleModel, modulator: number): void {
    const signals = this.readSignals();
    let [i, j, k] = [0, 0, 0];
    const read = (name: string): number => {
      if (name === 'm') return modulator;
      const signal = signals.get(name);
      if (signal) return signal.values[signal.side === 'pre' ? i : j]!;
      const scope = this.scopes.get(name) ?? 'synapse';
      return this.state.get(name)![scope === 'synapse' ? k : scope === 'neuron' ? j : 0]!;
    };
    const seen = (name: string): number => this.values.get(name) ?? read(name);
    const assignments: Assignments = {
      updates: rule.updates,
      variables: rule.variables,
      reached: ({ target }) => this.takeTerms(target, seen),
      assigned: ({ target, local }, value) => {
        if (local) this.locals.get(target)!.take(value);
        else this.variables.get(target)!.widen(value);
      },
    };
    for (; i + 1 < this.rowStart.length; i++) {
      for (k = this.rowStart[i]!; k < this.rowStart[i + 1]!; k++) {
        j = this.columns[k]!;
        this.values.clear();
        repeatAssignments(assignments, this.values, read, this.arithmetic);
        if (rule.dw) this.takeChange(rule.dw, seen);
      }
    }
  }

  private takeChange(dw: Expression, read: (name: string) => number): void {
    const { round } = this.arithmetic;
    this.takeTerms('w', read);
    const change = round(evaluate(dw, read, this.arithmetic));
    this.change!.take(change);
    this.changed!.take(round(read('w') + change));
  }

  private takeTerms(target: string, read: (name: string) => number): void {
    for (const { expression, gauge } of this.terms.get(target) ?? []) {
      gauge.take(evaluate(expression, read, this.arithmetic));
    }
  }

  private readSignals(): Map<string, { side: 'pre' | 'post'; values: Float64Array }> {
    const { pre, post, bindings } = this.projection;
    return new Map(
      bindings.map(({ signal, side, variable }) => {
        const population = side === 'pre' ? pre : post;
        const values = this.machine.read({ kind: 'variable', population, name: variable });
        return [signal, { side, values }];
      }),
    );
  }

  private read(name: string): Float64Array {
    return this.machine.read({ kind: 'synapse', projection: this.projection.name, name });
  }
}

function productExpression({ coefficient, factors }: Product): Expression {
  return factors.reduce(
    (left, right): Expression => ({
      kind: 'binary',
      operator: '*',
      left,
      right,
      origin: left.origin,
    }),
    coefficient,
  );
}
