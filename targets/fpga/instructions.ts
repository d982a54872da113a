/**
 * Instructions of the core: what they mean stands in README.md. Layout of a word of 50 bits, lowest first:
 * `op 3, a 4, b 3, c 4, e 4, d 3, p 4, s 5, rounding 2` (the lower 32), `immediate 16, special 2` (the upper).
 */
export const OPERATIONS = ['mac', 'lt', 'le', 'eq', 'tern', 'abs'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Operands by their code; `w` is 1 for neurons. `b` knows the first eight only. */
export const OPERANDS = [
  'zero',
  'special',
  't0',
  't1',
  'f0',
  'f1',
  'f2',
  'f3',
  'w',
  'v',
  'k0',
  'k1',
  'k2',
  'k3',
  'x0',
  'x1',
] as const;
export type Operand = (typeof OPERANDS)[number];

/** Results by their code; `f0` is the variable `v` of a synapse. */
export const RESULTS = ['none', 't0', 't1', 'w', 'f0', 'f1', 'f2', 'f3'] as const;
export type Result = (typeof RESULTS)[number];

export const ROUNDINGS = ['none', 'nearest', 'draw0', 'draw1'] as const;
export const SPECIALS = ['immediate', 'scale', 'modulator'] as const;

/** One instruction, decoded. */
export interface CoreInstruction {
  readonly op: Operation;
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
  readonly e: Operand;
  readonly d: Result;
  readonly p: number;
  readonly s: number;
  readonly rounding: (typeof ROUNDINGS)[number];
  readonly special: (typeof SPECIALS)[number];
  /** The immediate, signed; of a scale its number. */
  readonly immediate: number;
}

export const NO_OPERATION: CoreInstruction = {
  op: 'mac',
  a: 'zero',
  b: 'zero',
  c: 'zero',
  e: 'zero',
  d: 'none',
  p: 0,
  s: 0,
  rounding: 'none',
  special: 'immediate',
  immediate: 0,
};

/** What a pass reads and leaves. Layout of its 11 bits, lowest first: pages 2 + 2, banks 4, send, weight, variable. */
export interface PassControl {
  readonly readPage: number;
  readonly writePage: number;
  /** Banks written back: bit b for f‹b›. */
  readonly banks: number;
  readonly send: boolean;
  readonly writeWeight: boolean;
  readonly writeVariable: boolean;
}

export const IDLE_PASS: PassControl = {
  readPage: 0,
  writePage: 0,
  banks: 0,
  send: false,
  writeWeight: false,
  writeVariable: false,
};

/** The two words of an instruction, unsigned. */
export function encodeInstruction(i: CoreInstruction): readonly [lower: number, upper: number] {
  const b = code(OPERANDS, i.b);
  if (b > 7) throw new Error(`${i.b} cannot be b`);
  const lower = pack([
    [code(OPERATIONS, i.op), 3],
    [code(OPERANDS, i.a), 4],
    [b, 3],
    [code(OPERANDS, i.c), 4],
    [code(OPERANDS, i.e), 4],
    [code(RESULTS, i.d), 3],
    [i.p, 4],
    [i.s, 5],
    [code(ROUNDINGS, i.rounding), 2],
  ]);
  const { immediate } = i;
  if (immediate < -(2 ** 15) || immediate >= 2 ** 15) throw new Error(`immediate ${immediate}`);
  const upper = pack([
    [immediate & 0xffff, 16],
    [code(SPECIALS, i.special), 2],
  ]);
  return [lower, upper];
}

/** The instruction of two words; undefined where they are none: unknown codes, or bits beyond the layout. */
export function decodeInstruction(lower: number, upper: number): CoreInstruction | undefined {
  const field = (low: number, bits: number): number => (lower >>> low) & (2 ** bits - 1);
  const op = OPERATIONS[field(0, 3)];
  const special = SPECIALS[(upper >>> 16) & 3];
  if (op === undefined || special === undefined || upper >>> 18 !== 0) return undefined;
  return {
    op,
    a: OPERANDS[field(3, 4)]!,
    b: OPERANDS[field(7, 3)]!,
    c: OPERANDS[field(10, 4)]!,
    e: OPERANDS[field(14, 4)]!,
    d: RESULTS[field(18, 3)]!,
    p: field(21, 4),
    s: field(25, 5),
    rounding: ROUNDINGS[field(30, 2)]!,
    special,
    immediate: (upper << 16) >> 16,
  };
}

/** The word of a pass. */
export const encodePass = (pass: PassControl): number =>
  pack([
    [pass.readPage, 2],
    [pass.writePage, 2],
    [pass.banks, 4],
    [Number(pass.send), 1],
    [Number(pass.writeWeight), 1],
    [Number(pass.writeVariable), 1],
  ]);

/** The pass of a word; undefined where it has bits beyond the layout. */
export function decodePass(word: number): PassControl | undefined {
  if (word >>> 11 !== 0) return undefined;
  return {
    readPage: word & 3,
    writePage: (word >>> 2) & 3,
    banks: (word >>> 4) & 15,
    send: ((word >>> 8) & 1) === 1,
    writeWeight: ((word >>> 9) & 1) === 1,
    writeVariable: ((word >>> 10) & 1) === 1,
  };
}

function code<T extends string>(names: readonly T[], name: T): number {
  const found = names.indexOf(name);
  if (found < 0) throw new Error(`no code for ${name}`);
  return found;
}

/** Fields side by side, the first one lowest. */
export function pack(fields: readonly (readonly [value: number, bits: number])[]): number {
  let word = 0;
  let low = 0;
  for (const [value, bits] of fields) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
      throw new Error(`${value} does not fit ${bits} bits`);
    }
    word += value * 2 ** low;
    low += bits;
  }
  if (low > 32) throw new Error(`${low} bits in a word of 32`);
  return word;
}
