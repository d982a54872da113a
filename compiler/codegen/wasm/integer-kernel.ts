import { unreachable } from '../../diagnostics/diagnostic.js';
import type { FixedComparison } from '../../levels/fixed/fixed.js';
import { type MicroKernel, type MicroOperation, operandsOf } from '../../levels/micro/micro.js';
import { type Format, maximumOf, minimumOf } from '../../levels/numbers/format.js';
import type { Overflow } from '../../levels/numbers/rounding.js';
import type { FunctionBuilder } from './function-builder.js';
import {
  type Comparison,
  Conversions,
  LaneArithmetic,
  type LaneBits,
  type Lanes,
  signedWidth,
} from './integer-value.js';
import { get, i32, i32x4, load, type Node, operation } from './node.js';

/** Where a kernel finds things. */
export interface KernelPlaces {
  readonly lanes: 4 | 8;
  load(field: string, arithmetic: LaneArithmetic): Lanes;
  store(field: string, value: Lanes, arithmetic: LaneArithmetic): void;
  /** 2 to the power of a field that only shifts. */
  power(field: string, arithmetic: LaneArithmetic): Lanes;
  /** What a rounding draws, as integers of `bits` bits from 0. */
  random(operation: number, bits: number, arithmetic: LaneArithmetic): Lanes;
  /** The byte offset of a table's entries in the memory. */
  table(entries: readonly number[]): number;
  /** Hears of every limit that may change a value: a mask of the lanes where it did. */
  limited?(mask: Lanes, arithmetic: LaneArithmetic): void;
}

/** Values that were computed before the part of a function where a kernel runs. */
export interface KnownValues {
  readonly values: readonly (Lanes | undefined)[];
  readonly conversions: Conversions;
}

/** Runs the micro-operations of a kernel on its lanes: the integers of `fixed` on each. */
export function emitLaneKernel(
  f: FunctionBuilder,
  kernel: MicroKernel,
  places: KernelPlaces,
  known: KnownValues = { values: [], conversions: new Conversions() },
): void {
  new KernelWriter(f, kernel, places, known).write();
}

/** Computes what depends on some fields alone, before a kernel runs many times with these. */
export function emitKnownValues(
  f: FunctionBuilder,
  kernel: MicroKernel,
  places: KernelPlaces,
  isKnown: (field: string) => boolean,
): KnownValues {
  const conversions = new Conversions();
  const writer = new KernelWriter(f, kernel, places, { values: [], conversions });
  const shifts = shiftFields(kernel);
  const known: boolean[] = [];
  const values = kernel.operations.map((o, index) => {
    const operands = operandsOf(o);
    const own = o.kind === 'load' && isKnown(o.field) && !shifts.has(o.field);
    const draws = o.kind === 'shift' && o.rounding === 'stochastic';
    const follows = operands.length > 0 && operands.every((i) => known[i] || isConstant(kernel, i));
    known[index] = own || (follows && o.kind !== 'store' && !draws);
    return known[index] ? writer.at(index) : undefined;
  });
  const arithmetic = new LaneArithmetic(f, places.lanes, conversions);
  for (const value of values) if (value?.bits === 16) arithmetic.to(value, 32);
  return { values, conversions };
}

const isConstant = ({ operations }: MicroKernel, index: number): boolean =>
  operations[index]!.kind === 'constant';

/** Fields of a kernel that are used as counts of `shift-left` and for nothing else. */
export function shiftFields({ operations }: MicroKernel): ReadonlySet<string> {
  const others = new Set(
    operations.flatMap((o) => (o.kind === 'shift-left' ? [o.operand] : operandsOf(o))),
  );
  const counts = new Set(operations.flatMap((o) => (o.kind === 'shift-left' ? [o.by] : [])));
  return new Set(
    operations.flatMap((o, i) =>
      o.kind === 'load' && counts.has(i) && !others.has(i) ? [o.field] : [],
    ),
  );
}

const COMPARISONS: Readonly<Record<FixedComparison, Comparison>> = {
  '<': 'lt_s',
  '<=': 'le_s',
  '>': 'gt_s',
  '>=': 'ge_s',
  '==': 'eq',
  '!=': 'ne',
};

type Limit = MicroOperation & { readonly kind: 'limit' };

