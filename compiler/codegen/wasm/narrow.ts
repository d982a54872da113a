import { unreachable } from '../../diagnostics/diagnostic.js';
import {
  type MicroKernel,
  type MicroOperation,
  operandsOf,
  renumbered,
} from '../../levels/micro/micro.js';
import {
  formatOfRange,
  MAX_WIDTH,
  maximumOf,
  minimumOf,
  type Range,
  rangeOfFormat,
} from '../../levels/numbers/format.js';
import { overflowTo, shiftRight } from '../../levels/numbers/rounding.js';
import { signedWidth } from './integer-value.js';

/** What a kernel meets when it runs. */
export interface KernelRanges {
  /** The values that a field holds. */
  field(name: string): Range;
  /**
   * A field of `mantissa · 2^exponent` of every synapse, where there may be one: coefficients alone can be multiplied
   * beforehand.
   */
  scaled?(mantissa: string, exponent: string): string | undefined;
  /** Whether limits that nobody reads stay: where what they change is counted. */
  readonly keepLimits?: boolean;
}

/** A kernel fitted to what it meets. */
export interface NarrowKernel {
  readonly kernel: MicroKernel;
  /** What is stored to each field. */
  readonly stored: ReadonlyMap<string, Range>;
  /** Bits of the widest value, those included that nobody reads. */
  readonly widest: number;
}

/**
 * The same kernel with formats as tight as what it meets, constants in place of fields that hold one value, coefficients scaled
 * beforehand, sums cut before they are made where that is the same, and nothing that no store needs.
 */
export function narrowKernel(kernel: MicroKernel, meets: KernelRanges): NarrowKernel {
  const narrowing = new Narrowing(kernel, meets);
  const operations = narrowing.write();
  const { stored, widest } = narrowing;
  return { kernel: { ...kernel, operations, registers: undefined }, stored, widest };
}

type Valued = Exclude<MicroOperation, { kind: 'store' }>;
type Shift = MicroOperation & { readonly kind: 'shift' };

class Narrowing {
  readonly stored = new Map<string, Range>();
  widest = 0;
  private readonly made: MicroOperation[] = [];
  private readonly ranges: Range[] = [];
  /** The new number of each old operation. */
  private readonly numbers: number[] = [];

  constructor(
    private readonly kernel: MicroKernel,
    private readonly meets: KernelRanges,
  ) {}

  write(): readonly MicroOperation[] {
    for (const o of this.kernel.operations) {
      this.numbers.push(o.kind === 'store' ? this.store(o) : this.rewrite(o));
    }
    return withoutUnused(this.made, this.meets.keepLimits === true);
  }

  private store(o: MicroOperation & { kind: 'store' }): number {
    const value = this.numbers[o.value]!;
    const range = this.ranges[value]!;
    const before = this.stored.get(o.field);
    this.stored.set(o.field, before ? union(before, range) : range);
    this.ranges.push([0, 0]);
    return this.made.push({ ...o, value }) - 1;
  }

  private rewrite(old: Valued): number {
    const o = renumbered(old, (index) => this.numbers[index]!) as Valued;
    if (o.kind === 'limit') return this.limit(o);
    if (o.kind === 'shift-left') return this.shiftLeft(o);
    if (o.kind === 'shift' && o.bits > 0) return this.shiftRight(o);
    return o.kind === 'shift' && o.bits === 0 ? o.operand : this.add(o);
  }

  /** Appends an operation whose operands are new numbers, in the format of its range. */
  private add(o: Valued): number {
    const range = this.exact(this.rangeOf(o));
    this.widest = Math.max(this.widest, signedWidth(formatOfRange(...range, 0)));
    const { origin } = o;
    const counted = o.kind === 'limit' && this.meets.keepLimits === true;
    if (range[0] === range[1] && o.kind !== 'constant' && !counted) {
      return this.add({ kind: 'constant', value: range[0], format: o.format, origin });
    }
    const [low, high] = range;
    // A limit's format is what it limits to.
    const states = o.kind === 'limit' && o.overflow !== 'lava-wrap-24';
    const format = states ? o.format : formatOfRange(low, high, 0);
    this.ranges.push(range);
    return this.made.push({ ...o, format }) - 1;
  }

  /** A range within what numbers hold; one beyond is noted in `widest`. */
  private exact(range: Range): Range {
    const most = 2 ** MAX_WIDTH;
    if (range[0] >= -most && range[1] <= most) return range;
    this.widest = Number.POSITIVE_INFINITY;
    return [-most, most];
  }

  /** A limit that changes nothing is none. */
  private limit(o: Valued & { kind: 'limit' }): number {
    const [low, high] = this.ranges[o.operand]!;
    const inside = low >= minimumOf(o.format) && high <= maximumOf(o.format);
    const plain = o.overflow === 'saturate' || o.overflow === 'wrap';
    return inside && plain ? o.operand : this.add(o);
  }

  /** What only has zeros where a sum is cut is added afterwards, to fewer bits. */
  private shiftRight(o: Shift): number {
    const sum = this.made[o.operand]!;
    if (sum.kind !== 'add' || o.rounding === 'toward-zero') return this.add(o);
    const [left, right] = [this.multipleOf(sum.left, o), this.multipleOf(sum.right, o)];
    const multiple = left ?? right;
    if (multiple === undefined) return this.add(o);
    const rest = this.add({ ...o, operand: left === undefined ? sum.left : sum.right });
    return this.add({ ...sum, left: multiple, right: rest });
  }

