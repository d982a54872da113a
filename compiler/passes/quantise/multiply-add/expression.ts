import type { Expression } from '../../../../src/equations/ast.js';
import { printExpression } from '../../../../src/equations/print.js';
import { compare, integer, type Ranged, select, unary } from '../../../analysis/ranged.js';
import { diagnostic } from '../../../diagnostics/catalogue.js';
import { fail, type Span } from '../../../diagnostics/diagnostic.js';
import type { FixedComparison } from '../../../levels/fixed/fixed.js';
import { type Format, signed, toReal } from '../../../levels/numbers/format.js';
import { toInteger } from '../../../levels/numbers/rounding.js';
import type { MultiplyAddArithmetic } from '../../../target.js';
import { wholeBits } from '../formats.js';
import { constantOf, shortest, stored } from './goals.js';
import { narrowedTo } from './narrowed.js';
import { operandOf, Planner } from './plan.js';
import { type HeldCoefficient, type Leaf, type Polynomial, sumBound } from './polynomial.js';
import { polynomialOf, staticValue, type TermScope } from './terms.js';
import { comparedDifference } from './variable-formats.js';

/** What names mean while the equations of one population are lowered. */
export interface NeuronScope {
  readonly arithmetic: MultiplyAddArithmetic;
  readonly terms: Omit<TermScope, 'leaf' | 'held'>;
  /** A variable, a local or `I`. */
  read(name: string, origin: Span): Leaf;
  held(coefficient: Expression, values: Float64Array): HeldCoefficient;
  /** Declares the fields of held coefficients with the formats that they got. */
  declare(fractions: ReadonlyMap<string, number>): void;
}

/** Errors that nobody notices beside the rounding of a result, in halves of its last place. */
const TOLERANCE = 4;

/** Lowers expressions of neurons: every node group that rounds or chooses is one instruction. */
export class ExpressionLowering {
  private readonly planner = new Planner(true);

  constructor(private readonly scope: NeuronScope) {}

  /** The value of an expression in a format. */
  value(e: Expression, format: Format, rounding: 'nearest' | 'floor' = 'nearest'): Ranged {
    const constant = this.static(e, format);
    if (constant) return constant;
    return this.sum(this.polynomial(e), format, rounding, e.origin);
  }

  /** A sum of products in a format. */
  sum(polynomial: Polynomial, format: Format, rounding: 'nearest' | 'floor', origin: Span): Ranged {
    const constant = constantOf(polynomial, format, origin);
    if (constant) return constant;
    const whole = operandOf(polynomial);
    if (whole?.kind === 'leaf' && whole.shift === 0) {
      const { value } = whole.leaf;
      if (value.e.format.fraction === format.fraction) return value;
    }
    const goal = stored(format, rounding, origin);
    const { arithmetic } = this.scope;
    const tolerance = TOLERANCE * 2 ** (-format.fraction - 1);
    const emitted = shortest(polynomial, this.planner, goal, tolerance, arithmetic, origin);
    this.scope.declare(emitted.fractions);
    return emitted.value;
  }

  /** An expression as a test: what is not 0 holds. */
  condition(e: Expression): Ranged {
    const { origin } = e;
    if (comparedDifference(e)) return this.comparison(e as Binary);
    if (e.kind === 'unary' && e.operator === 'not') return this.not(e.operand, origin);
    if (e.kind === 'binary' && (e.operator === 'and' || e.operator === 'or'))
      return this.logical(e);
    const constant = this.static(e, signed(16, 0));
    return constant ?? this.operand(e);
  }

  polynomial(e: Expression): Polynomial {
    const { terms, held } = this.scope;
    return polynomialOf(e, { ...terms, held, leaf: (factor) => this.leaf(factor) });
  }

  /** 1 or 0. */
  private truth(e: Expression): Ranged {
    const value = this.condition(e);
    if (value.low >= 0 && value.high <= 1 && value.e.format.fraction === 0) return value;
    return select(value, integer(1, 0, e.origin), integer(0, 0, e.origin), e.origin);
  }

  private not(operand: Expression, origin: Span): Ranged {
    return select(this.condition(operand), integer(0, 0, origin), integer(1, 0, origin), origin);
  }

  private logical(e: Binary): Ranged {
    const { origin } = e;
    const first = this.condition(e.left);
    const second = this.truth(e.right);
    return e.operator === 'and'
      ? select(first, second, integer(0, 0, origin), origin)
      : select(first, integer(1, 0, origin), second, origin);
  }

  /** A constant, or one value per neuron, in a format. */
  private static(e: Expression, format: Format): Ranged | undefined {
    const value = staticValue(e, this.scope.terms);
    if (value === undefined) return undefined;
    if (typeof value === 'number')
      return integer(toInteger(value, format), format.fraction, e.origin);
    return this.heldAt(this.scope.held(e, value), format.fraction);
  }

  /** A held coefficient with a binary point that is given. */
  private heldAt(held: HeldCoefficient, fraction: number): Ranged {
    this.scope.declare(new Map([[held.key, fraction]]));
    return held.read(fraction);
  }

  private leaf(factor: Expression): Leaf {
    if (factor.kind === 'name') return this.scope.read(factor.name, factor.origin);
    const value = this.computed(factor);
    const bound = Math.max(
      Math.abs(toReal(value.low, value.e.format)),
      Math.abs(toReal(value.high, value.e.format)),
    );
    return { key: printExpression(factor), value, bound, special: false, subtrahend: true };
  }

