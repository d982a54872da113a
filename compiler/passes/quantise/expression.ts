import type { Expression, FunctionName } from '../../../src/equations/ast.js';
import { exp } from '../../../src/equations/functions/exp.js';
import { log } from '../../../src/equations/functions/log.js';
import { tanh } from '../../../src/equations/functions/tanh.js';
import {
  combine,
  compare,
  convert,
  integer,
  logical,
  multiply,
  narrow,
  type Ranged,
  table,
  unary,
} from '../../analysis/ranged.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import { fail, type Span, unreachable } from '../../diagnostics/diagnostic.js';
import { type Format, maximumOf, minimumOf, signed, toReal } from '../../levels/numbers/format.js';
import { type Overflow, type Rounding, toInteger } from '../../levels/numbers/rounding.js';
import type { NeuronArithmetic } from '../../target.js';

/** What names mean while the equations of one population are lowered. */
export interface LoweringScope {
  readonly arithmetic: NeuronArithmetic;
  /** A variable, a local or `I`. */
  read(name: string, origin: Span): Ranged;
  /** The value of an expression that only parameters and numbers enter; undefined for any other. */
  fixed(expression: Expression): Ranged | undefined;
}

/** An expression of the language as exact integer arithmetic; roundings appear only where registers end. */
export function lowerExpression(expression: Expression, scope: LoweringScope): Ranged {
  const constant = scope.fixed(expression);
  if (constant) return constant;
  const { origin } = expression;
  switch (expression.kind) {
    case 'number':
      throw new Error('a number is always fixed');
    case 'name':
      return scope.read(expression.name, origin);
    case 'unary': {
      const operand = lowerExpression(expression.operand, scope);
      return unary(expression.operator === '-' ? 'negate' : 'not', operand, origin);
    }
    case 'binary':
      return lowerBinary(expression, scope);
    case 'call': {
      const operands = expression.arguments.map((a) => lowerExpression(a, scope));
      return lowerCall(expression.function, operands, scope, origin);
    }
    default:
      return unreachable(expression);
  }
}

function lowerBinary(e: Expression & { readonly kind: 'binary' }, scope: LoweringScope): Ranged {
  const { origin, operator } = e;
  const bits = scope.arithmetic.registerBits;
  if (operator === '/') return divide(e, scope);
  if (operator === '^') return power(e, scope);
  const left = lowerExpression(e.left, scope);
  const right = lowerExpression(e.right, scope);
  switch (operator) {
    case '+':
    case '-': {
      const [a, b] = alignable(left, right, bits, origin);
      return combine(operator === '+' ? 'add' : 'subtract', a, b, origin);
    }
    case '*':
      return product(left, right, bits, origin);
    case 'and':
    case 'or':
      return logical(operator, left, right, origin);
    default: {
      const [a, b] = alignable(left, right, bits, origin);
      return compare(operator, a, b, origin);
    }
  }
}

/** Drops fraction bits where the aligned operands or their sum would pass the registers. */
export function alignable(
  left: Ranged,
  right: Ranged,
  bits: number,
  origin: Span,
): [Ranged, Ranged] {
  const whole = (r: Ranged): number => r.e.format.width - r.e.format.fraction;
  const room = bits - 2 - Math.max(whole(left), whole(right));
  const cut = (r: Ranged): Ranged => {
    const { width, fraction } = r.e.format;
    return fraction <= room ? r : narrow(r, width - (fraction - room), origin);
  };
  return [cut(left), cut(right)];
}

/** The product; where it would pass the registers, which are signed, the wider operand is narrowed (nearest), both where both are wide. */
export function product(left: Ranged, right: Ranged, bits: number, origin: Span): Ranged {
  const [a, b] = [left.e.format.width, right.e.format.width];
  const most = left.e.format.signed || right.e.format.signed ? bits : bits - 1;
  if (a + b <= most) return multiply(left, right, origin);
  const half = Math.floor(most / 2);
  const room = (own: number, other: number): number =>
    own > half ? Math.max(half, most - other) : own;
  const narrowed = [narrow(left, room(a, b), origin), narrow(right, room(b, a), origin)] as const;
  return multiply(...narrowed, origin);
}

/**
 * The value in a format: `convert`, where appending fraction bits would pass the registers on the way, with the overflow first
 * at the value's own binary point.
 */
