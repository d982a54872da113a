import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { FixedComparison } from '../../compiler/levels/fixed/fixed.js';
import type { MicroKernel, MicroOperation } from '../../compiler/levels/micro/micro.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import type { Overflow, Rounding } from '../../compiler/levels/numbers/rounding.js';
import type { ProgramTable } from '../../compiler/levels/program/program.js';
import { encodeNeuronWord, type NeuronOperand } from './neuron-instructions.js';

/** Where a stored field goes: a memory field, or a message. */
export interface FieldPlace {
  /** Index among the group's fields; −1 when the value only leaves in messages. */
  readonly field: number;
  readonly payload: boolean;
  /** x register of receiving synapses, and y register of this neuron; −1: none. */
  readonly x: number;
  readonly y: number;
}

/** Words with the spans that caused them. */
export interface EncodedCode {
  readonly words: number[];
  readonly origins: Span[];
}

export const COMPARISONS: readonly FixedComparison[] = ['<', '<=', '>', '>=', '==', '!='];
const SHIFTS: Record<Exclude<Rounding, 'stochastic'>, string> = {
  floor: 'SHF',
  nearest: 'SHN',
  'toward-zero': 'SHZ',
};
const LIMITS: Record<Overflow, string> = {
  saturate: 'SAT',
  wrap: 'WRP',
  symmetric: 'SYM',
  'lava-wrap-24': 'W24',
};
const BINARY = {
  add: 'ADD',
  subtract: 'SUB',
  multiply: 'MUL',
  minimum: 'MIN',
  maximum: 'MAX',
  and: 'AND',
  or: 'OR',
} as const;
const UNARY = { negate: 'NEG', absolute: 'ABS', sign: 'SGN', not: 'NOT' } as const;
const REGISTERS = 32;

/** Appends the program of one population to the core's code; returns its entry address. */
export function encodeNeuronKernel(
  kernel: MicroKernel,
  place: (field: string) => FieldPlace,
  code: EncodedCode,
  tables: ProgramTable[],
): number {
  const entry = code.words.length;
  for (const [index, operation] of kernel.operations.entries()) {
    const emit = (mnemonic: string, values: Partial<Record<NeuronOperand, number>>): void => {
      code.words.push(encodeNeuronWord(mnemonic, values));
      code.origins.push(operation.origin);
    };
    const register = (value: number): number => kernel.registers![value]!;
    const d = register(index);
    if (d >= REGISTERS) {
      fail(
        diagnostic(
          'PL3010',
          `the program of ${kernel.owner} needs more than ${REGISTERS} registers`,
          {
            span: operation.origin,
            help: 'split the statement: each `name <- …` frees its registers',
          },
        ),
      );
    }
    encodeOperation(operation, d, register, place, emit, tables);
  }
  code.words.push(encodeNeuronWord('HLT'));
  code.origins.push(kernel.operations.at(-1)!.origin);
  return entry;
}

type Emit = (mnemonic: string, values: Partial<Record<NeuronOperand, number>>) => void;

function encodeOperation(
  operation: MicroOperation,
  d: number,
  register: (value: number) => number,
  place: (field: string) => FieldPlace,
  emit: Emit,
  tables: ProgramTable[],
): void {
  switch (operation.kind) {
    case 'constant':
      return emitConstant(operation.value, d, emit);
    case 'load':
      return emit('LD', { d, immediate: place(operation.field).field });
    case 'store':
      return emitStore(place(operation.field), register(operation.value), emit);
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'not':
      return emit(UNARY[operation.kind], { d, a: register(operation.operand) });
    case 'compare': {
      const { left, right, operator } = operation;
      const immediate = COMPARISONS.indexOf(operator);
      return emit('CMP', { d, a: register(left), b: register(right), immediate });
    }
    case 'select': {
      const { condition, then, otherwise } = operation;
      return emit('SEL', { d, a: register(condition), b: register(then), c: register(otherwise) });
    }
    case 'shift':
      return emitShift(operation, d, register(operation.operand), emit);
    case 'limit':
      return emitLimit(operation.overflow, operation.format, d, register(operation.operand), emit);
    case 'shift-left':
      return emit('SHV', { d, a: register(operation.operand), b: register(operation.by) });
    case 'table': {
      const { entries, first, shift } = operation;
      tables.push({ entries, first, shift });
      return emit('TBL', { d, a: register(operation.operand), immediate: tables.length - 1 });
    }
    default:
      return emit(BINARY[operation.kind], {
        d,
        a: register(operation.left),
        b: register(operation.right),
      });
  }
}

/** The high 16 bits first, signed; then as many lower halves as the value needs. */
function emitConstant(value: number, d: number, emit: Emit): void {
  const halves: number[] = [];
  let rest = value;
  while (rest < -(2 ** 15) || rest >= 2 ** 15) {
    const low = rest - Math.floor(rest / 2 ** 16) * 2 ** 16;
    halves.unshift(low);
    rest = Math.floor(rest / 2 ** 16);
  }
  emit('LDI', { d, wide: rest });
  for (const half of halves) emit('LDH', { d, wide: half });
}

function emitStore(place: FieldPlace, a: number, emit: Emit): void {
  if (place.field >= 0) emit('ST', { a, immediate: place.field });
  if (place.payload) emit('SNC', { a });
  if (place.x >= 0) emit('SNT', { a, immediate: place.x });
  if (place.y >= 0) emit('WRT', { a, immediate: place.y });
}

function emitShift(
  operation: MicroOperation & { readonly kind: 'shift' },
  d: number,
  a: number,
  emit: Emit,
): void {
  const { bits, rounding } = operation;
  if (bits < 0) return emit('SHL', { d, a, immediate: -bits });
  if (rounding === 'stochastic') throw new Error('neurons round deterministically');
  emit(SHIFTS[rounding], { d, a, immediate: bits });
}

function emitLimit(overflow: Overflow, format: Format, d: number, a: number, emit: Emit): void {
  if (overflow === 'lava-wrap-24') return emit('W24', { d, a });
  emit(LIMITS[overflow], { d, a, immediate: (format.signed ? 64 : 0) + format.width });
}
