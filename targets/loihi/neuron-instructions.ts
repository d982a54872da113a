/**
 * The instruction table of the neuron programs.
 *
 * ASSUMPTION: the public sources say that Loihi 2's neurons are programs of micro-operations, and name no encoding.
 * This encoding is Plastron's own; widths of registers and the time of an instruction are assumptions as well.
 *
 * Layout of a word: `[31:26] opcode  [25:21] d  [20:16] a  [15:11] b  [10:0] immediate`; SEL has c in `[4:0]`; LDI and
 * LDH use `[15:0]` as a 16-bit immediate. Bits that an instruction does not use are zero, and an immediate has a
 * meaning: anything else traps.
 */
export type NeuronOperand = 'd' | 'a' | 'b' | 'c' | 'immediate' | 'wide';

export interface NeuronInstruction {
  readonly mnemonic: string;
  readonly opcode: number;
  readonly operands: readonly NeuronOperand[];
  readonly about: string;
  /** What the immediate means, where not every number has a meaning. */
  readonly immediate: ImmediateKind;
}

/** `comparison`: one of six; `shift`: 0 … 127; `format` and `signed-format`: signed · 64 + width of 1 … 48. */
type ImmediateKind = 'any' | 'comparison' | 'shift' | 'format' | 'signed-format';

const isWidth = (width: number): boolean => width >= 1 && width <= 48;

const LEGAL: Readonly<Record<ImmediateKind, (immediate: number) => boolean>> = {
  any: () => true,
  comparison: (immediate) => immediate < 6,
  shift: (immediate) => immediate < 128,
  format: (immediate) => immediate < 128 && isWidth(immediate % 64),
  'signed-format': (immediate) => immediate >= 64 && isWidth(immediate - 64),
};

const row = (
  opcode: number,
  mnemonic: string,
  operands: string,
  about: string,
  immediate: ImmediateKind = 'any',
): NeuronInstruction => ({
  opcode,
  mnemonic,
  operands: operands.split(' ').filter((o) => o !== '') as NeuronOperand[],
  about,
  immediate,
});

export const NEURON_INSTRUCTIONS: readonly NeuronInstruction[] = [
  row(0x01, 'LDI', 'd wide', 'd = sign-extended 16-bit immediate'),
  row(0x02, 'LDH', 'd wide', 'd = d · 2^16 + unsigned 16-bit immediate'),
  row(0x03, 'LD', 'd immediate', 'd = field[immediate] of this neuron'),
  row(0x04, 'ST', 'a immediate', 'field[immediate] of this neuron = a'),
  row(0x05, 'ADD', 'd a b', 'd = a + b'),
  row(0x06, 'SUB', 'd a b', 'd = a − b'),
  row(0x07, 'MUL', 'd a b', 'd = a · b'),
  row(0x08, 'MIN', 'd a b', 'd = the smaller of a and b'),
  row(0x09, 'MAX', 'd a b', 'd = the larger of a and b'),
  row(0x0a, 'NEG', 'd a', 'd = −a'),
  row(0x0b, 'ABS', 'd a', 'd = |a|'),
  row(0x0c, 'SGN', 'd a', 'd = −1, 0 or 1 as a is'),
  row(0x0d, 'NOT', 'd a', 'd = 1 where a is 0, else 0'),
  row(0x0e, 'AND', 'd a b', 'd = 1 where neither is 0, else 0'),
  row(0x0f, 'OR', 'd a b', 'd = 1 where one is not 0, else 0'),
  row(
    0x10,
    'CMP',
    'd a b immediate',
    'd = a OP b; immediate 0 <, 1 <=, 2 >, 3 >=, 4 ==, 5 !=',
    'comparison',
  ),
  row(0x11, 'SEL', 'd a b c', 'd = b where a is not 0, else c'),
  row(0x12, 'SHL', 'd a immediate', 'd = a · 2^immediate', 'shift'),
  row(0x13, 'SHF', 'd a immediate', 'd = a / 2^immediate, floor', 'shift'),
  row(0x14, 'SHN', 'd a immediate', 'd = a / 2^immediate, nearest', 'shift'),
  row(0x15, 'SHZ', 'd a immediate', 'd = a / 2^immediate, toward zero', 'shift'),
  row(0x16, 'SHV', 'd a b', 'd = a · 2^b'),
  row(0x17, 'SAT', 'd a immediate', 'd = a saturated; immediate = signed · 64 + width', 'format'),
  row(0x18, 'WRP', 'd a immediate', 'd = a wrapped; immediate = signed · 64 + width', 'format'),
  row(
    0x19,
    'SYM',
    'd a immediate',
    'd = a saturated symmetrically; immediate = 64 + width',
    'signed-format',
  ),
  row(0x1a, 'W24', 'd a', 'd = a wrapped once into (−2^23, 2^23]'),
  row(0x1b, 'TBL', 'd a immediate', 'd = table[immediate] at a'),
  row(0x1c, 'SNC', 'a', 'send a current message with payload a (none where a is 0)'),
  row(
    0x1d,
    'SNT',
    'a immediate',
    'send trace message a for x[immediate] of the receiving synapses',
  ),
  row(0x1e, 'WRT', 'a immediate', 'y[immediate] of this neuron = a'),
  row(0x1f, 'HLT', '', 'end of the program'),
];