/** Writes the operations of one kernel, each when it is first asked for. */
export class KernelWriter {
  private readonly values: (Lanes | undefined)[];
  private readonly arithmetic: LaneArithmetic;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly kernel: MicroKernel,
    private readonly places: KernelPlaces,
    known?: KnownValues,
  ) {
    const conversions = known && new Conversions(known.conversions);
    this.values = known ? [...known.values] : [];
    this.arithmetic = new LaneArithmetic(f, places.lanes, conversions);
  }

  /** Stores, and loads of what is stored, in their order; all else is computed where it is first asked for. */
  write(): void {
    const { arithmetic, places } = this;
    const { operations } = this.kernel;
    const stored = new Set(operations.flatMap((o) => (o.kind === 'store' ? [o.field] : [])));
    for (const [index, o] of operations.entries()) {
      if (o.kind === 'store') places.store(o.field, this.at(o.value), arithmetic);
      else if (o.kind === 'load' && stored.has(o.field)) this.at(index);
      else if (o.kind === 'limit' && places.limited) this.at(index);
    }
  }

  /** The value of an operation. */
  at(index: number): Lanes {
    const found = this.values[index];
    if (found) return found;
    const o = this.kernel.operations[index]!;
    if (o.kind === 'store') throw new Error(`operation ${index} has no value`);
    const value = this.arithmetic.as(this.value(o), o.format);
    this.values[index] = value;
    return value;
  }

  private formatOf(index: number): Format {
    return this.kernel.operations[index]!.format;
  }

  /** A constant of the size of a value. */
  private like(value: Lanes, constant: number): Lanes {
    return this.arithmetic.constant(constant, value.bits);
  }

  private value(o: Exclude<MicroOperation, { kind: 'store' }>): Lanes {
    const { arithmetic } = this;
    const zero = (like: Lanes): Lanes => this.like(like, 0);
    const truthOf = (index: number): Lanes => {
      const value = this.at(index);
      return arithmetic.compare('ne', value, zero(value));
    };
    switch (o.kind) {
      case 'constant':
        return arithmetic.constant(o.value, arithmetic.bitsOf(o.format));
      case 'load':
        return this.places.load(o.field, arithmetic);
      case 'add':
      case 'subtract': {
        const name = o.kind === 'add' ? 'add' : 'sub';
        return arithmetic.combine(name, this.at(o.left), this.at(o.right), o.format);
      }
      case 'multiply':
        return arithmetic.multiply(this.at(o.left), this.at(o.right), o.format);
      case 'minimum':
      case 'maximum':
        return arithmetic.extreme(o.kind, this.at(o.left), this.at(o.right));
      case 'and':
      case 'or':
        return arithmetic.truth(arithmetic.bitwise(o.kind, truthOf(o.left), truthOf(o.right)));
      case 'negate': {
        const a = this.at(o.operand);
        return arithmetic.combine('sub', zero(a), a, o.format);
      }
      case 'absolute': {
        const a = this.at(o.operand);
        return arithmetic.extreme('maximum', a, arithmetic.combine('sub', zero(a), a, o.format));
      }
      case 'sign': {
        const a = this.at(o.operand);
        const positive = arithmetic.compare('gt_s', a, zero(a));
        const negative = arithmetic.compare('lt_s', a, zero(a));
        return arithmetic.combine('sub', negative, positive, o.format);
      }
      case 'not': {
        const a = this.at(o.operand);
        return arithmetic.truth(arithmetic.compare('eq', a, zero(a)));
      }
      case 'compare':
        return arithmetic.truth(
          arithmetic.compare(COMPARISONS[o.operator], this.at(o.left), this.at(o.right)),
        );
      case 'select':
        return arithmetic.select(truthOf(o.condition), this.at(o.then), this.at(o.otherwise));
      case 'shift':
        return this.shift(o);
      case 'limit':
        return this.limit(o);
      case 'shift-left': {
        const by = this.kernel.operations[o.by]!;
        if (by.kind !== 'load') throw new Error('a count that varies is a field');
        return arithmetic.multiply(
          this.at(o.operand),
          this.places.power(by.field, arithmetic),
          o.format,
        );
      }
      case 'table':
        return this.table(o);
      default:
        return unreachable(o);
    }
  }

  private shift(o: MicroOperation & { kind: 'shift' }): Lanes {
    const { arithmetic } = this;
    const { bits, rounding } = o;
    const operand = this.at(o.operand);
    if (bits <= 0) {
      const room = arithmetic.bitsOf(o.format);
      return arithmetic.shift('shl', arithmetic.to(operand, wider(operand.bits, room)), -bits);
    }
    // Operands have at most 53 bits: all of them are dropped.
    const most = Math.min(bits, 63);
    if (rounding !== 'floor' && bits > 53) {
      if (rounding === 'stochastic') throw new Error(`no draw has ${bits} bits`);
      return this.like(operand, 0);
    }
    // A shift needs its count's bits, whatever its operand fits.
    const value = arithmetic.to(operand, wider(operand.bits, bits < 15 ? 16 : bits < 31 ? 32 : 64));
    if (rounding === 'floor') return this.shiftRight(value, most, o.format);
    const width = Math.max(signedWidth(this.formatOf(o.operand)), bits + 1);
    if (rounding !== 'toward-zero' && width < value.bits) {
      return this.shiftRight(this.plus(value, o, value), bits, o.format);
    }
    const floor = arithmetic.shift('shr_s', value, most);
    // floor((v + r) / 2^b) = floor(v / 2^b) + floor((v mod 2^b + r) / 2^b): no bit of room is needed.
    const rest = arithmetic.mask(value, 2 ** bits - 1);
    return arithmetic.combine(
      'add',
      floor,
      arithmetic.shift('shr_s', this.plus(rest, o, floor), bits),
      o.format,
    );
  }

  /** A shift to the right whose result has `format`. */
  private shiftRight(value: Lanes, bits: number, format: Format): Lanes {
    const { arithmetic } = this;
    // A vector shifts 64-bit lanes in one instruction without their signs, which the lower half does not have.
    if (value.bits === 64 && bits <= 32 && signedWidth(format) <= 32) {
      return arithmetic.to(arithmetic.shift('shr_u', value, bits), 32);
    }
    return arithmetic.shift('shr_s', value, bits);
  }

  /** What a rounding adds to the bits that are dropped. */
  private plus(
    rest: Lanes,
    { bits, rounding, operation: draw }: MicroOperation & { kind: 'shift' },
    floor: Lanes,
  ): Lanes {
    const { arithmetic } = this;
    const sum = (addend: Lanes): Lanes => arithmetic.sum(rest, arithmetic.to(addend, rest.bits));
    switch (rounding) {
      case 'nearest':
        return sum(this.like(rest, 2 ** (bits - 1)));
      case 'toward-zero': {
        const negative = arithmetic.shift('shr_s', floor, floor.bits - 1);
        return sum(arithmetic.mask(negative, 2 ** bits - 1));
      }
      case 'stochastic':
        if (bits > 31) throw new Error(`no lane draws ${bits} bits`);
        return sum(this.places.random(draw, bits, arithmetic));
      default:
        throw new Error(`${rounding} adds nothing`);
    }
  }

  private limit(o: Limit): Lanes {
    const from = this.formatOf(o.operand);
    const inside = minimumOf(from) >= minimumOf(o.format) && maximumOf(from) <= maximumOf(o.format);
    if (inside && (o.overflow === 'saturate' || o.overflow === 'wrap')) return this.at(o.operand);
    const short = this.saturatingSum(o) ?? this.saturatingShift(o);
    if (short) return short;
    const value = this.at(o.operand);
    const result = this.bring(value, o.format, o.overflow);
    this.note(value, result);
    return result;
  }

  /** A sum of 16-bit values that is saturated to 16 bits is one instruction. */
  private saturatingSum({ operand, overflow, format }: Limit): Lanes | undefined {
    const { arithmetic, places } = this;
    const sum = this.kernel.operations[operand]!;
    if (sum.kind !== 'add' || overflow !== 'saturate') return undefined;
    if (arithmetic.lanes !== 8 || !format.signed || format.width !== 16) return undefined;
    const [a, b] = [this.at(sum.left), this.at(sum.right)];
    if (a.bits !== 16 || b.bits !== 16) return undefined;
    const result = arithmetic.saturatingSum(a, b);
    if (places.limited) this.note(arithmetic.sum(a, b), result);
    return result;
  }

  /** Saturation of what a rounding adds changes nothing that is limited to less afterwards. */
  private saturatingShift({ operand, overflow, format }: Limit): Lanes | undefined {
    const { arithmetic } = this;
    const shift = this.kernel.operations[operand]!;
    if (shift.kind !== 'shift' || overflow !== 'saturate' || this.values[operand]) return undefined;
    const { bits, rounding } = shift;
    if (rounding !== 'nearest' && rounding !== 'stochastic') return undefined;
    if (bits <= 0 || bits > 14 || maximumOf(format) >= 32767 >> bits) return undefined;
    const value = this.at(shift.operand);
    if (value.bits !== 16) return undefined;
    const addend =
      rounding === 'nearest'
        ? this.like(value, 2 ** (bits - 1))
        : this.places.random(shift.operation, bits, arithmetic);
    const rounded = arithmetic.shift('shr_s', arithmetic.saturatingSum(value, addend), bits);
    const result = this.bring(rounded, format, overflow);
    this.note(rounded, result);
    return result;
  }

  /** A limit that may have changed a value. */
  private note(value: Lanes, result: Lanes): void {
    const { arithmetic, places } = this;
    places.limited?.(arithmetic.compare('ne', value, result), arithmetic);
  }

  private bring(value: Lanes, format: Format, overflow: Overflow): Lanes {
    const { arithmetic } = this;
    const between = (low: number, high: number): Lanes => {
      const bits = wider(value.bits, arithmetic.bitsOf(format));
      const wide = arithmetic.to(value, bits);
      const raised = arithmetic.extreme('maximum', wide, arithmetic.constant(low, bits));
      return arithmetic.extreme('minimum', raised, arithmetic.constant(high, bits));
    };
    switch (overflow) {
      case 'saturate':
        // Narrowing saturates.
        if (value.bits === 32 && arithmetic.lanes === 8 && format.signed && format.width === 16) {
          return arithmetic.to(value, 16);
        }
        return between(minimumOf(format), maximumOf(format));
      case 'symmetric':
        return between(-maximumOf(format), maximumOf(format));
      case 'wrap': {
        const bits = wider(value.bits, arithmetic.bitsOf(format));
        const wide = arithmetic.to(value, bits);
        if (!format.signed) return arithmetic.mask(wide, maximumOf(format));
        const unused = bits - format.width;
        return arithmetic.shift('shr_s', arithmetic.shift('shl', wide, unused), unused);
      }
      case 'lava-wrap-24':
        return this.lavaWrap(arithmetic.to(value, wider(value.bits, 32)));
      default:
        return unreachable(overflow);
    }
  }

  /** One wrap into (−2^23, 2^23]. */
  private lavaWrap(value: Lanes): Lanes {
    const { arithmetic } = this;
    const half = this.like(value, 2 ** 23);
    const less = this.like(value, -(2 ** 23));
    const turn = this.like(value, 2 ** 24);
    const down = arithmetic.difference(value, turn);
    const up = arithmetic.sum(value, turn);
    const below = arithmetic.select(arithmetic.compare('le_s', value, less), up, value);
    return arithmetic.select(arithmetic.compare('gt_s', value, half), down, below);
  }

  /** entries[(operand − first) >> shift], index saturated: lane by lane, for a vector cannot look up. */
  private table(o: MicroOperation & { kind: 'table' }): Lanes {
    const { arithmetic } = this;
    const operand = arithmetic.to(this.at(o.operand), 64);
    const distance = arithmetic.difference(operand, arithmetic.constant(o.first, 64));
    let index = arithmetic.shift('shr_s', distance, o.shift);
    index = arithmetic.extreme('maximum', index, arithmetic.constant(0, 64));
    index = arithmetic.extreme('minimum', index, arithmetic.constant(o.entries.length - 1, 64));
    const offset = this.places.table(o.entries);
    const { parts } = arithmetic.to(index, 32);
    const looked = parts.map((part) => {
      let result: Node = get(this.f.constant(i32x4(0)));
      for (let lane = 0; lane < 4; lane++) {
        const number = operation('i32x4.extract_lane', [get(part)], [lane]);
        const entry = load('i32.load', operation('i32.shl', [number, i32(2)]), offset);
        result = operation('i32x4.replace_lane', [result, entry], [lane]);
      }
      return result;
    });
    return arithmetic.of(32, looked);
  }
}

const wider = (a: LaneBits, b: LaneBits): LaneBits => (a > b ? a : b);
