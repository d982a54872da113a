import { unreachable } from '../../diagnostics/diagnostic.js';
import type { MicroKernel, MicroOperation } from '../../levels/micro/micro.js';
import { type Format, maximumOf, minimumOf } from '../../levels/numbers/format.js';
import type { Overflow } from '../../levels/numbers/rounding.js';

/** Fits a 32-bit integer of JavaScript. */
export const isNarrow = (format: Format): boolean => format.width <= (format.signed ? 32 : 31);

/** How generated code reads and writes fields, and where it gets random bits. */
export interface KernelNames {
  load(field: string): string;
  store(field: string, value: string): string;
  /** The draw of a rounding that drops `bits` bits: the top ones of a 32-bit word. */
  random(operation: number, bits: number): string;
}

/**
 * Micro-operations as JavaScript statements, one constant each. Where result and operands fit 32 bits the code uses 32-bit
 * integers; elsewhere float64, which is exact because every format is at most 53 bits wide.
 */
export function emitKernel(kernel: MicroKernel, names: KernelNames): string[] {
  return kernel.operations.map((operation, index) => {
    if (operation.kind === 'store')
      return `${names.store(operation.field, `t${operation.value}`)};`;
    return `const t${index} = ${emitOperation(operation, kernel.operations, names)};`;
  });
}

type Operations = readonly MicroOperation[];

function emitOperation(
  o: Exclude<MicroOperation, { kind: 'store' }>,
  all: Operations,
  names: KernelNames,
): string {
  const narrow = (...operands: number[]): boolean =>
    isNarrow(o.format) && operands.every((i) => isNarrow(all[i]!.format));
  const whole = (text: string, ...operands: number[]): string =>
    narrow(...operands) ? `${text} | 0` : text;
  switch (o.kind) {
    case 'constant':
      return `${o.value}`;
    case 'load':
      return names.load(o.field);
    case 'add':
      return whole(`t${o.left} + t${o.right}`, o.left, o.right);
    case 'subtract':
      return whole(`t${o.left} - t${o.right}`, o.left, o.right);
    case 'multiply':
      return narrow(o.left, o.right)
        ? `Math.imul(t${o.left}, t${o.right})`
        : `t${o.left} * t${o.right} + 0`;
    case 'minimum':
      return `t${o.left} < t${o.right} ? t${o.left} : t${o.right}`;
    case 'maximum':
      return `t${o.left} > t${o.right} ? t${o.left} : t${o.right}`;
    case 'and':
      return `t${o.left} !== 0 && t${o.right} !== 0 ? 1 : 0`;
    case 'or':
      return `t${o.left} !== 0 || t${o.right} !== 0 ? 1 : 0`;
    case 'negate':
      return whole(`0 - t${o.operand}`, o.operand);
    case 'absolute':
      return `t${o.operand} < 0 ? 0 - t${o.operand} : t${o.operand}`;
    case 'sign':
      return `t${o.operand} > 0 ? 1 : t${o.operand} < 0 ? -1 : 0`;
    case 'not':
      return `t${o.operand} === 0 ? 1 : 0`;
    case 'compare':
      return `t${o.left} ${o.operator === '==' ? '===' : o.operator === '!=' ? '!==' : o.operator} t${o.right} ? 1 : 0`;
    case 'select':
      return `t${o.condition} !== 0 ? t${o.then} : t${o.otherwise}`;
    case 'shift':
      return emitShift(o, all[o.operand]!.format, names);
    case 'limit':
      return emitLimit(`t${o.operand}`, o.format, o.overflow);
    case 'shift-left':
      return narrow(o.operand) ? `t${o.operand} << t${o.by}` : `t${o.operand} * 2 ** t${o.by}`;
    case 'table': {
      const { entries, first, shift } = o;
      const at = `Math.max(0, Math.min(${entries.length - 1}, Math.floor((t${o.operand} - ${first}) * ${2 ** -shift})))`;
      return `[${entries.join(', ')}][${at}]`;
    }
    default:
      return unreachable(o);
  }
}

function emitShift(
  { operand, bits, rounding, operation, format }: MicroOperation & { readonly kind: 'shift' },
  from: Format,
  names: KernelNames,
): string {
  const value = `t${operand}`;
  // One bit of room for what nearest and stochastic rounding add.
  const narrow = isNarrow(format) && from.width <= 30 && bits <= 30;
  if (bits < 0)
    return narrow && isNarrow(from) ? `${value} << ${-bits}` : `${value} * ${2 ** -bits}`;
  const floor = (text: string): string =>
    narrow ? `(${text}) >> ${bits}` : `Math.floor((${text}) * ${2 ** -bits})`;
  switch (rounding) {
    case 'floor':
      return floor(value);
    case 'nearest':
      return floor(`${value} + ${2 ** (bits - 1)}`);
    case 'toward-zero':
      return narrow
        ? `(${value} + ((${value} >> 31) & ${2 ** bits - 1})) >> ${bits}`
        : `Math.trunc(${value} * ${2 ** -bits}) + 0`;
    case 'stochastic':
      return floor(`${value} + (${names.random(operation, bits)} >>> ${32 - bits})`);
    default:
      return unreachable(rounding);
  }
}

function emitLimit(value: string, format: Format, overflow: Overflow): string {
  const low = minimumOf(format);
  const high = maximumOf(format);
  switch (overflow) {
    case 'saturate':
      return `${value} < ${low} ? ${low} : ${value} > ${high} ? ${high} : ${value}`;
    case 'symmetric':
      return `${value} < ${-high} ? ${-high} : ${value} > ${high} ? ${high} : ${value}`;
    case 'wrap': {
      const size = 2 ** format.width;
      const residue = `${value} - Math.floor((${value} - (${low})) * ${1 / size}) * ${size}`;
      return residue;
    }
    case 'lava-wrap-24':
      return `${value} > ${2 ** 23} ? ${value} - ${2 ** 24} : ${value} <= ${-(2 ** 23)} ? ${value} + ${2 ** 24} : ${value}`;
    default:
      return unreachable(overflow);
  }
}
