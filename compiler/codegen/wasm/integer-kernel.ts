import { unreachable } from '../../diagnostics/diagnostic.js';
import type { FixedComparison } from '../../levels/fixed/fixed.js';
import { type MicroKernel, type MicroOperation, operandsOf } from '../../levels/micro/micro.js';
import { type Format, maximumOf, minimumOf, signed } from '../../levels/numbers/format.js';
import type { Overflow } from '../../levels/numbers/rounding.js';
import type { FunctionBuilder } from './function-builder.js';
import { isNarrow, LaneArithmetic, type Lanes } from './integer-value.js';
import { get, i32, i32x4, type Local, load, type Node, operation } from './node.js';

/** Where a kernel finds things. */
export interface KernelPlaces {
  load(field: string): Node;
  store(field: string, value: Node): void;
  /** 2 to the power of a field that only shifts. */
  power(field: string): Node;
  /** A 32-bit draw of an operation: the same for every lane. */
  random(operation: number): Node;
  /** The byte offset of a table's entries in the memory. */
  table(entries: readonly number[]): number;
}

/** Runs the micro-operations of a kernel on four lanes: the integers of `fixed` on each. */
export function emitLaneKernel(
  f: FunctionBuilder,
  kernel: MicroKernel,
  places: KernelPlaces,
): void {
  new KernelWriter(f, kernel, places).write();
}

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

const COMPARISONS: Readonly<
  Record<FixedComparison, 'eq' | 'ne' | 'lt_s' | 'gt_s' | 'le_s' | 'ge_s'>
> = { '<': 'lt_s', '<=': 'le_s', '>': 'gt_s', '>=': 'ge_s', '==': 'eq', '!=': 'ne' };
const NARROW: Format = signed(32, 0);
const WIDE: Format = signed(53, 0);

