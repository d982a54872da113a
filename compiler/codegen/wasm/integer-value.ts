import type { Format } from '../../levels/numbers/format.js';
import type { FunctionBuilder } from './function-builder.js';
import { get, i16x8, i32, i32x4, i64x2, type Local, type Node, operation } from './node.js';
import type { OpcodeName } from './opcodes.js';

/** Fits 32 bits with their sign. */
export const isNarrow = (format: Format): boolean => signedWidth(format) <= 32;

/** Bits of the two's complement that holds a format. */
export const signedWidth = ({ signed, width }: Format): number => (signed ? width : width + 1);

/** Bits in which a lane is computed. */
export type LaneBits = 16 | 32 | 64;

/** One integer per lane, `bits` each, in vectors of 128 bits: the first lanes in the first. */
export interface Lanes {
  readonly bits: LaneBits;
  readonly parts: readonly Local[];
}

/** Values that have been converted to other bits, in a part of a function that runs from its start to its end. */
export class Conversions {
  private readonly made = new Map<Lanes, Lanes[]>();

  /** `outer`: what was converted before this part, wherever it runs. */
  constructor(private readonly outer?: Conversions) {}

  find(a: Lanes, bits: LaneBits): Lanes | undefined {
    return this.made.get(a)?.find((made) => made.bits === bits) ?? this.outer?.find(a, bits);
  }

  /** `made` is what `a` became. */
  add(a: Lanes, made: Lanes): void {
    this.made.set(a, [...(this.made.get(a) ?? []), made]);
  }
}

export type Comparison = 'eq' | 'ne' | 'lt_s' | 'gt_s' | 'le_s' | 'ge_s';

const SHAPES = { 16: 'i16x8', 32: 'i32x4', 64: 'i64x2' } as const;

/** An instruction that every shape has. */
const named = (
  bits: LaneBits,
  name: Comparison | 'add' | 'sub' | 'mul' | 'shl' | 'shr_s' | 'shr_u',
) => `${SHAPES[bits]}.${name}` as const satisfies OpcodeName;

/**
 * Integer arithmetic on four or eight lanes, each operation in the fewest bits that hold its operands and result: exact below
 * 2^53. Four lanes are never narrower than 32 bits, so that a value is at least one vector.
 */
export class LaneArithmetic {
  /** `known`: what has been converted where this is used, and is not converted again. */
  constructor(
    private readonly f: FunctionBuilder,
    readonly lanes: 4 | 8,
    private readonly known?: Conversions,
  ) {}

  /** The bits in which a value of a format is held. */
  bitsOf(format: Format): LaneBits {
    const width = signedWidth(format);
    if (width <= 16 && this.lanes === 8) return 16;
    return width <= 32 ? 32 : 64;
  }

  /** Vectors as lanes of the same count. */
  of(bits: LaneBits, nodes: readonly Node[]): Lanes {
    if (nodes.length * 128 !== this.lanes * bits) {
      throw new Error(`${this.lanes} lanes of ${bits} bits are not ${nodes.length} vectors`);
    }
    return { bits, parts: nodes.map((node) => this.f.keep(node)) };
  }

  constant(value: number, bits: LaneBits): Lanes {
    const node = { 16: i16x8, 32: i32x4, 64: i64x2 }[bits](value);
    const part = this.f.constant(node);
    return { bits, parts: Array.from({ length: (this.lanes * bits) / 128 }, () => part) };
  }

  /** The same 32-bit integer in every lane. */
  splat(scalar: Node, bits: 16 | 32): Lanes {
    const part = this.f.keep(operation(`${SHAPES[bits]}.splat`, [scalar]));
    return { bits, parts: Array.from({ length: (this.lanes * bits) / 128 }, () => part) };
  }

  /** The same integers in `bits`; they must fit. */
  to(a: Lanes, bits: LaneBits): Lanes {
    if (a.bits === bits) return a;
    const found = this.known?.find(a, bits);
    if (found) return found;
    const converted = this.convert(a, bits);
    this.known?.add(a, converted);
    return converted;
  }

  private convert(a: Lanes, bits: LaneBits): Lanes {
    if (a.bits < bits) {
      const wider = a.bits === 16 ? 32 : 64;
      const [low, high] =
        wider === 32
          ? (['i32x4.extend_low_i16x8_s', 'i32x4.extend_high_i16x8_s'] as const)
          : (['i64x2.extend_low_i32x4_s', 'i64x2.extend_high_i32x4_s'] as const);
      const nodes = a.parts.flatMap((p) => [operation(low, [get(p)]), operation(high, [get(p)])]);
      return this.to(this.of(wider, nodes), bits);
    }
    const narrower = a.bits === 64 ? 32 : 16;
    const nodes: Node[] = [];
    for (let i = 0; i < a.parts.length; i += 2) {
      const pair = [get(a.parts[i]!), get(a.parts[i + 1]!)] as const;
      nodes.push(narrower === 32 ? lowWords(...pair) : operation('i16x8.narrow_i32x4_s', pair));
    }
    return this.to(this.of(narrower, nodes), bits);
  }

  /** `a` as its format wants it. */
  as(a: Lanes, format: Format): Lanes {
    return this.to(a, this.bitsOf(format));
  }

