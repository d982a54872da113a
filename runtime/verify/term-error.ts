import type { FixedExpression, FixedNetwork } from '../../compiler/levels/fixed/fixed.js';
import { toReal } from '../../compiler/levels/numbers/format.js';
import { productsOf, termName } from '../../compiler/passes/quantise/rule.js';
import { evaluateStatic } from '../../compiler/passes/quantise/static.js';
import { evaluate, FLOAT64 } from '../../src/equations/evaluate.js';
import type { Product } from '../../src/equations/model.js';
import type { Inputs, Machine } from '../../src/network/machine.js';
import type { Network, ParameterValue, Projection } from '../../src/network/network.js';
import { columnsOf } from '../../src/network/synapses.js';
import type { ObserveSynapse } from '../fixed/machine.js';
import type { TermRuleError } from './comparison.js';

/**
 * The error of every product of every rule: what the integer rule adds for it against its real value from the state that
 * the reference reached in the same step. `network` is the compiled one (folded, legal), whose products are those of `fixed`.
 */
export class TermErrors {
  private readonly projections: readonly ProjectionTerms[];

  constructor(network: Network, fixed: FixedNetwork) {
    this.projections = network.projections.flatMap((p, i) =>
      p.rule && fixed.projections[i]!.rule ? [new ProjectionTerms(network, p, fixed, i)] : [],
    );
  }

  /** What the fixed machine is to be watched with. */
  readonly observe: ObserveSynapse = (projection, synapse, expression, value) => {
    for (const p of this.projections) if (p.name === projection) p.take(synapse, expression, value);
  };

  /** Before a step, when the reference has the state of the fixed machine. */
  before(reference: Machine): void {
    for (const p of this.projections) p.before(reference);
  }

  after(reference: Machine, { modulator }: Inputs): void {
    for (const p of this.projections) p.after(reference, modulator);
  }

  /** One entry per product that a rule computed at least once, in the order of the rules. */
  results(): TermRuleError[] {
    return this.projections.flatMap((p) => p.results());
  }
}

/** A product of a rule: its real form, the sums of its integer words in this step, and the errors so far. */
interface Term {
  readonly name: string;
  readonly target: string;
  readonly product: Product;
  readonly coefficient: ParameterValue;
  readonly leastStep: number;
  readonly integer: Float64Array;
  max: number;
  squares: number;
  realSquares: number;
  compared: number;
}

class ProjectionTerms {
  readonly name: string;
  private readonly terms: readonly Term[];
  private readonly byNode = new Map<FixedExpression, Term>();
  private readonly columns: Uint32Array;
  private readonly rows: Uint32Array;
  /** Variables of the synapse in the order in which a step assigns them, `w` last. */
  private readonly targets: readonly string[];
  private state = new Map<string, Float64Array>();
  private ran = false;

  constructor(
    network: Network,
    private readonly projection: Projection,
    fixed: FixedNetwork,
    index: number,
  ) {
    this.name = projection.name;
    const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
    this.columns = columnsOf(projection, sizeOf(projection.pre), sizeOf(projection.post));
    const { rowStart, rule, weights, fields } = fixed.projections[index]!;
    this.rows = rowsOf(rowStart, this.columns.length);
    const variables = projection.rule!.variables.map((v) => v.name);
    const targets = rule!.terms.map((t) => t.target).filter((t) => t !== 'w');
    this.targets = [...new Set([...targets, ...variables]), 'w'];
    const remaining = new Map<string, readonly Product[]>();
    const nodes = rule!.updates.flatMap((u) => addends(u.value));
    this.terms = rule!.terms.map((term): Term => {
      const { target, words } = term;
      const [product, ...rest] = remaining.get(target) ?? productsOf(projection.rule!, target);
      remaining.set(target, rest);
      const field = target === 'w' ? weights : fields.find((f) => f.symbol === target)!;
      const made = {
        name: termName(target, product!),
        target,
        product: product!,
        coefficient: evaluateStatic(product!.coefficient, projection.parameters)!,
        leastStep: 2 ** -field.format.fraction,
        integer: new Float64Array(this.columns.length),
        max: 0,
        squares: 0,
        realSquares: 0,
        compared: 0,
      };
      for (const node of nodes.splice(0, words.length)) this.byNode.set(node, made);
      return made;
    });
  }

  take(synapse: number, expression: FixedExpression, value: number): void {
    const term = this.byNode.get(expression);
    if (!term) return;
    this.ran = true;
    term.integer[synapse]! += toReal(value, expression.format);
  }

  before(reference: Machine): void {
    this.ran = false;
    for (const { integer } of this.terms) integer.fill(0);
    this.state = new Map(this.targets.map((name) => [name, this.read(reference, name)]));
  }

  after(reference: Machine, modulator: number): void {
    if (!this.ran) return;
    const after = new Map(this.targets.map((name) => [name, this.read(reference, name)]));
    const signals = new Map(
      this.projection.bindings.map(({ signal, side, variable }) => {
        const values = reference.read({
          kind: 'variable',
          population: this.projection[side],
          name: variable,
        });
        return [signal, { values, at: side === 'pre' ? this.rows : this.columns }];
      }),
    );
    for (const term of this.terms) {
      const order = this.targets.indexOf(term.target);
      for (let k = 0; k < this.columns.length; k++) {
        const read = (name: string): number => {
          if (name === 'm') return modulator;
          const signal = signals.get(name);
          if (signal) return signal.values[signal.at[k]!]!;
          const assigned = this.targets.indexOf(name) < order;
          return (assigned ? after : this.state).get(name)![k]!;
        };
        compare(term, k, read);
      }
    }
  }

  results(): TermRuleError[] {
    return this.terms
      .filter((t) => t.compared > 0)
      .map(({ name, max, squares, realSquares, compared, leastStep }) => {
        const rms = Math.sqrt(squares / compared);
        return {
          projection: this.name,
          term: name,
          max,
          rms,
          maxSteps: max / leastStep,
          rmsSteps: rms / leastStep,
          relative: realSquares > 0 ? Math.sqrt(squares / realSquares) : 0,
          compared,
        };
      });
  }

  private read(reference: Machine, name: string): Float64Array {
    const projection = this.name;
    return reference.read(
      name === 'w' ? { kind: 'weight', projection } : { kind: 'synapse', projection, name },
    );
  }
}

function compare(term: Term, k: number, read: (name: string) => number): void {
  const { coefficient, product } = term;
  let real = typeof coefficient === 'number' ? coefficient : coefficient[k]!;
  for (const factor of product.factors) real *= evaluate(factor, read, FLOAT64);
  const error = term.integer[k]! - real;
  term.max = Math.max(term.max, Math.abs(error));
  term.squares += error * error;
  term.realSquares += real * real;
  term.compared++;
}

/** What the sum of an update adds to its variable, first to last: the products as `quantise` built them. */
function addends(value: FixedExpression): FixedExpression[] {
  switch (value.kind) {
    case 'add':
      return [...addends(value.left), value.right];
    case 'convert':
      return addends(value.operand);
    case 'minimum':
    case 'maximum':
      return addends(value.left);
    default:
      return [];
  }
}

/** The presynaptic neuron of each synapse. */
function rowsOf(rowStart: ArrayLike<number>, synapses: number): Uint32Array {
  const rows = new Uint32Array(synapses);
  for (let pre = 0; pre + 1 < rowStart.length; pre++) {
    rows.fill(pre, rowStart[pre]!, rowStart[pre + 1]!);
  }
  return rows;
}