  /** What is no sum of products. */
  private computed(e: Expression): Ranged {
    const { origin } = e;
    if (e.kind === 'binary' && e.operator === '/') return divisionRefused(e);
    if (e.kind !== 'call') return this.condition(e);
    const [first, second] = e.arguments;
    switch (e.function) {
      case 'sign':
        return unary('sign', this.operand(first!), origin);
      case 'abs': {
        const operand = this.operand(first!);
        const format = signed(this.scope.arithmetic.operandBits, operand.e.format.fraction);
        return narrowedTo(unary('absolute', operand, origin), format, 'floor', origin);
      }
      case 'min':
      case 'max':
        return this.extreme(e.function === 'min' ? '<' : '>', first!, second!, origin);
      default: {
        const message = `the target has no table for \`${e.function}\` of a varying value`;
        const help =
          'write it with sums, products and comparisons, or compile for a target that has tables (plastron targets)';
        return fail(diagnostic('PL3002', message, { span: origin, help }));
      }
    }
  }

  private extreme(
    operator: FixedComparison,
    first: Expression,
    second: Expression,
    origin: Span,
  ): Ranged {
    const [a, b] = this.aligned(first, second);
    return select(compare(operator, a, b, origin), a, b, origin);
  }

  /** Two values with one binary point; a constant takes that of the other. */
  aligned(first: Expression, second: Expression): [Ranged, Ranged] {
    if (staticValue(first, this.scope.terms) !== undefined) {
      const b = this.operand(second);
      return [this.static(first, b.e.format)!, b];
    }
    const a = this.operand(first);
    const constant = this.static(second, a.e.format);
    if (constant) return [a, constant];
    const b = this.operand(second);
    const fraction = Math.min(a.e.format.fraction, b.e.format.fraction);
    const format = signed(this.scope.arithmetic.operandBits, fraction);
    return [this.value(first, format), this.value(second, format)];
  }

  /** A value with as many fraction bits as fit. */
  private operand(e: Expression): Ranged {
    return this.natural(this.polynomial(e), e.origin);
  }

  private natural(polynomial: Polynomial, origin: Span): Ranged {
    const whole = operandOf(polynomial);
    if (whole?.kind === 'leaf' && whole.shift === 0) return whole.leaf.value;
    const { operandBits } = this.scope.arithmetic;
    const fraction = operandBits - 1 - wholeBits(sumBound(polynomial));
    return this.sum(polynomial, signed(operandBits, fraction), 'nearest', origin);
  }

  /** `left op right`: what varies on one side, a constant on the other. */
  private comparison(e: Binary): Ranged {
    const { origin } = e;
    const operator = e.operator as FixedComparison;
    const all = this.polynomial(comparedDifference(e)!);
    const isConstant = (t: Polynomial[number]): boolean => t.factors.length === 0;
    const constants = all.filter(isConstant);
    const varying = all.filter((t) => !isConstant(t));
    if (varying.length === 0) {
      const value = this.natural(constants, origin);
      return compare(operator, value, integer(0, value.e.format.fraction, origin), origin);
    }
    const two = constants.length === 0 ? this.pair(varying) : undefined;
    if (two) return compare(operator, ...two, origin);
    const [only] = varying;
    const single = varying.length === 1 && only!.held === undefined && only!.number < 0;
    const flipped = single ? negated(varying) : varying;
    const value = this.natural(flipped, origin);
    const bound = this.constantSum(single ? constants : negated(constants), value, origin);
    return compare(single ? FLIPPED[operator] : operator, value, bound, origin);
  }

  /** Two variables of which one is subtracted from the other. */
  private pair([first, second, ...rest]: Polynomial): [Ranged, Ranged] | undefined {
    if (!first || !second || rest.length > 0) return undefined;
    const positive = first.number > 0 ? first : second;
    const negative = positive === first ? second : first;
    const left = operandOf([positive]);
    const right = operandOf(negated([negative]));
    if (left?.kind !== 'leaf' || right?.kind !== 'leaf') return undefined;
    if (left.shift !== 0 || right.shift !== 0) return undefined;
    const [a, b] = [left.leaf.value, right.leaf.value];
    if (a.e.format.fraction !== b.e.format.fraction) return undefined;
    return [a, b];
  }

  /** The other side of a comparison, in the format of the first. */
  private constantSum(constants: Polynomial, value: Ranged, origin: Span): Ranged {
    const { fraction } = value.e.format;
    const format = signed(this.scope.arithmetic.operandBits, fraction);
    const [held] = constants.flatMap((t) => (t.held ? [t] : []));
    const constant = constantOf(constants, format, origin);
    if (constant) return constant;
    if (constants.length === 1 && held?.number === 1) return this.heldAt(held.held!, fraction);
    const number = constants.reduce((sum, t) => sum + (t.held ? 0 : t.number), 0);
    const values = constants.reduce(
      (sum, t) => (t.held ? sum.map((v, i) => v + t.number * t.held!.values[i]!) : sum),
      new Float64Array(held!.held!.values.length).fill(number),
    );
    const key = constants.map((t) => `${t.number}·${t.held?.key ?? 1}`).join(' + ');
    const name: Expression = { kind: 'name', name: key, origin };
    return this.heldAt(this.scope.held(name, values), fraction);
  }
}

type Binary = Expression & { readonly kind: 'binary' };

const negated = (polynomial: Polynomial): Polynomial =>
  polynomial.map((t) => ({ ...t, number: -t.number }));

/** The comparison of −a with −b. */
const FLIPPED: Readonly<Record<FixedComparison, FixedComparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

function divisionRefused(e: Binary): never {
  const message = 'the divisor changes while the network runs, and the target has no divider';
  const help = 'divide by a parameter or a number, or multiply by a function of the value instead';
  return fail(diagnostic('PL2003', message, { span: e.right.origin, help }));
}