  /** A value that was shifted to the left, by at least what is to be dropped: what remains. */
  private multipleOf(index: number, { bits, origin, format }: Shift): number | undefined {
    const o = this.made[index]!;
    if (o.kind !== 'shift' || o.bits + bits > 0) return undefined;
    if (o.bits + bits === 0) return o.operand;
    return this.add({ ...o, bits: o.bits + bits, origin, format });
  }

  private shiftLeft(o: Valued & { kind: 'shift-left' }): number {
    const { origin, format } = o;
    const [least, most] = this.ranges[o.by]!;
    // There is no integer for such a shift; what asks for one is noted.
    if (least < 0) this.widest = Number.POSITIVE_INFINITY;
    if (least === most) {
      if (least === 0) return o.operand;
      const shift = { kind: 'shift', rounding: 'floor', operation: 0, origin, format } as const;
      return this.add({ ...shift, operand: o.operand, bits: -least });
    }
    const by = this.made[o.by]!;
    if (by.kind !== 'load') return this.add(o);
    return this.scale(o.operand, by.field) ?? this.add(o);
  }

  /** A product of factors and a coefficient · 2^exponent: the coefficient is taken times the power instead. */
  private scale(index: number, exponent: string): number | undefined {
    const o = this.made[index]!;
    const { origin, format } = o;
    if (o.kind === 'load') {
      const field = this.meets.scaled?.(o.field, exponent);
      return field === undefined ? undefined : this.add({ kind: 'load', field, origin, format });
    }
    if (o.kind !== 'multiply') return undefined;
    const right = this.scale(o.right, exponent);
    return right === undefined ? undefined : this.add({ ...o, right });
  }

  private rangeOf(o: Valued): Range {
    const at = (index: number): Range => this.ranges[index]!;
    switch (o.kind) {
      case 'constant':
        return [o.value, o.value];
      case 'load':
        return this.meets.field(o.field);
      case 'add':
        return [at(o.left)[0] + at(o.right)[0], at(o.left)[1] + at(o.right)[1]];
      case 'subtract':
        return [at(o.left)[0] - at(o.right)[1], at(o.left)[1] - at(o.right)[0]];
      case 'multiply':
        return corners(at(o.left), at(o.right), (a, b) => a * b);
      case 'minimum':
        return [Math.min(at(o.left)[0], at(o.right)[0]), Math.min(at(o.left)[1], at(o.right)[1])];
      case 'maximum':
        return [Math.max(at(o.left)[0], at(o.right)[0]), Math.max(at(o.left)[1], at(o.right)[1])];
      case 'and':
      case 'or':
      case 'not':
      case 'compare':
        return [0, 1];
      case 'negate':
        return [0 - at(o.operand)[1], 0 - at(o.operand)[0]];
      case 'absolute': {
        const [low, high] = at(o.operand);
        if (low >= 0) return [low, high];
        return high <= 0 ? [0 - high, 0 - low] : [0, Math.max(-low, high)];
      }
      case 'sign':
        return [Math.sign(at(o.operand)[0]) + 0, Math.sign(at(o.operand)[1]) + 0];
      case 'select':
        return union(at(o.then), at(o.otherwise));
      case 'shift':
        return shifted(at(o.operand), o);
      case 'limit':
        return limited(at(o.operand), o);
      case 'shift-left': {
        const [least, most] = at(o.by);
        return corners(at(o.operand), [2 ** least, 2 ** most], (a, b) => a * b);
      }
      case 'table':
        return o.entries.reduce<Range>(
          ([low, high], e) => [Math.min(low, e), Math.max(high, e)],
          [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
        );
      default:
        return unreachable(o);
    }
  }
}

/** Only what stores need, and limits that are kept, with numbers to match. */
function withoutUnused(
  operations: readonly MicroOperation[],
  keepLimits: boolean,
): readonly MicroOperation[] {
  const used = new Set<number>();
  for (let index = operations.length - 1; index >= 0; index--) {
    const o = operations[index]!;
    if (o.kind === 'store' || (keepLimits && o.kind === 'limit')) used.add(index);
    if (used.has(index)) for (const operand of operandsOf(o)) used.add(operand);
  }
  const numbers = new Map([...used].sort((a, b) => a - b).map((old, index) => [old, index]));
  return operations
    .filter((_, index) => used.has(index))
    .map((o) => renumbered(o, (old) => numbers.get(old)!));
}

const union = (a: Range, b: Range): Range => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

function corners(a: Range, b: Range, value: (x: number, y: number) => number): Range {
  const all = a.flatMap((x) => b.map((y) => value(x, y) + 0));
  return [Math.min(...all), Math.max(...all)];
}

function shifted(
  [low, high]: Range,
  { bits, rounding }: MicroOperation & { kind: 'shift' },
): Range {
  const most = rounding === 'stochastic' ? 0xffffffff : 0;
  return [shiftRight(low, bits, rounding, 0), shiftRight(high, bits, rounding, most)];
}

function limited(range: Range, { format, overflow }: MicroOperation & { kind: 'limit' }): Range {
  const [low, high] = range;
  switch (overflow) {
    case 'saturate':
    case 'symmetric':
      return [overflowTo(low, format, overflow), overflowTo(high, format, overflow)];
    case 'wrap':
      return low >= minimumOf(format) && high <= maximumOf(format) ? range : rangeOfFormat(format);
    case 'lava-wrap-24': {
      const turn = 2 ** 24;
      const half = turn / 2;
      if (low > -half && high <= half) return range;
      return [
        Math.min(
          Math.max(low, 1 - half),
          high > half ? 1 - half : high,
          low <= -half ? low + turn : high,
        ),
        Math.max(Math.min(high, half), low <= -half ? half : low, high - turn),
      ];
    }
    default:
      return unreachable(overflow);
  }
}
