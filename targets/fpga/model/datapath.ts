import {
  type CoreInstruction,
  OPERANDS,
  OPERATIONS,
  RESULTS,
  ROUNDINGS,
  SPECIALS,
} from '../instructions.js';

/** An instruction as numbers, the codes of instructions.ts: what a loop over lanes can switch on. */
export interface DecodedInstruction {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly e: number;
  readonly d: number;
  readonly p: number;
  readonly s: number;
  readonly rounding: number;
  readonly special: number;
  readonly immediate: number;
}

export const decoded = (i: CoreInstruction): DecodedInstruction => ({
  ...i,
  op: OPERATIONS.indexOf(i.op),
  a: OPERANDS.indexOf(i.a),
  b: OPERANDS.indexOf(i.b),
  c: OPERANDS.indexOf(i.c),
  e: OPERANDS.indexOf(i.e),
  d: RESULTS.indexOf(i.d),
  rounding: ROUNDINGS.indexOf(i.rounding),
  special: SPECIALS.indexOf(i.special),
});

/** Places of the operands of a lane, by code; `zero` stays 0. */
export const CONTEXT = 16;
const SPECIAL = 1;
const T0 = 2;
const T1 = 3;
const F0 = 4;
const W = 8;
const V = 9;

const [MAC, LT, LE, EQ, TERN, ABS] = [0, 1, 2, 3, 4, 5];

/** What an instruction sees beside the operands of its lane. */
export interface InstructionInputs {
  /** Immediate, mantissa or modulator. */
  special: number;
  /** What a scale takes off the shifts. */
  exponent: number;
  /** The byte drawn, where the rounding takes one. */
  draw: number;
  neuron: boolean;
  weightBits: number;
}

/** Told of what narrowings cut off. */
export interface SaturationCount {
  saturations: number;
}

const clip = (value: number, high: number, counted: SaturationCount): number => {
  if (value > high) {
    counted.saturations++;
    return high;
  }
  if (value < -high - 1) {
    counted.saturations++;
    return -high - 1;
  }
  return value;
};

/**
 * One instruction on the operands of one lane (README.md, "One instruction"): reads and writes `lane`, sixteen numbers in the order
 * of the operand codes. A result that names nothing is not computed and counts no saturation.
 */
export function execute(
  i: DecodedInstruction,
  lane: Int32Array,
  at: number,
  inputs: InstructionInputs,
  counted: SaturationCount,
): void {
  if (i.d === 0) return;
  lane[at + SPECIAL] = inputs.special;
  const a = lane[at + i.a]!;
  const b = lane[at + i.b]!;
  const before = counted.saturations;
  const width = i.d === 3 ? inputs.weightBits : 16;
  let z: number;
  if (i.op === MAC) {
    const difference = clip(a - b, 32767, counted);
    const p = (i.p - inputs.exponent) & 15;
    // Both addends are below 2^32, so the sum is exact before it wraps.
    z = (difference * lane[at + i.c]! + (lane[at + i.e]! << p)) | 0;
  } else {
    z = other(i.op, a, b, lane[at + i.c]!, lane[at + i.e]!, counted);
    const p = (i.p - inputs.exponent) & 15;
    z = z << p;
  }
  const s = (i.s - inputs.exponent) & 31;
  const shifted = z >> s;
  const lost = s >= 8 ? (z >> (s - 8)) & 255 : (z << (8 - s)) & 255;
  const carry =
    i.rounding === 1 ? lost >> 7 : i.rounding >= 2 ? Number(lost + inputs.draw > 255) : 0;
  const result = clip(shifted + carry, 2 ** (width - 1) - 1, counted);
  // A result counts once, wherever it was cut.
  if (counted.saturations > before) counted.saturations = before + 1;
  store(i.d, result, lane, at, inputs.neuron);
}

function other(
  op: number,
  a: number,
  b: number,
  c: number,
  e: number,
  counted: SaturationCount,
): number {
  switch (op) {
    case LT:
      return a < b ? c : e;
    case LE:
      return a <= b ? c : e;
    case EQ:
      return a === b ? c : e;
    case TERN:
      return Math.abs(a) > b ? Math.sign(a) : 0;
    case ABS:
      return clip(Math.abs(a), 32767, counted);
    default:
      throw new Error(`operation ${op}`);
  }
}

function store(d: number, result: number, lane: Int32Array, at: number, neuron: boolean): void {
  if (d === 1) lane[at + T0] = result;
  else if (d === 2) lane[at + T1] = result;
  else if (d === 3) lane[at + W] = result;
  else if (neuron) lane[at + F0 + d - 4] = result;
  else if (d === 4) {
    lane[at + V] = result;
    lane[at + T1] = result;
  }
}
