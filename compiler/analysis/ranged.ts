import type { Span } from '../diagnostics/diagnostic.js';
import type { FixedComparison, FixedExpression } from '../levels/fixed/fixed.js';
import { type Format, formatOfRange, maximumOf, minimumOf } from '../levels/numbers/format.js';
import {
  type Overflow,
  overflowTo,
  type Rounding,
  shiftRight,
} from '../levels/numbers/rounding.js';

/** An integer expression with the interval of integers that it can take: interval analysis while building. */
export interface Ranged {
  readonly e: FixedExpression;
  readonly low: number;
  readonly high: number;
}

const make = (
  e: Omit<FixedExpression, 'format'> & { readonly format?: Format },
  low: number,
  high: number,
  fraction: number,
): Ranged => ({
  e: { ...e, format: e.format ?? formatOfRange(low, high, fraction) } as FixedExpression,
  low: low + 0,
  high: high + 0,
});

/** Integers up to here are exact constants: two words of 16 bits hold them. */
const EXACT_INTEGER = 2 ** 31;

/** A constant of at most `bits` significant bits, nearest; exact for integers and numbers that are dyadic enough. */
export function constant(real: number, bits: number, origin: Span): Ranged {
  if (Number.isInteger(real) && Math.abs(real) < EXACT_INTEGER) return integer(real, 0, origin);
  const exponent = Math.floor(Math.log2(Math.abs(real)));
  let fraction = bits - 1 - exponent;
  let value = Math.floor(real * 2 ** fraction + 0.5);
  while (value % 2 === 0) {
    value /= 2;
    fraction--;
  }
  return fraction < 0
    ? integer(value * 2 ** -fraction, 0, origin)
    : integer(value, fraction, origin);
}

/** The integer `value` with a binary point. */
export function integer(value: number, fraction: number, origin: Span): Ranged {
  return make({ kind: 'constant', value, origin } as FixedExpression, value, value, fraction);
}

/** A field; its range is its whole format unless a tighter one is known. */
export function read(
  field: string,
  format: Format,
  origin: Span,
  range?: readonly [number, number],
): Ranged {
  const [low, high] = range ?? [minimumOf(format), maximumOf(format)];
  return make(
    { kind: 'read', field, format, origin } as FixedExpression,
    low,
    high,
    format.fraction,
  );
}

const fractionOf = (a: Ranged): number => a.e.format.fraction;

/** The same value with more fraction bits (exact). */
export function widen(a: Ranged, fraction: number): Ranged {
  const shift = fraction - fractionOf(a);
  if (shift === 0) return a;
  if (shift < 0) throw new Error('widen cannot drop bits');
  const low = a.low * 2 ** shift;
  const high = a.high * 2 ** shift;
  if (a.e.kind === 'constant') return integer(low, fraction, a.e.origin);
  return make(
    {
      kind: 'convert',
      operand: a.e,
      rounding: 'floor',
      overflow: 'saturate',
      operation: 0,
      origin: a.e.origin,
    } as FixedExpression,
    low,
    high,
    fraction,
  );
}

function align(a: Ranged, b: Ranged): [Ranged, Ranged] {
  const fraction = Math.max(fractionOf(a), fractionOf(b));
  return [widen(a, fraction), widen(b, fraction)];
}

/** Exact sums, differences, extremes of aligned operands. */
export function combine(
  kind: 'add' | 'subtract' | 'minimum' | 'maximum',
  left: Ranged,
  right: Ranged,
  origin: Span,
): Ranged {
  const [a, b] = align(left, right);
  const [low, high] =
    kind === 'add'
      ? [a.low + b.low, a.high + b.high]
      : kind === 'subtract'
        ? [a.low - b.high, a.high - b.low]
        : kind === 'minimum'
          ? [Math.min(a.low, b.low), Math.min(a.high, b.high)]
          : [Math.max(a.low, b.low), Math.max(a.high, b.high)];
  return make({ kind, left: a.e, right: b.e, origin } as FixedExpression, low, high, fractionOf(a));
}

