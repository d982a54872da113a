import { expect } from 'vitest';
import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import {
  type MicroKernel,
  type MicroOperation,
  operandsOf,
} from '../../compiler/levels/micro/micro.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import type { Overflow } from '../../compiler/levels/numbers/rounding.js';

/** Fields and draws of one neuron or synapse. */
export interface MicroPorts {
  readonly fields: Map<string, number>;
  random(operation: number): number;
}

/**
 * Runs a kernel in unbounded integers, apart from the project's own arithmetic. Every value must fit the format that its
 * operation states; with registers, an operand must still lie in the register that it was put into.
 */
export function runMicro({ operations, registers, owner }: MicroKernel, ports: MicroPorts): void {
  const results: bigint[] = [];
  const file = new Map<number, { readonly writer: number; readonly value: bigint }>();
  const operand = (index: number): bigint => {
    if (!registers) return results[index]!;
    const { writer, value } = file.get(registers[index]!)!;
    expect(writer, `${owner}: register ${registers[index]} of operation ${index}`).toBe(index);
    return value;
  };
  for (const [index, operation] of operations.entries()) {
    if (operation.kind === 'store') {
      ports.fields.set(operation.field, Number(operand(operation.value)));
      continue;
    }
    const value = resultOf(operation, operandsOf(operation).map(operand), ports);
    const [low, high] = bounds(operation.format);
    if (value < low || value > high)
      expect.fail(`${owner}, operation ${index}: ${operation.kind} gives ${value}`);
    results[index] = value;
    if (registers) file.set(registers[index]!, { writer: index, value });
  }
}

function bounds({ signed, width }: Format): [bigint, bigint] {
  const half = 1n << BigInt(width - 1);
  return signed ? [-half, half - 1n] : [0n, 2n * half - 1n];
}

const bit = (holds: boolean): bigint => (holds ? 1n : 0n);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

type Computed = Exclude<MicroOperation, { readonly kind: 'store' }>;

function resultOf(o: Computed, [a = 0n, b = 0n, c = 0n]: bigint[], ports: MicroPorts): bigint {
  switch (o.kind) {
    case 'constant':
      return BigInt(o.value);
    case 'load':
      return BigInt(ports.fields.get(o.field)!);
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'minimum':
      return least(a, b);
    case 'maximum':
      return most(a, b);
    case 'and':
      return bit(a !== 0n && b !== 0n);
    case 'or':
      return bit(a !== 0n || b !== 0n);
    case 'not':
      return bit(a === 0n);
    case 'negate':
      return -a;
    case 'absolute':
      return most(a, -a);
    case 'sign':
      return bit(a > 0n) - bit(a < 0n);
    case 'compare':
      return bit(holds(o.operator, a, b));
    case 'select':
      return a !== 0n ? b : c;
    case 'shift-left':
      return a << b;
    case 'shift':
      return shifted(o, a, ports);
    case 'limit':
      return within(a, o.format, o.overflow);
    case 'table': {
      const at = (a - BigInt(o.first)) >> BigInt(o.shift);
      return BigInt(o.entries[Number(most(0n, least(BigInt(o.entries.length - 1), at)))]!);
    }
    default:
      return unreachable(o);
  }
}

function holds(operator: string, a: bigint, b: bigint): boolean {
  const order = a < b ? '<' : a > b ? '>' : '=';
  if (operator === '!=') return order !== '=';
  return operator === '==' ? order === '=' : operator.includes(order);
}

function shifted(
  { bits, rounding, operation }: MicroOperation & { readonly kind: 'shift' },
  value: bigint,
  ports: MicroPorts,
): bigint {
  if (bits <= 0) return value << BigInt(-bits);
  const by = BigInt(bits);
  switch (rounding) {
    case 'floor':
      return value >> by;
    case 'nearest':
      return (value + (1n << (by - 1n))) >> by;
    case 'toward-zero':
      return value / (1n << by);
    case 'stochastic':
      return (value + ((BigInt(ports.random(operation) >>> 0) << by) >> 32n)) >> by;
  }
}

function within(value: bigint, format: Format, overflow: Overflow): bigint {
  const [low, high] = bounds(format);
  switch (overflow) {
    case 'saturate':
      return most(low, least(high, value));
    case 'symmetric':
      return most(-high, least(high, value));
    case 'wrap':
      return format.signed
        ? BigInt.asIntN(format.width, value)
        : BigInt.asUintN(format.width, value);
    case 'lava-wrap-24':
      if (value > 1n << 23n) return value - (1n << 24n);
      return value <= -(1n << 23n) ? value + (1n << 24n) : value;
  }
}
