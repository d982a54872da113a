import {
  combine,
  integer,
  multiply,
  type Ranged,
  reinterpret,
  shiftLeft,
  widen,
} from '../../../analysis/ranged.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import { signed } from '../../../levels/numbers/format.js';
import type { MultiplyAddArithmetic } from '../../../target.js';
import { wholeBits } from '../formats.js';
import {
  type Emitted,
  EXACT,
  exponentOf,
  fractionAt,
  type Goal,
  isFixed,
  type MacOf,
  move,
} from './emitted.js';
import { narrowedTo } from './narrowed.js';
import { aboveOf, fractionOf, type Operand, spanOf } from './operand.js';
import type { Node } from './plan.js';

/** Gives every instruction of a tree its formats: as many fraction bits as shifts, operands and intermediate values allow. */
export class Emitter {
  constructor(
    private readonly arithmetic: MultiplyAddArithmetic,
    private readonly origin: Span,
    /** Errors up to it are no reason for another instruction. */
    private readonly tolerance: number,
  ) {}

  /** A whole tree; a sum that is an operand already is moved. */
  root(node: Node, goal: Goal): Emitted {
    return this.mac(node.kind === 'mac' ? node : move(node), goal);
  }

  /** An operand with at most `most` fraction bits. */
  private operand(o: Operand, most: number): Emitted {
    switch (o.kind) {
      case 'done':
        return fractionOf(o) <= most ? o.emitted : this.narrowed(o, most);
      case 'number': {
        const fraction = Math.min(most, fractionOf(o));
        const n = Math.floor(o.value * 2 ** fraction + 0.5);
        const error = Math.abs(n / 2 ** fraction - o.value);
        return { ...EXACT, value: integer(n, fraction, this.origin), error, bound: aboveOf(o) };
      }
      case 'leaf': {
        if (fractionOf(o) > most) return this.narrowed(o, most);
        const value = reinterpret(o.leaf.value, fractionOf(o), spanOf(o, this.origin));
        return { ...EXACT, value, bound: aboveOf(o) };
      }
      case 'held': {
        const fraction = Math.min(most, fractionOf(o)) + o.shift;
        const value = reinterpret(o.coefficient.read(fraction), fraction - o.shift, this.origin);
        const fractions = new Map([[o.coefficient.key, fraction]]);
        return {
          ...EXACT,
          value,
          error: 2 ** (o.shift - fraction - 1),
          bound: aboveOf(o),
          fractions,
        };
      }
      case 'mac':
        return this.mac(o, this.natural(o.bound, most));
    }
  }

  /** An operand of a difference: a field that has fewer bits is brought up. */
  private aligned(o: Operand, fraction: number): Emitted {
    if (!isFixed(o) || fractionOf(o) >= fraction) return this.operand(o, fraction);
    return this.forced(o, fraction);
  }

  /** An operand with exactly so many fraction bits, saturated where it does not fit. */
  private forced(o: Operand, fraction: number): Emitted {
    const goal = { ...this.natural(aboveOf(o), fraction), fraction, exact: true };
    return this.single(o.kind === 'mac' ? o : move(o), goal);
  }

  private narrowed(o: Operand, most: number): Emitted {
    return this.mac(move(o), this.natural(aboveOf(o), most));
  }

  /** 16 bits for a magnitude. */
  private natural(bound: number, most: number): Goal {
    const { operandBits } = this.arithmetic;
    return {
      fraction: Math.min(most, operandBits - 1 - wholeBits(bound)),
      exact: false,
      finish: (sum, fraction) =>
        narrowedTo(sum, signed(operandBits, fraction), 'nearest', sum.e.origin),
      roundingError: (fraction) => 2 ** (-fraction - 1),
    };
  }

  /** One instruction and what it reads; two where a sum with a coarse value would cost too many bits of the product. */
  private mac(node: MacOf, goal: Goal): Emitted {
    const whole = this.single(node, goal);
    const { e } = node;
    if (whole.error <= this.tolerance || !e || !isFixed(e)) return whole;
    const reach = fractionOf(e) + this.arithmetic.preShiftMaximum;
    const free = this.split(node, Infinity)!;
    if (free.u + free.times - node.shift <= reach) return whole;
    const apart = this.inTwo(node, goal, reach);
    return 2 * apart.error < whole.error ? apart : whole;
  }