class KernelWriter {
  private readonly values: (Lanes | undefined)[] = [];
  private readonly arithmetic: LaneArithmetic;
  private readonly shifts: ReadonlySet<string>;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly kernel: MicroKernel,
    private readonly places: KernelPlaces,
  ) {
    this.arithmetic = new LaneArithmetic(f);
    this.shifts = shiftFields(kernel);
  }

  write(): void {
    for (const operation of this.kernel.operations) {
      if (operation.kind === 'store') {
        const value = this.arithmetic.shrink(this.at(operation.value));
        this.places.store(operation.field, get(value.value));
        this.values.push(undefined);
      } else if (operation.kind === 'load' && this.shifts.has(operation.field)) {
        this.values.push(undefined);
      } else this.values.push(this.arithmetic.as(this.value(operation), operation.format));
    }
  }

  /** A constant of the size of a value. */
  private like(value: Lanes, constant: number): Lanes {
    return this.arithmetic.constant(constant, value.kind === 'wide' ? WIDE : NARROW);
  }

  private at(index: number): Lanes {
    const value = this.values[index];
    if (!value) throw new Error(`operation ${index} has no value`);
    return value;
  }

  private value(o: Exclude<MicroOperation, { kind: 'store' }>): Lanes {
    const { arithmetic } = this;
    const zero = (): Lanes => arithmetic.constant(0, NARROW);
    const truthOf = (index: number): Local => arithmetic.compare('ne', this.at(index), zero());
    switch (o.kind) {
      case 'constant':
        return arithmetic.constant(o.value, o.format);
      case 'load':
        return arithmetic.narrow(this.places.load(o.field));
      case 'add':
      case 'subtract': {
        const name = o.kind === 'add' ? 'add' : 'sub';
        return arithmetic.combine(name, this.at(o.left), this.at(o.right), isNarrow(o.format));
      }
      case 'multiply':
        return arithmetic.multiply(this.at(o.left), this.at(o.right), isNarrow(o.format));
      case 'minimum':
      case 'maximum':
        return this.extreme(o.kind, this.at(o.left), this.at(o.right));
      case 'and':
      case 'or': {
        const masks = [get(truthOf(o.left)), get(truthOf(o.right))];
        const both = operation(o.kind === 'and' ? 'v128.and' : 'v128.or', masks);
        return arithmetic.truth(this.f.keep(both, 'mask'));
      }
      case 'negate':
        return arithmetic.combine('sub', zero(), this.at(o.operand), isNarrow(o.format));
      case 'absolute': {
        const a = this.at(o.operand);
        const negative = arithmetic.combine('sub', zero(), a, isNarrow(o.format));
        return this.extreme('maximum', a, negative);
      }
      case 'sign': {
        const a = this.at(o.operand);
        const positive = arithmetic.truth(arithmetic.compare('gt_s', a, zero()));
        const negative = arithmetic.truth(arithmetic.compare('lt_s', a, zero()));
        return arithmetic.combine('sub', positive, negative, true);
      }
      case 'not':
        return arithmetic.truth(arithmetic.compare('eq', this.at(o.operand), zero()));
      case 'compare':
        return arithmetic.truth(
          arithmetic.compare(COMPARISONS[o.operator], this.at(o.left), this.at(o.right)),
        );
      case 'select':
        return arithmetic.select(truthOf(o.condition), this.at(o.then), this.at(o.otherwise));
      case 'shift':
        return this.shift(o);
      case 'limit':
        return this.limit(this.at(o.operand), o.format, o.overflow);
      case 'shift-left': {
        const by = this.kernel.operations[o.by]!;
        if (by.kind !== 'load') throw new Error('a count that varies is a field');
        const power = arithmetic.narrow(this.places.power(by.field));
        return arithmetic.multiply(this.at(o.operand), power, isNarrow(o.format));
      }
      case 'table':
        return this.table(o);
      default:
        return unreachable(o);
    }
  }

  private extreme(kind: 'minimum' | 'maximum', a: Lanes, b: Lanes): Lanes {
    if (a.kind === 'narrow' && b.kind === 'narrow') {
      const name = kind === 'minimum' ? 'i32x4.min_s' : 'i32x4.max_s';
      return this.arithmetic.narrow(operation(name, [get(a.value), get(b.value)]));
    }
    const mask = this.arithmetic.compare(kind === 'minimum' ? 'lt_s' : 'gt_s', a, b);
    return this.arithmetic.select(mask, a, b);
  }

  private shift({
    operand,
    bits,
    rounding,
    operation: draw,
  }: MicroOperation & { kind: 'shift' }): Lanes {
    const { arithmetic } = this;
    const from = this.kernel.operations[operand]!.format;
    let value = this.at(operand);
    if (bits < 0) return arithmetic.shift('shl', arithmetic.widen(value), -bits);
    // One bit of room for what is added before the floor; shifts of 32 and more need 64 bits.
    if (from.width > 30 || bits > 30) value = arithmetic.widen(value);
    const plus = (addend: Lanes): Lanes =>
      arithmetic.combine('add', value, addend, value.kind === 'narrow');
    switch (rounding) {
      case 'floor':
        return arithmetic.shift('shr_s', value, bits);
      case 'nearest':
        return arithmetic.shift('shr_s', plus(this.like(value, 2 ** (bits - 1))), bits);
      case 'toward-zero': {
        const sign = arithmetic.shift('shr_s', value, value.kind === 'narrow' ? 31 : 63);
        return arithmetic.shift('shr_s', plus(arithmetic.mask(sign, 2 ** bits - 1)), bits);
      }
      case 'stochastic': {
        const draws = operation('i32x4.shr_u', [this.places.random(draw), i32(32 - bits)]);
        return arithmetic.shift('shr_s', plus(arithmetic.narrow(draws)), bits);
      }
      default:
        return unreachable(rounding);
    }
  }

  private limit(value: Lanes, format: Format, overflow: Overflow): Lanes {
    const { arithmetic } = this;
    const between = (low: number, high: number): Lanes => {
      const raised = this.extreme('maximum', value, this.like(value, low));
      return this.extreme('minimum', raised, this.like(value, high));
    };
    switch (overflow) {
      case 'saturate':
        return between(minimumOf(format), maximumOf(format));
      case 'symmetric':
        return between(-maximumOf(format), maximumOf(format));
      case 'wrap': {
        if (!format.signed) return arithmetic.mask(value, maximumOf(format));
        const unused = (value.kind === 'narrow' ? 32 : 64) - format.width;
        return arithmetic.shift('shr_s', arithmetic.shift('shl', value, unused), unused);
      }
      case 'lava-wrap-24':
        return this.lavaWrap(value);
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
    const narrow = value.kind === 'narrow';
    const down = arithmetic.combine('sub', value, turn, narrow);
    const up = arithmetic.combine('add', value, turn, narrow);
    const below = arithmetic.select(arithmetic.compare('le_s', value, less), up, value);
    return arithmetic.select(arithmetic.compare('gt_s', value, half), down, below);
  }

  /** entries[(operand − first) >> shift], index saturated: lane by lane, for a vector cannot look up. */
  private table(o: MicroOperation & { kind: 'table' }): Lanes {
    const { arithmetic, f } = this;
    const first = arithmetic.constant(o.first, WIDE);
    const distance = arithmetic.combine('sub', this.at(o.operand), first, false);
    let index = arithmetic.shift('shr_s', distance, o.shift);
    index = this.extreme('maximum', index, arithmetic.constant(0, WIDE));
    index = this.extreme('minimum', index, arithmetic.constant(o.entries.length - 1, WIDE));
    const lanes = arithmetic.shrink(index).value;
    const offset = this.places.table(o.entries);
    let result: Node = i32x4(0);
    for (let lane = 0; lane < 4; lane++) {
      const number = operation('i32x4.extract_lane', [get(lanes)], [lane]);
      const entry = load('i32.load', operation('i32.shl', [number, i32(2)]), offset);
      result = operation('i32x4.replace_lane', [result, entry], [lane]);
    }
    return { kind: 'narrow', value: f.keep(result) };
  }
}
