import type { Span } from '../../../compiler/diagnostics/diagnostic.js';
import {
  type CoreInstruction,
  IDLE_PASS,
  type Operand as OperandCode,
  type PassControl,
  type Result,
} from '../instructions.js';
import { type Instruction, isSpecial, type Operand } from '../select/instruction.js';

/** Where a field of a neuron lies: its page, and the bank in it. */
export interface Place {
  readonly page: number;
  readonly bank: number;
}

export const BANKS = 4;

/** The number of a place among the words of a neuron, page by page: that of its field in a Program. */
export const fieldIndex = ({ page, bank }: Place): number => page * BANKS + bank;

/** The place of a number. */
export const placeAt = (index: number): Place => ({
  page: Math.floor(index / BANKS),
  bank: index % BANKS,
});

/** The most pages that a neuron has. */
export const PAGES = 4;
/** The most passes that a command has. */
export const MOST_PASSES = 31;

/** An instruction of a unit, and the equation that it is from. */
export interface PackedInstruction {
  readonly instruction: CoreInstruction;
  readonly origin: Span;
}

/** A pass; units without an instruction pass their operands on. */
export interface PackedPass {
  readonly control: PassControl;
  readonly units: readonly (PackedInstruction | undefined)[];
}

/** What stands for the names of a program outside of it. */
export interface Surroundings {
  /** The number of a projection's scale. */
  scale(projection: string): number;
}

/** An instruction of `select` in its final form: `read` says where a word stands that is not special. */
export function packed(
  { op, a, b, c, e, p, s, rounding, operation, origin }: Instruction,
  d: Result,
  read: (operand: Operand) => OperandCode,
  { scale }: Surroundings,
): PackedInstruction {
  const code = (operand: Operand): OperandCode => {
    if (operand.kind === 'zero') return 'zero';
    return isSpecial(operand) ? 'special' : read(operand);
  };
  const instruction: CoreInstruction = {
    op,
    a: code(a),
    b: code(b),
    c: code(c),
    e: code(e),
    d,
    p,
    s,
    rounding: rounding === 'stochastic' ? (operation === 0 ? 'draw0' : 'draw1') : rounding,
    ...special([a, b, c, e].find(isSpecial), scale),
  };
  return { instruction, origin };
}

function special(
  operand: Operand | undefined,
  scale: Surroundings['scale'],
): Pick<CoreInstruction, 'special' | 'immediate'> {
  switch (operand?.kind) {
    case 'scale':
      return { special: 'scale', immediate: scale(operand.projection) };
    case 'modulator':
      return { special: 'modulator', immediate: 0 };
    case 'immediate':
      return { special: 'immediate', immediate: operand.value };
    default:
      return { special: 'immediate', immediate: 0 };
  }
}

/** The pages that a pass reads and writes. */
export interface Pages {
  readonly read: number;
  readonly write: number;
}

/** What a pass over neurons reads and leaves, bit b for bank b. */
export const passOverNeurons = ({ read, write }: Pages, banks: number): PassControl => ({
  ...IDLE_PASS,
  readPage: read,
  writePage: write,
  banks,
});

/** What an instruction reads. */
export const readsOf = ({ a, b, c, e }: Instruction): readonly Operand[] => [a, b, c, e];

export const fieldCode = (bank: number): OperandCode & Result => `f${bank}` as OperandCode & Result;