  /** One instruction; `most` bounds the fraction of its sum. */
  private single(node: MacOf, goal: Goal, most = Infinity): Emitted {
    const { a, b, c, e, shift } = node;
    if (a && !b && !c && !e && goal.exact && goal.fraction > fractionOf(a) - shift)
      return this.raised(a, shift, goal);
    const held = exponentOf(c);
    const { preShiftMaximum, shiftMaximum } = this.arithmetic;
    const upper = Math.min(
      most,
      goal.fraction + shiftMaximum,
      e ? fractionOf(e) + preShiftMaximum : Infinity,
    );
    const fractions = this.split(node, upper);
    if (!fractions) return this.inTwo(node, goal, upper);
    let { u, times } = fractions;
    const need = Math.max(
      goal.exact ? goal.fraction : -Infinity,
      e && isFixed(e) ? fractionOf(e) : -Infinity,
    );
    const lacking = need - (u + times - shift - held);
    if (lacking > 0 && c === undefined && lacking <= MOST_RAISED) times += lacking;
    const point = u + times - shift;
    if (goal.exact && point - held < goal.fraction) return this.inTwo(node, goal, upper);
    let end = e && this.operand(e, point - held);
    if (e && end && point - fractionAt(end) > preShiftMaximum) {
      const reach = fractionAt(end) + preShiftMaximum;
      // A coarse value in a fine sum: bits of the product go, where there are any to spare, else the value saturates.
      if (reach < most && !(goal.exact && reach - held < goal.fraction))
        return this.single(node, goal, reach);
      end = this.forced(e, point - preShiftMaximum);
    }
    const difference = this.difference(a, b, u);
    if (difference.fraction !== u) {
      // What is subtracted has fewer bits than was hoped for.
      return this.single({ ...node, ...difference.parts }, goal, most);
    }
    const factor = c ? this.operand(c, times) : this.power(times);
    return this.sum({ node, goal, point, held, difference, factor, end, most });
  }

  /** A value with more fraction bits: it takes the place of e alone, which is shifted left. */
  private raised(o: Operand, shift: number, goal: Goal): Emitted {
    const made = this.operand(o, Infinity);
    const value = reinterpret(made.value, fractionAt(made) - shift, this.origin);
    const { preShiftMaximum, operandBits } = this.arithmetic;
    const reach = value.e.format.fraction + preShiftMaximum;
    const error = made.error * 2 ** shift;
    const bound = made.bound * 2 ** shift;
    const macs = made.macs + 1;
    if (goal.fraction <= reach)
      return {
        ...made,
        value: goal.finish(widen(value, goal.fraction), goal.fraction),
        error,
        bound,
        macs,
      };
    const half = narrowedTo(widen(value, reach), signed(operandBits, reach), 'floor', this.origin);
    return this.raised(
      { kind: 'done', emitted: { ...made, value: half, error, bound, macs } },
      0,
      goal,
    );
  }

  private sum(parts: Parts): Emitted {
    const { node, goal, point, held, difference, factor, end, most } = parts;
    const { c, e } = node;
    const origin = this.origin;
    const product = reinterpret(multiply(difference.value, factor.value, origin), point, origin);
    const fraction = Math.min(goal.fraction, point - held);
    const dropped = point - fraction;
    const brought = end && widen(end.value, point);
    if (!this.fits(product, brought, dropped)) {
      const least = Math.max(
        goal.exact ? goal.fraction : -Infinity,
        e && isFixed(e) ? fractionOf(e) : -Infinity,
      );
      return point - 1 - held < least
        ? this.inTwo(node, goal, most)
        : this.single(node, goal, point - 1);
    }
    const { leaf } = c?.kind === 'leaf' ? c : { leaf: undefined };
    const scaled = leaf?.exponent ? shiftLeft(product, leaf.exponent, origin) : product;
    const whole = brought ? combine('add', scaled, brought, origin) : scaled;
    const value = goal.finish(whole, fraction);
    const rounding = dropped > 0 ? goal.roundingError(fraction) : 0;
    const error =
      difference.error * factor.bound +
      difference.bound * factor.error +
      (end?.error ?? 0) +
      rounding;
    void e;
    return {
      value,
      error,
      bound: node.bound,
      macs: 1 + difference.macs + factor.macs + (end?.macs ?? 0),
      fractions: new Map([
        ...difference.fractions,
        ...factor.fractions,
        ...(end?.fractions ?? new Map<string, number>()),
      ]),
    };
  }

  /** Whether the sum with its rounding stays within the bits inside of an instruction. */
  private fits(product: Ranged, end: Ranged | undefined, dropped: number): boolean {
    const limit = 2 ** (this.arithmetic.productBits - 1);
    const round = dropped > 0 ? 2 ** dropped : 0;
    const low = product.low + (end?.low ?? 0);
    const high = product.high + (end?.high ?? 0) + round;
    return low >= -limit && high < limit;
  }

