import type { Expression } from '../../../../src/equations/ast.js';
import type { Product, RuleModel } from '../../../../src/equations/model.js';
import { printExpression } from '../../../../src/equations/print.js';
import type { ParameterValue, Projection } from '../../../../src/network/network.js';
import { compare, convert, integer, type Ranged, read, select } from '../../../analysis/ranged.js';
import { diagnostic } from '../../../diagnostics/catalogue.js';
import { NOWHERE, type Span } from '../../../diagnostics/diagnostic.js';
import type { FixedField, FixedRule, FixedTerm, FixedUpdate } from '../../../levels/fixed/fixed.js';
import { type Format, maximumOf, minimumOf, signed } from '../../../levels/numbers/format.js';
import { toInteger } from '../../../levels/numbers/rounding.js';
import type { PassContext } from '../../../pass.js';
import { multiplyAddOf } from '../../../target.js';
import { HEADROOM } from '../formats.js';
import { clipOf, productsOf, termName } from '../rule.js';
import { constantOf, learned, shortest, stored } from './goals.js';
import { Planner } from './plan.js';
import {
  boundOf,
  type HeldCoefficient,
  keyOf,
  type Leaf,
  type Polynomial,
  type Term,
} from './polynomial.js';
import { profilesOf } from './report.js';
import { heldCoefficient, staticValue, termOf } from './terms.js';

/** What the rule of one projection reads. */
export interface RuleScope {
  readonly context: PassContext;
  readonly projection: Projection;
  readonly rule: RuleModel;
  readonly weight: FixedField;
  readonly weightBound: number;
  /** Per-synapse variables of the rule. */
  readonly fields: readonly FixedField[];
  readonly columns: ArrayLike<number>;
  signal(name: string, origin: Span): Leaf;
  modulator(origin: Span): Leaf;
  scale(origin: Span): Leaf | undefined;
}

/** One product of a rule: its term, and where it came from. */
interface RuleTerm {
  readonly target: string;
  readonly product: Product;
  readonly term: Term;
}

/** The rule as instructions: Horner forms, each variable rounded stochastically once, the weight last. */
export function quantiseRule(scope: RuleScope): FixedRule {
  return new RuleLowering(scope).run();
}

class RuleLowering {
  private readonly arithmetic;
  private readonly terms: RuleTerm[] = [];
  private readonly held: HeldCoefficient[] = [];
  private readonly fractions = new Map<string, number>();
  /** Largest magnitudes of whole products in the calibration, by term. */
  private readonly seen = new Map<string, number>();
  private readonly planner: Planner;

  constructor(private readonly scope: RuleScope) {
    this.arithmetic = multiplyAddOf(scope.context.capabilities);
    this.planner = new Planner(false, (polynomial) =>
      polynomial.reduce(
        (sum, t) => sum + Math.min(boundOf(t), this.seen.get(keyOf(t)) ?? Infinity),
        0,
      ),
    );
  }

  run(): FixedRule {
    const { rule, projection } = this.scope;
    const variables = rule.updates.filter((u) => !u.local).map((u) => u.target);
    const updates = [...new Set(variables), 'w'].map((target, i) => this.update(target, i));
    this.checkHeld();
    const terms = this.terms.map((t) => this.fixedTerm(t));
    return {
      every: projection.every,
      updates,
      terms,
      ...profilesOf(
        this.scope,
        this.terms.map(({ target, product }) => termName(target, product)),
        terms,
      ),
    };
  }

  private update(target: string, operation: number): FixedUpdate {
    const { rule, weight } = this.scope;
    const products = productsOf(rule, target);
    const field = target === 'w' ? weight : this.field(target)!;
    const origin = products[0]?.origin ?? rule.normalizations[0]?.origin ?? NOWHERE;
    const added = products.map((product) => {
      const term = this.termOf(target, product);
      this.terms.push({ target, product, term });
      return term;
    });
    const sum = merged([this.base(target, origin), ...added]);
    const value =
      target === 'w'
        ? this.weightValue(sum, operation, origin)
        : this.rounded(sum, target, field.format, operation, origin);
    return { target: field.name, value: value.e, origin };
  }

  /** What a variable was before: for weights times the scale of the projection. */
  private base(target: string, origin: Span): Term {
    const factors = target === 'w' ? this.weightFactors(origin) : [this.leaf(target, origin)];
    return { number: 1, held: undefined, factors };
  }

  private weightFactors(origin: Span): Leaf[] {
    const { weight, weightBound } = this.scope;
    const scale = this.scope.scale(origin);
    const own = leafOf('w', read('weight', weight.format, origin), weightBound);
    return scale ? [own, scale] : [own];
  }

  private termOf(target: string, product: Product): Term {
    const { context, projection } = this.scope;
    const { coefficient, factors } = product;
    const scope = {
      parameters: projection.parameters,
      owner: projection.name,
      target: context.target,
    };
    const value: ParameterValue = staticValue(coefficient, scope)!;
    const leaves = factors.flatMap((f) => this.factor(f));
    const held = (e: Expression, values: Float64Array): HeldCoefficient => this.hold(e, values);
    const term = termOf(coefficient, value, leaves, { held });
    const range = context.calibration.find('term', projection.name, termName(target, product));
    if (range && range.maximumAbsolute > 0)
      this.seen.set(keyOf(term), HEADROOM * range.maximumAbsolute);
    return term;
  }

