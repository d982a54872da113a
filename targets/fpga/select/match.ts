import type { FixedComparison } from '../../../compiler/levels/fixed/fixed.js';
import type { MicroKernel, MicroOperation } from '../../../compiler/levels/micro/micro.js';
import { FPGA_LEARNING } from '../capabilities.js';
import type { Instruction, Operation } from './instruction.js';

/** What an instruction reads: the value of an operation of the kernel, or a number. */
export type Value = number | 'zero' | 'one' | { readonly immediate: number };

/** An instruction whose operands have no place yet. `a` … `e` are values; `scaled` says that c is the scale of a projection. */
export interface Shape extends Pick<Instruction, 'op' | 'p' | 's' | 'rounding' | 'operation'> {
  readonly a: Value;
  readonly b: Value;
  readonly c: Value;
  readonly e: Value;
  readonly scaled: boolean;
}

/** The largest p. */
const FURTHEST = FPGA_LEARNING.preShiftMaximum;

const UNSHIFTED = { p: 0, s: 0, rounding: 'none', operation: 0, scaled: false } as const;

/** `d = e`. */
export const moved = (e: Value): Shape => ({
  ...UNSHIFTED,
  op: 'mac',
  a: 'zero',
  b: 'zero',
  c: 'zero',
  e,
});

/**
 * Finds the one instruction that gives an operation its value, from operations that instructions give. Any other shape is a bug
 * of `quantise`, and throws.
 */
export class Matcher {
  constructor(private readonly kernel: MicroKernel) {}

  /** `isMade`: whether a value stands somewhere already, so that it is read rather than computed again. */
  shape(index: number, isMade: (index: number) => boolean): Shape {
    const o = this.at(index);
    const limited = o.kind === 'limit' ? this.limited(o) : index;
    return this.choice(limited, isMade) ?? this.mac(limited);
  }

  private limited(o: MicroOperation & { readonly kind: 'limit' }): number {
    if (o.overflow !== 'saturate') throw this.fault(o, 'overflows by saturation');
    return o.operand;
  }

  /** Comparisons, signs, magnitudes and choices. */
  private choice(index: number, isMade: (index: number) => boolean): Shape | undefined {
    const o = this.at(index);
    switch (o.kind) {
      case 'absolute':
        return { ...UNSHIFTED, op: 'abs', a: o.operand, b: 'zero', c: 'zero', e: 'zero' };
      case 'sign':
        return { ...UNSHIFTED, op: 'tern', a: o.operand, b: 'zero', c: 'zero', e: 'zero' };
      case 'compare':
        return this.comparison(o, 'one', 'zero');
      case 'select': {
        const spike = this.spike(o);
        if (spike) return spike;
        const condition = this.at(o.condition);
        if (condition.kind === 'compare' && !isMade(o.condition))
          return this.comparison(condition, o.then, o.otherwise);
        const [c, e] = [o.otherwise, o.then];
        return { ...UNSHIFTED, op: 'eq', a: o.condition, b: 'zero', c, e };
      }
      default:
        return undefined;
    }
  }

  /** `sign(a) where |a| > b, else 0`. */
  private spike(o: MicroOperation & { readonly kind: 'select' }): Shape | undefined {
    const [test, then, otherwise] = [o.condition, o.then, o.otherwise].map((i) => this.at(i));
    if (test!.kind !== 'compare' || test!.operator !== '>' || then!.kind !== 'sign')
      return undefined;
    const magnitude = this.at(test!.left);
    if (magnitude.kind !== 'absolute' || magnitude.operand !== then!.operand) return undefined;
    if (otherwise!.kind !== 'constant' || otherwise!.value !== 0) return undefined;
    return { ...UNSHIFTED, op: 'tern', a: then!.operand, b: test!.right, c: 'zero', e: 'zero' };
  }

  private comparison(
    { operator, left, right }: MicroOperation & { readonly kind: 'compare' },
    then: Value,
    otherwise: Value,
  ): Shape {
    const { op, isSwapped, isNegated } = COMPARISONS[operator];
    const [a, b] = isSwapped ? [right, left] : [left, right];
    const [c, e] = isNegated ? [otherwise, then] : [then, otherwise];
    return { ...UNSHIFTED, op, a, b, c, e };
  }