  /** Fraction bits of the difference and of what multiplies it, at most `upper` together; undefined where operands forbid it. */
  private split(
    { a, b, c, shift }: MacOf,
    upper: number,
  ): { readonly u: number; readonly times: number } | undefined {
    const ends = [a, b].filter((o) => o !== undefined);
    const size = ends.reduce((sum, o) => sum + aboveOf(o), 0);
    let u = this.common(ends, size);
    const isHeld = ends.some((o) => isFixed(o) && fractionOf(o) === u);
    let times = c ? fractionOf(c) : 0;
    const isGiven = c === undefined || isFixed(c);
    const by = c ? aboveOf(c) : 1;
    while (u + times - shift > upper) {
      if (isHeld && isGiven) return undefined;
      if (!isHeld && (isGiven || by * 2 ** -u <= size * 2 ** -times)) u--;
      else times--;
    }
    return { u, times };
  }

  /** The binary point of a difference: of fields with different ones the finer, where the others fit it. */
  private common(ends: readonly Operand[], size: number): number {
    const room = (bound: number): number => this.arithmetic.operandBits - 1 - wholeBits(bound);
    const fixed = ends.filter(isFixed).map(fractionOf);
    const least = Math.min(...ends.map(fractionOf));
    if (ends.length === 1) return least;
    if (fixed.length < 2) return Math.min(least, ...(fixed.length === 0 ? [room(size)] : []));
    const finer = Math.max(...fixed);
    return ends.every((o) => finer <= room(aboveOf(o))) ? finer : least;
  }

  /** The product first, then the sum: where shifts do not reach. */
  private inTwo(node: MacOf, goal: Goal, upper: number): Emitted {
    const { e, shift, bound } = node;
    const alone = { ...node, e: undefined };
    const size = (aboveOf(node.a) + aboveOf(node.b)) * (node.c ? aboveOf(node.c) : 1) * 2 ** shift;
    const part = this.natural(size, upper);
    const isMoved = node.b === undefined && node.c === undefined;
    let emitted = this.single(
      alone,
      isMoved ? { ...part, fraction: goal.fraction, exact: true } : part,
    );
    if (goal.exact && fractionAt(emitted) + MOST_RAISED < goal.fraction)
      emitted = this.forced({ kind: 'done', emitted }, goal.fraction);
    return this.single({ ...move({ kind: 'done', emitted }), e, bound }, goal);
  }

  private difference(a: Operand | undefined, b: Operand | undefined, u: number): Difference {
    const left = a && this.aligned(a, u);
    const right = b && this.aligned(b, Math.min(u, left ? fractionAt(left) : u));
    const parts = {
      a: left && ({ kind: 'done', emitted: left } as const),
      b: right && ({ kind: 'done', emitted: right } as const),
    };
    const fraction = fractionAt((right ?? left)!);
    const common = {
      error: (left?.error ?? 0) + (right?.error ?? 0),
      bound: (left?.bound ?? 0) + (right?.bound ?? 0),
      macs: (left?.macs ?? 0) + (right?.macs ?? 0),
      fractions: new Map([...(left?.fractions ?? []), ...(right?.fractions ?? [])]),
      fraction: left && fractionAt(left) !== fraction ? Number.NaN : fraction,
      parts,
    };
    if (!right) return { ...common, value: left!.value };
    if (Number.isNaN(common.fraction)) return { ...common, value: right.value };
    const { origin } = this;
    const zero = integer(0, fraction, origin);
    const exact = combine('subtract', left?.value ?? zero, right.value, origin);
    const format = signed(this.arithmetic.operandBits, fraction);
    return { ...common, value: narrowedTo(exact, format, 'floor', origin) };
  }

  /** 1 with some fraction bits. */
  private power(fraction: number): Emitted {
    return { ...EXACT, value: integer(2 ** fraction, fraction, this.origin), bound: 1 };
  }
}

interface Difference extends Emitted {
  readonly fraction: number;
  readonly parts: Pick<MacOf, 'a' | 'b'>;
}

interface Parts {
  readonly node: MacOf;
  readonly goal: Goal;
  readonly point: number;
  /** The largest exponent of a scale. */
  readonly held: number;
  readonly difference: Difference;
  readonly factor: Emitted;
  readonly end: Emitted | undefined;
  readonly most: number;
}

/** 2^14 is the largest power of two that is an immediate. */
const MOST_RAISED = 14;
