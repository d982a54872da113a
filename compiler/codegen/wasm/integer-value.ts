import type { Format } from '../../levels/numbers/format.js';
import type { FunctionBuilder } from './function-builder.js';
import { get, i32, i32x4, i64x2, type Local, type Node, operation } from './node.js';
import type { OpcodeName } from './opcodes.js';

/** Fits 32 bits with their sign. */
export const isNarrow = (format: Format): boolean => format.width <= (format.signed ? 32 : 31);

/** Four integers, one per lane: in 32 bits each, or in 64 bits each in two vectors. */
export type Lanes =
  | { readonly kind: 'narrow'; readonly value: Local }
  | { readonly kind: 'wide'; readonly low: Local; readonly high: Local };

const v = (name: OpcodeName, ...operands: readonly Node[]): Node => operation(name, operands);

/** Integer arithmetic on four lanes, in 32 bits where operands and result fit, in 64 elsewhere: exact below 2^53. */
export class LaneArithmetic {
  constructor(private readonly f: FunctionBuilder) {}

  narrow(node: Node): Lanes & { readonly kind: 'narrow' } {
    return { kind: 'narrow', value: this.f.keep(node) };
  }

  wide(low: Node, high: Node): Lanes & { readonly kind: 'wide' } {
    return { kind: 'wide', low: this.f.keep(low), high: this.f.keep(high) };
  }

  constant(value: number, format: Format): Lanes {
    return isNarrow(format) ? this.narrow(i32x4(value)) : this.wide(i64x2(value), i64x2(value));
  }

  /** The same integers in 64 bits. */
  widen(a: Lanes): Lanes & { readonly kind: 'wide' } {
    if (a.kind === 'wide') return a;
    return this.wide(
      v('i64x2.extend_low_i32x4_s', get(a.value)),
      v('i64x2.extend_high_i32x4_s', get(a.value)),
    );
  }

  /** The low words: exact where the integers fit 32 bits. */
  shrink(a: Lanes): Lanes & { readonly kind: 'narrow' } {
    if (a.kind === 'narrow') return a;
    return this.narrow(lowWords(get(a.low), get(a.high)));
  }

  /** `a` as its format wants it. */
  as(a: Lanes, format: Format): Lanes {
    return isNarrow(format) ? this.shrink(a) : this.widen(a);
  }

  /** A sum or a difference of operands of either size; `narrow` says that 32 bits are enough for the result. */
  combine(name: 'add' | 'sub', a: Lanes, b: Lanes, narrow: boolean): Lanes {
    if (narrow && a.kind === 'narrow' && b.kind === 'narrow') {
      return this.narrow(v(`i32x4.${name}`, get(a.value), get(b.value)));
    }
    const [x, y] = [this.widen(a), this.widen(b)];
    return this.wide(
      v(`i64x2.${name}`, get(x.low), get(y.low)),
      v(`i64x2.${name}`, get(x.high), get(y.high)),
    );
  }

  multiply(a: Lanes, b: Lanes, narrow: boolean): Lanes {
    if (a.kind === 'narrow' && b.kind === 'narrow') {
      if (narrow) return this.narrow(v('i32x4.mul', get(a.value), get(b.value)));
      return this.wide(
        v('i64x2.extmul_low_i32x4_s', get(a.value), get(b.value)),
        v('i64x2.extmul_high_i32x4_s', get(a.value), get(b.value)),
      );
    }
    const [x, y] = [this.widen(a), this.widen(b)];
    return this.wide(
      v('i64x2.mul', get(x.low), get(y.low)),
      v('i64x2.mul', get(x.high), get(y.high)),
    );
  }

  /** A mask of 32 bits per lane. */
  compare(name: 'eq' | 'ne' | 'lt_s' | 'gt_s' | 'le_s' | 'ge_s', a: Lanes, b: Lanes): Local {
    if (a.kind === 'narrow' && b.kind === 'narrow') {
      return this.f.keep(v(`i32x4.${name}`, get(a.value), get(b.value)), 'mask');
    }
    const [x, y] = [this.widen(a), this.widen(b)];
    const low = v(`i64x2.${name}`, get(x.low), get(y.low));
    const high = v(`i64x2.${name}`, get(x.high), get(y.high));
    return this.f.keep(lowWords(low, high), 'mask');
  }

  /** `a` where the mask is set, else `b`. */
  select(mask: Local, a: Lanes, b: Lanes): Lanes {
    if (a.kind === 'narrow' && b.kind === 'narrow') {
      return this.narrow(v('v128.bitselect', get(a.value), get(b.value), get(mask)));
    }
    const [x, y] = [this.widen(a), this.widen(b)];
    const m = this.widen({ kind: 'narrow', value: mask });
    return this.wide(
      v('v128.bitselect', get(x.low), get(y.low), get(m.low)),
      v('v128.bitselect', get(x.high), get(y.high), get(m.high)),
    );
  }

  /** 1 where the mask is set, else 0. */
  truth(mask: Local): Lanes {
    return this.narrow(v('v128.and', get(mask), i32x4(1)));
  }

  /** A shift by a constant count. */
  shift(name: 'shl' | 'shr_s', a: Lanes, count: number): Lanes {
    if (a.kind === 'narrow') return this.narrow(v(`i32x4.${name}`, get(a.value), i32(count)));
    return this.wide(
      v(`i64x2.${name}`, get(a.low), i32(count)),
      v(`i64x2.${name}`, get(a.high), i32(count)),
    );
  }

  /** Bitwise and with a constant. */
  mask(a: Lanes, bits: number): Lanes {
    if (a.kind === 'narrow') return this.narrow(v('v128.and', get(a.value), i32x4(bits)));
    return this.wide(
      v('v128.and', get(a.low), i64x2(bits)),
      v('v128.and', get(a.high), i64x2(bits)),
    );
  }
}

/** The low 32 bits of four 64-bit lanes. */
function lowWords(low: Node, high: Node): Node {
  const lanes = [0, 8, 16, 24].flatMap((start) => [start, start + 1, start + 2, start + 3]);
  return operation('i8x16.shuffle', [low, high], lanes);
}