  private mac(index: number): Shape {
    const rounded = this.rounded(index);
    const sum = this.at(rounded.operand);
    const [product, end] =
      sum.kind === 'add' ? [sum.left, this.brought(sum.right)] : [rounded.operand, undefined];
    const { a, b, c, scaled } = this.product(product);
    if (a === index) return this.alone(index);
    return {
      op: 'mac',
      a,
      b,
      c,
      e: end?.value ?? 'zero',
      p: end?.p ?? (scaled ? Math.min(rounded.s, FURTHEST) : 0),
      s: rounded.s,
      rounding: rounded.rounding,
      operation: rounded.operation,
      scaled,
    };
  }

  /** A field or a number as it is, or with more low bits. */
  private alone(index: number): Shape {
    const o = this.at(index);
    if (this.appends(index)) {
      const { value, p } = this.brought(index);
      return { ...moved(value), p };
    }
    if (o.kind !== 'load' && o.kind !== 'constant') throw this.fault(o, 'stands alone');
    return moved(index);
  }

  /** The shift at the end: s, its rounding, and the sum. */
  private rounded(
    index: number,
  ): Pick<Shape, 's' | 'rounding' | 'operation'> & { readonly operand: number } {
    const o = this.at(index);
    if (o.kind !== 'shift' || o.bits <= 0)
      return { s: 0, rounding: 'none', operation: 0, operand: index };
    const { bits, operand, operation } = o;
    switch (o.rounding) {
      case 'floor':
        return { s: bits, rounding: 'none', operation: 0, operand };
      case 'nearest':
        return { s: bits, rounding: 'nearest', operation: 0, operand };
      case 'stochastic': {
        const next = this.at(operand);
        const inner = next.kind === 'limit' ? this.at(next.operand) : next;
        if (inner.kind === 'shift' && inner.rounding === 'floor' && inner.bits > 0)
          return {
            s: bits + inner.bits,
            rounding: 'stochastic',
            operation,
            operand: inner.operand,
          };
        return { s: bits, rounding: 'stochastic', operation, operand };
      }
      default:
        throw this.fault(o, `rounds ${o.rounding}`);
    }
  }

  /** `e << p`. */
  private brought(index: number): { readonly value: Value; readonly p: number } {
    const o = this.at(index);
    if (o.kind === 'constant') return broughtNumber(o.value);
    if (o.kind === 'shift' && o.bits < 0) return { value: o.operand, p: -o.bits };
    return { value: index, p: 0 };
  }

  private appends(index: number): boolean {
    const o = this.at(index);
    return o.kind === 'shift' && o.bits < 0;
  }

  private product(index: number): Pick<Shape, 'a' | 'b' | 'c' | 'scaled'> {
    let o = this.at(index);
    let scaled = false;
    if (o.kind === 'shift-left') {
      scaled = true;
      index = o.operand;
      o = this.at(index);
    }
    if (o.kind === 'multiply') return { ...this.difference(o.left), c: o.right, scaled };
    if (scaled) throw this.fault(o, 'is scaled without a mantissa');
    return { ...this.difference(index), c: 'one', scaled };
  }

  private difference(index: number): Pick<Shape, 'a' | 'b'> {
    const o = this.at(index);
    const inner = o.kind === 'limit' ? this.at(o.operand) : o;
    if (inner.kind === 'subtract') return { a: inner.left, b: inner.right };
    return { a: index, b: 'zero' };
  }

  private at(index: number): MicroOperation {
    return this.kernel.operations[index]!;
  }

  private fault({ kind }: MicroOperation, what: string): Error {
    return new Error(`${this.kernel.owner}: ${kind} ${what}, which no instruction does`);
  }
}

/** `left op right` as an instruction: c where it holds, else e. */
const COMPARISONS: Readonly<
  Record<FixedComparison, { readonly op: Operation; isSwapped: boolean; isNegated: boolean }>
> = {
  '<': { op: 'lt', isSwapped: false, isNegated: false },
  '<=': { op: 'le', isSwapped: false, isNegated: false },
  '>': { op: 'lt', isSwapped: true, isNegated: false },
  '>=': { op: 'le', isSwapped: true, isNegated: false },
  '==': { op: 'eq', isSwapped: false, isNegated: false },
  '!=': { op: 'eq', isSwapped: false, isNegated: true },
};

/** A number that is added, with as many of its low zeros as a shift replaces: more than a scale takes off, where one does. */
function broughtNumber(value: number): { readonly value: Value; readonly p: number } {
  let p = 0;
  while (value !== 0 && p < FURTHEST && (value / 2 ** p) % 2 === 0) p++;
  return { value: { immediate: value / 2 ** p }, p };
}