export function convertWithin(
  value: Ranged,
  format: Format,
  { rounding, overflow }: { readonly rounding: Rounding; readonly overflow: Overflow },
  bits: number,
  origin: Span,
): Ranged {
  const { width, fraction } = value.e.format;
  const appended = format.fraction - fraction;
  if (
    appended <= 0 ||
    width + appended + (value.e.format.signed ? 0 : 1) <= bits ||
    overflow === 'lava-wrap-24'
  )
    return convert(value, format, rounding, overflow, origin);
  const bounded = overflow === 'wrap' ? wrapFirst() : saturateFirst();
  return convert(bounded, format, rounding, overflow, origin);

  function wrapFirst(): Ranged {
    const kept = format.width - appended;
    if (kept < 1) return integer(0, format.fraction, origin);
    return convert(value, { ...format, width: kept, fraction }, 'floor', 'wrap', origin);
  }

  function saturateFirst(): Ranged {
    const low = integer(Math.floor(minimumOf(format) / 2 ** appended), fraction, origin);
    const high = integer(Math.ceil(maximumOf(format) / 2 ** appended), fraction, origin);
    return combine('minimum', combine('maximum', value, low, origin), high, origin);
  }
}

function divide(e: Expression & { readonly kind: 'binary' }, scope: LoweringScope): Ranged {
  const one: Expression = { kind: 'number', value: 1, origin: e.right.origin };
  const reciprocal = scope.fixed({ ...e, left: one });
  if (!reciprocal) {
    return fail(
      diagnostic(
        'PL2003',
        'the divisor changes while the network runs, and the target has no divider',
        {
          span: e.right.origin,
          help: 'divide by a parameter or a number, or multiply by a function of the value instead',
        },
      ),
    );
  }
  return product(
    lowerExpression(e.left, scope),
    reciprocal,
    scope.arithmetic.registerBits,
    e.origin,
  );
}

function power(e: Expression & { readonly kind: 'binary' }, scope: LoweringScope): Ranged {
  const base = lowerExpression(e.left, scope);
  const exponent = e.right.kind === 'number' ? e.right.value : 0;
  let result = integer(1, 0, e.origin);
  for (let i = 0; i < exponent; i++) {
    result = product(result, base, scope.arithmetic.registerBits, e.origin);
  }
  return result;
}

function lowerCall(
  name: FunctionName,
  operands: readonly Ranged[],
  scope: LoweringScope,
  origin: Span,
): Ranged {
  const [a, b] = operands as readonly [Ranged, Ranged];
  switch (name) {
    case 'abs':
      return unary('absolute', a, origin);
    case 'sign':
      return unary('sign', a, origin);
    case 'min':
    case 'max': {
      const [left, right] = alignable(a, b, scope.arithmetic.registerBits, origin);
      return combine(name === 'min' ? 'minimum' : 'maximum', left, right, origin);
    }
    case 'exp':
    case 'log':
    case 'tanh':
    case 'sqrt':
      return tabulate(name, a, scope, origin);
    default:
      return unreachable(name);
  }
}

const TABULATED = { exp, log, tanh, sqrt: Math.sqrt };
/** Where the function is worth entries; beyond it the table's end holds. */
const DOMAIN = {
  exp: [-16, 10],
  log: [2 ** -8, 2 ** 16],
  tanh: [-4, 4],
  sqrt: [0, 2 ** 16],
} as const;

/** A function of a varying value becomes a table of its values at the middle of equal intervals. */
function tabulate(
  name: keyof typeof TABULATED,
  operand: Ranged,
  scope: LoweringScope,
  origin: Span,
): Ranged {
  const { tableEntries, constantBits } = scope.arithmetic;
  if (tableEntries === 0) {
    return fail(
      diagnostic('PL3002', `the target has no table for \`${name}\` of a varying value`, {
        span: origin,
        help: 'write it with sums, products and comparisons, or compile for a target that has tables (plastron targets)',
      }),
    );
  }
  const { fraction } = operand.e.format;
  const unit = 2 ** fraction;
  // Rounded up: the logarithm has no value at 0.
  const [low, high] = DOMAIN[name].map((end) => Math.ceil(end * unit)) as [number, number];
  const first = Math.min(Math.max(operand.low, low), high);
  const last = Math.max(first, Math.min(operand.high, high));
  let shift = 0;
  // The end of the domain itself may read the last entry.
  while ((last - first) / 2 ** shift > tableEntries) shift++;
  const count = Math.min(tableEntries, Math.floor((last - first) / 2 ** shift) + 1);
  const middle = (2 ** shift - 1) / 2;
  const values = Array.from({ length: count }, (_, i) =>
    TABULATED[name]((first + i * 2 ** shift + middle) / unit),
  );
  const largest = Math.max(...values.map(Math.abs), 2 ** -constantBits);
  const format = signed(constantBits + 4, constantBits + 2 - Math.floor(Math.log2(largest)));
  return table(
    operand,
    values.map((v) => toInteger(v, format)),
    first,
    shift,
    format,
    origin,
  );
}

/** Real bounds of a ranged value, for reports. */
export function realRange(value: Ranged): [number, number] {
  return [toReal(value.low, value.e.format), toReal(value.high, value.e.format)];
}