  private hold(e: Expression, values: Float64Array): HeldCoefficient {
    const bits = this.scope.context.options.coefficientBits;
    const name = `k${this.held.length}`;
    const made = heldCoefficient(name, values, bits, () => name, e.origin);
    this.held.push(made);
    return made;
  }

  private factor(factor: Expression): Leaf[] {
    const { origin } = factor;
    if (factor.kind === 'name') {
      const { name } = factor;
      if (name === 'w') return this.weightFactors(origin);
      if (name === 'm') return [this.scope.modulator(origin)];
      return [this.field(name) ? this.leaf(name, origin) : this.scope.signal(name, origin)];
    }
    this.scope.context.report(
      diagnostic(
        'PL3003',
        `the learning engine cannot compute ${printExpression(factor)} in a rule`,
        {
          span: origin,
          help: 'compute it in the neuron as a variable and bind a signal x_NAME or y_NAME to it',
        },
      ),
    );
    return [];
  }

  private field(symbol: string): FixedField | undefined {
    return this.scope.fields.find((f) => f.symbol === symbol);
  }

  private leaf(symbol: string, origin: Span): Leaf {
    const { name, format } = this.field(symbol)!;
    const value = read(name, format, origin);
    return leafOf(symbol, value, maximumOf(format) / 2 ** format.fraction);
  }

  /** A sum in the format of a variable. */
  private rounded(
    sum: Polynomial,
    target: string,
    format: Format,
    operation: number,
    origin: Span,
  ): Ranged {
    const constant = constantOf(sum, format, origin);
    if (constant) return constant;
    const { randomBits } = this.arithmetic;
    const isKept =
      sum.length === 1 && sum[0]!.number === 1 && sum[0]!.factors.length === 1 && !sum[0]!.held;
    const goal = isKept
      ? stored(format, 'floor', origin)
      : learned(format, operation, randomBits, origin);
    const tolerance = 2 ** (-format.fraction - TOLERATED_BITS);
    const emitted = shortest(sum, this.planner, goal, tolerance, this.arithmetic, origin, target);
    for (const [key, fraction] of emitted.fractions) this.fractions.set(key, fraction);
    return emitted.value;
  }

  /** The new weight, brought within the clip of the rule where its format does not do so. */
  private weightValue(sum: Polynomial, operation: number, origin: Span): Ranged {
    const { rule, weight } = this.scope;
    const { format } = weight;
    const clip = clipOf(rule);
    const low = clip ? toInteger(clip.low, format) : minimumOf(format);
    const high = clip ? toInteger(clip.high, format) : maximumOf(format);
    if (low <= minimumOf(format) && high >= maximumOf(format))
      return this.rounded(sum, 'w', format, operation, origin);
    const wide = signed(this.arithmetic.operandBits, format.fraction);
    let value = this.rounded(sum, 'w', wide, operation, origin);
    const bounds = [
      ...(low > minimumOf(format) ? [{ bound: low, operator: '<' as const }] : []),
      ...(high < maximumOf(format) ? [{ bound: high, operator: '>' as const }] : []),
    ];
    for (const { bound, operator } of bounds) {
      const limit = integer(bound, format.fraction, origin);
      value = select(compare(operator, value, limit, origin), limit, value, origin);
    }
    return convert(value, format, 'floor', 'saturate', origin);
  }

  private checkHeld(): void {
    const { context, projection, rule } = this.scope;
    const most = this.arithmetic.coefficients;
    if (this.held.length <= most) return;
    const message = `the rule ${rule.name} of ${projection.name} has ${this.held.length} products with a coefficient per synapse; ${context.target} holds ${most}`;
    const help = 'make some of its parameters scalars';
    context.report(diagnostic('PL3003', message, { span: rule.parameters[0]?.origin, help }));
  }

  private fixedTerm({ target, product, term }: RuleTerm): FixedTerm {
    const { coefficient, origin } = product;
    const fraction = term.held && this.fractions.get(term.held.key);
    if (!term.held) return { target, coefficient, scale: 1, words: [], origin };
    const words = [{ mantissa: term.held.key, exponent: undefined }];
    return { target, coefficient, scale: 2 ** (fraction ?? 0), words, origin };
  }
}

/** Errors below a weight's last place by so many bits are no reason for another instruction. */
const TOLERATED_BITS = 6;

const leafOf = (key: string, value: Ranged, bound: number): Leaf => ({
  key,
  value,
  bound,
  special: false,
  subtrahend: false,
});

/** Products of the same factors with numbers alone become one. */
function merged(terms: readonly Term[]): Polynomial {
  const result: Term[] = [];
  for (const term of terms) {
    const key = keyOf({ ...term, number: 1 });
    const at = result.findIndex((t) => !t.held && !term.held && keyOf({ ...t, number: 1 }) === key);
    if (at < 0) result.push(term);
    else result[at] = { ...term, number: term.number + result[at]!.number };
  }
  return result.filter((t) => t.number !== 0);
}