/** A decoded word. `c` is the fourth register of SEL. */
export interface NeuronWord {
  readonly instruction: NeuronInstruction;
  readonly d: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly immediate: number;
}

const byOpcode = new Map(NEURON_INSTRUCTIONS.map((i) => [i.opcode, i]));
const byMnemonic = new Map(NEURON_INSTRUCTIONS.map((i) => [i.mnemonic, i]));

/** The instruction of a mnemonic; an unknown one is a bug of the encoder. */
export function neuronInstruction(mnemonic: string): NeuronInstruction {
  const found = byMnemonic.get(mnemonic);
  if (!found) throw new Error(`no instruction ${mnemonic}`);
  return found;
}

const SHIFT = { d: 21, a: 16, b: 11, c: 0, immediate: 0, wide: 0 } as const;
const BITS = { d: 5, a: 5, b: 5, c: 5, immediate: 11, wide: 16 } as const;

/** Whether a field of a word can hold a value; the immediate of LDI alone is signed. */
function holds(mnemonic: string, operand: NeuronOperand, value: number): boolean {
  const size = 2 ** BITS[operand];
  const low = operand === 'wide' && mnemonic === 'LDI' ? -(size / 2) : 0;
  return Number.isInteger(value) && value >= low && value < low + size;
}

/** Packs operands into a word; a field that does not fit is a bug of the encoder. */
export function encodeNeuronWord(
  mnemonic: string,
  values: Partial<Record<NeuronOperand, number>> = {},
): number {
  const instruction = neuronInstruction(mnemonic);
  let word = instruction.opcode * 2 ** 26;
  for (const operand of instruction.operands) {
    const value = values[operand] ?? 0;
    if (!holds(mnemonic, operand, value)) {
      throw new Error(`${mnemonic}: ${operand} cannot hold ${value}`);
    }
    const size = 2 ** BITS[operand];
    word += (value < 0 ? value + size : value) * 2 ** SHIFT[operand];
  }
  if (!LEGAL[instruction.immediate](values.immediate ?? 0)) {
    throw new Error(`${mnemonic}: immediate cannot be ${values.immediate}`);
  }
  return word;
}

/** Unpacks a word; undefined when it is no instruction or sets bits that its instruction does not use. */
export function decodeNeuronWord(word: number): NeuronWord | undefined {
  const instruction = byOpcode.get(word >>> 26);
  if (!instruction) return undefined;
  const value = { d: 0, a: 0, b: 0, c: 0, immediate: 0, wide: 0 };
  for (const operand of instruction.operands) {
    value[operand] = (word >>> SHIFT[operand]) & (2 ** BITS[operand] - 1);
  }
  if (instruction.mnemonic === 'LDI' && value.wide >= 2 ** 15) value.wide -= 2 ** 16;
  if (!LEGAL[instruction.immediate](value.immediate)) return undefined;
  if (encodeNeuronWord(instruction.mnemonic, value) !== word >>> 0) return undefined;
  const { d, a, b, c } = value;
  const immediate = instruction.operands.includes('wide') ? value.wide : value.immediate;
  return { instruction, d, a, b, c, immediate };
}

/** A word in text: `ADD r3, r1, r2`; `.word 0x…` for what is no instruction. */
export function printNeuronWord(word: number): string {
  const decoded = decodeNeuronWord(word);
  if (!decoded) return `.word 0x${(word >>> 0).toString(16).padStart(8, '0')}`;
  const operands = decoded.instruction.operands.map((o) =>
    o === 'immediate' || o === 'wide' ? `${decoded.immediate}` : `r${decoded[o]}`,
  );
  return [decoded.instruction.mnemonic, operands.join(', ')].filter((s) => s !== '').join(' ');
}

/** Reads one line of text back; undefined when it is none. */
export function parseNeuronWord(text: string): number | undefined {
  const raw = /^\.word 0x([0-9a-f]{8})$/.exec(text);
  if (raw) return Number.parseInt(raw[1]!, 16);
  const [, mnemonic = '', list = ''] = /^([A-Z0-9]+)(?: (.+))?$/.exec(text) ?? [];
  const instruction = byMnemonic.get(mnemonic);
  const given = list === '' ? [] : list.split(', ');
  if (!instruction || given.length !== instruction.operands.length) return undefined;
  const values: Partial<Record<NeuronOperand, number>> = {};
  for (const [i, operand] of instruction.operands.entries()) {
    const register = operand !== 'immediate' && operand !== 'wide';
    const match = (register ? /^r(\d+)$/ : /^(-?\d+)$/).exec(given[i]!);
    if (!match) return undefined;
    values[operand] = Number(match[1]);
  }
  const fits = instruction.operands.every((o) => holds(mnemonic, o, values[o]!));
  return fits && LEGAL[instruction.immediate](values.immediate ?? 0)
    ? encodeNeuronWord(mnemonic, values)
    : undefined;
}