/** The exact product; powers of two cost no multiplier (they move the binary point). */
export function multiply(a: Ranged, b: Ranged, origin: Span): Ranged {
  const fraction = fractionOf(a) + fractionOf(b);
  for (const [unit, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (unit.e.kind === 'constant' && unit.e.value === 1)
      return reinterpret(other, fraction, origin);
  }
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  const node = { kind: 'multiply', left: a.e, right: b.e, origin } as FixedExpression;
  return make(node, Math.min(...ends), Math.max(...ends), fraction);
}

/** The same integer with another binary point. */
export function reinterpret(a: Ranged, fraction: number, origin: Span): Ranged {
  if (fraction === fractionOf(a)) return a;
  return make(
    { kind: 'reinterpret', operand: a.e, origin } as FixedExpression,
    a.low,
    a.high,
    fraction,
  );
}

export function unary(
  kind: 'negate' | 'absolute' | 'sign' | 'not',
  a: Ranged,
  origin: Span,
): Ranged {
  const touchesZero = a.low <= 0 && a.high >= 0;
  const [low, high] =
    kind === 'negate'
      ? [-a.high, -a.low]
      : kind === 'absolute'
        ? [
            touchesZero ? 0 : Math.min(Math.abs(a.low), Math.abs(a.high)),
            Math.max(Math.abs(a.low), Math.abs(a.high)),
          ]
        : kind === 'sign'
          ? [Math.sign(a.low), Math.sign(a.high)]
          : [0, 1];
  const fraction = kind === 'sign' || kind === 'not' ? 0 : fractionOf(a);
  return make({ kind, operand: a.e, origin } as FixedExpression, low, high, fraction);
}

export function compare(
  operator: FixedComparison,
  left: Ranged,
  right: Ranged,
  origin: Span,
): Ranged {
  const [a, b] = align(left, right);
  return make(
    { kind: 'compare', operator, left: a.e, right: b.e, origin } as FixedExpression,
    0,
    1,
    0,
  );
}

export function logical(kind: 'and' | 'or', a: Ranged, b: Ranged, origin: Span): Ranged {
  return make({ kind, left: a.e, right: b.e, origin } as FixedExpression, 0, 1, 0);
}

export function select(condition: Ranged, yes: Ranged, no: Ranged, origin: Span): Ranged {
  const [a, b] = align(yes, no);
  const node = {
    kind: 'select',
    condition: condition.e,
    then: a.e,
    otherwise: b.e,
    origin,
  } as FixedExpression;
  return make(node, Math.min(a.low, b.low), Math.max(a.high, b.high), fractionOf(a));
}

/** operand · 2^by for `by` in [0, most]. */
export function shiftLeft(a: Ranged, by: Ranged, origin: Span): Ranged {
  const most = 2 ** by.high;
  const node = { kind: 'shift-left', operand: a.e, by: by.e, origin } as FixedExpression;
  return make(node, Math.min(a.low * most, a.low), Math.max(a.high * most, a.high), fractionOf(a));
}

/** The value in `format`: the only rounding there is beside tables. */
export function convert(
  a: Ranged,
  format: Format,
  rounding: Rounding,
  overflow: Overflow,
  origin: Span,
  operation = 0,
): Ranged {
  const dropped = fractionOf(a) - format.fraction;
  if (a.e.kind === 'constant') {
    const value = overflowTo(
      shiftRight(a.e.value, dropped, rounding === 'stochastic' ? 'nearest' : rounding),
      format,
      overflow,
    );
    return make(
      { kind: 'constant', value, format, origin } as FixedExpression,
      value,
      value,
      format.fraction,
    );
  }
  const ones = rounding === 'stochastic' ? 0xffffffff : 0;
  const low = shiftRight(a.low, dropped, rounding, 0);
  const high = shiftRight(a.high, dropped, rounding, ones);
  const monotone = overflow === 'saturate' || overflow === 'symmetric';
  // Lava's wrap takes −2^23 to +2^23 as well.
  const fits =
    low >= minimumOf(format) &&
    high <= maximumOf(format) &&
    (overflow !== 'lava-wrap-24' || (low > -(2 ** 23) && high <= 2 ** 23));
  const range: [number, number] =
    fits || monotone
      ? [overflowTo(low, format, overflow), overflowTo(high, format, overflow)]
      : [minimumOf(format), maximumOf(format)];
  const node = {
    kind: 'convert',
    operand: a.e,
    rounding,
    overflow,
    operation,
    format,
    origin,
  } as FixedExpression;
  return make(node, range[0], range[1], format.fraction);
}

/** Drops fraction bits (nearest) until the value has at most `bits` bits; where `bits` is below 1 it becomes 0 (or one step). */
export function narrow(a: Ranged, bits: number, origin: Span): Ranged {
  const { width, fraction, signed } = a.e.format;
  if (width <= bits) return a;
  const format: Format = { signed, width: Math.max(1, bits), fraction: fraction - (width - bits) };
  return convert(a, format, 'nearest', 'saturate', origin);
}

/** A function table: `entries` for the integer operand from `first` on, one per 2^shift. */
export function table(
  a: Ranged,
  entries: readonly number[],
  first: number,
  shift: number,
  format: Format,
  origin: Span,
): Ranged {
  const node = {
    kind: 'table',
    operand: a.e,
    entries,
    first,
    shift,
    format,
    origin,
  } as FixedExpression;
  return make(node, Math.min(...entries), Math.max(...entries), format.fraction);
}