  /** Brings operands to the same bits, at least `bits`. */
  private even(bits: LaneBits, ...values: readonly Lanes[]): Lanes[] {
    const most = Math.max(bits, ...values.map((v) => v.bits)) as LaneBits;
    return values.map((value) => this.to(value, most));
  }

  /** Vector by vector; the values have the same bits. */
  private each(bits: LaneBits, values: readonly Lanes[], make: (...parts: Node[]) => Node): Lanes {
    const nodes = values[0]!.parts.map((_, i) => make(...values.map((v) => get(v.parts[i]!))));
    return this.of(bits, nodes);
  }

  /** A sum or a difference whose result has `format`. */
  combine(name: 'add' | 'sub', a: Lanes, b: Lanes, format: Format): Lanes {
    const values = this.even(this.bitsOf(format), a, b);
    const { bits } = values[0]!;
    return this.each(bits, values, (x, y) => operation(named(bits, name), [x, y]));
  }

  /** A sum in the bits of its operands. */
  sum(a: Lanes, b: Lanes): Lanes {
    const values = this.even(16, a, b);
    const { bits } = values[0]!;
    return this.each(bits, values, (x, y) => operation(named(bits, 'add'), [x, y]));
  }

  /** A difference in the bits of its operands. */
  difference(a: Lanes, b: Lanes): Lanes {
    const values = this.even(16, a, b);
    const { bits } = values[0]!;
    return this.each(bits, values, (x, y) => operation(named(bits, 'sub'), [x, y]));
  }

  /** A product whose result has `format`. */
  multiply(a: Lanes, b: Lanes, format: Format): Lanes {
    const target = this.bitsOf(format);
    const values = this.even(a.bits, a, b);
    const [x, y] = [values[0]!, values[1]!];
    const { bits } = x;
    if (target <= bits) {
      return this.each(bits, [x, y], (p, q) => operation(named(bits, 'mul'), [p, q]));
    }
    if (bits === 16 && target === 64) {
      return this.multiply(this.to(x, 32), this.to(y, 32), format);
    }
    const [low, high] =
      bits === 16
        ? (['i32x4.extmul_low_i16x8_s', 'i32x4.extmul_high_i16x8_s'] as const)
        : (['i64x2.extmul_low_i32x4_s', 'i64x2.extmul_high_i32x4_s'] as const);
    const nodes = x.parts.flatMap((p, i) => {
      const pair = [get(p), get(y.parts[i]!)];
      return [operation(low, pair), operation(high, pair)];
    });
    return this.of(target, nodes);
  }

  /** All ones where the comparison holds, else 0. */
  compare(name: Comparison, a: Lanes, b: Lanes): Lanes {
    const values = this.even(16, a, b);
    const { bits } = values[0]!;
    return this.each(bits, values, (x, y) => operation(named(bits, name), [x, y]));
  }

  /** `a` where the mask is set, else `b`. */
  select(mask: Lanes, a: Lanes, b: Lanes): Lanes {
    const [x, y] = this.even(16, a, b) as [Lanes, Lanes];
    return this.each(x.bits, [x, y, this.to(mask, x.bits)], (...parts) =>
      operation('v128.bitselect', parts),
    );
  }

  extreme(kind: 'minimum' | 'maximum', a: Lanes, b: Lanes): Lanes {
    const [x, y] = this.even(16, a, b) as [Lanes, Lanes];
    const { bits } = x;
    if (bits === 64)
      return this.select(this.compare(kind === 'minimum' ? 'lt_s' : 'gt_s', x, y), x, y);
    const name = kind === 'minimum' ? 'min_s' : 'max_s';
    return this.each(bits, [x, y], (p, q) => operation(`${SHAPES[bits]}.${name}`, [p, q]));
  }

  /** Bitwise, on values of the same bits. */
  bitwise(name: 'and' | 'or', a: Lanes, b: Lanes): Lanes {
    const [x, y] = this.even(16, a, b) as [Lanes, Lanes];
    return this.each(x.bits, [x, y], (p, q) => operation(`v128.${name}`, [p, q]));
  }

  /** 1 where the mask is set, else 0. */
  truth(mask: Lanes): Lanes {
    return this.mask(mask, 1);
  }

  /** A shift by a constant count. */
  shift(name: 'shl' | 'shr_s' | 'shr_u', a: Lanes, count: number): Lanes {
    if (count === 0) return a;
    return this.each(a.bits, [a], (x) => operation(named(a.bits, name), [x, i32(count)]));
  }

  /** The high `count` bits of 32-bit words, from 0. */
  high(a: Lanes, count: number): Lanes {
    return this.each(32, [a], (x) => operation('i32x4.shr_u', [x, i32(32 - count)]));
  }

  /** Bitwise and with a constant. */
  mask(a: Lanes, bits: number): Lanes {
    return this.bitwise('and', a, this.constant(bits, a.bits));
  }

  /** The sum, saturated to the 16 bits of its operands. */
  saturatingSum(a: Lanes, b: Lanes): Lanes {
    const values = [this.to(a, 16), this.to(b, 16)];
    return this.each(16, values, (x, y) => operation('i16x8.add_sat_s', [x, y]));
  }
}

/** The low 32 bits of four 64-bit lanes. */
function lowWords(low: Node, high: Node): Node {
  const lanes = [0, 8, 16, 24].flatMap((start) => [start, start + 1, start + 2, start + 3]);
  return operation('i8x16.shuffle', [low, high], lanes);
}
