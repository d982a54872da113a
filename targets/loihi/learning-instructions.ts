/**
 * The instruction table of the learning engine: Loihi's sum of products.
 *
 * Meaning from Lava's fixed-point learning (lava-nc/lava@b6822fbc, magma/core/learning; public) and Davies et al.
 * 2018: a variable is brought 7 bits up, each product is dependency · Π (V + constant) · mantissa, shifted right by
 * max(0, Σ widths + 4 − 15) with floor, left by the exponent, saturated, added with saturation; the sum is rounded
 * stochastically. ASSUMPTION: the encoding in 32-bit words is Plastron's own (Loihi's is not public).
 *
 * Layout: `[31:24] opcode  [23:16] selector  [15:0] value`; unused bits are zero, anything else traps.
 */
export interface LearningInstruction {
  readonly mnemonic: string;
  readonly opcode: number;
  readonly selector: 'none' | 'variable' | 'source' | 'word';
  readonly value: 'none' | 'signed' | 'unsigned';
  readonly about: string;
}

export const LEARNING_INSTRUCTIONS: readonly LearningInstruction[] = [
  {
    mnemonic: 'BEG',
    opcode: 0x10,
    selector: 'variable',
    value: 'none',
    about: 'sum = variable · 2^7',
  },
  {
    mnemonic: 'PRD',
    opcode: 0x11,
    selector: 'word',
    value: 'none',
    about: 'product = mantissa[word] of the profile, dependency u0 (every step)',
  },
  {
    mnemonic: 'FAC',
    opcode: 0x12,
    selector: 'source',
    value: 'signed',
    about: 'product = product · (source + value); its width enters the shift',
  },
  {
    mnemonic: 'ACC',
    opcode: 0x13,
    selector: 'word',
    value: 'none',
    about: 'sum = sat16(sum + sat16((product >> shift) · 2^exponent[word]))',
  },
  {
    mnemonic: 'RND',
    opcode: 0x14,
    selector: 'none',
    value: 'unsigned',
    about: 'result = (sum + 7 bits of draw(value)) >> 7, saturated to the variable',
  },
  {
    mnemonic: 'CLO',
    opcode: 0x15,
    selector: 'none',
    value: 'signed',
    about: 'result = max(result, value)',
  },
  {
    mnemonic: 'CHI',
    opcode: 0x16,
    selector: 'none',
    value: 'signed',
    about: 'result = min(result, value)',
  },
  {
    mnemonic: 'WRV',
    opcode: 0x17,
    selector: 'variable',
    value: 'none',
    about: 'variable = result',
  },
  { mnemonic: 'END', opcode: 0x1f, selector: 'none', value: 'none', about: 'next synapse' },
];

/** Variables that learning writes. */
export const LEARNING_VARIABLES = ['weight', 'tag'] as const;
/** What a factor reads. ASSUMPTION: y3 holds the modulator (a graded message to the learning core writes it). */
export const LEARNING_SOURCES = ['x1', 'x2', 'y1', 'y2', 'y3', 'weight', 'tag'] as const;
export type LearningSource = (typeof LEARNING_SOURCES)[number];

export interface LearningWord {
  readonly instruction: LearningInstruction;
  readonly selector: number;
  readonly value: number;
}

const byOpcode = new Map(LEARNING_INSTRUCTIONS.map((i) => [i.opcode, i]));
const byMnemonic = new Map(LEARNING_INSTRUCTIONS.map((i) => [i.mnemonic, i]));

/** Product words that a rule can have: selectors have 8 bits. */
export const PRODUCT_WORDS = 256;

/** How many selectors and values of each kind there are. */
const SELECTORS = {
  none: 1,
  variable: LEARNING_VARIABLES.length,
  source: LEARNING_SOURCES.length,
  word: PRODUCT_WORDS,
};
const VALUES = { none: 1, signed: 2 ** 16, unsigned: 2 ** 16 };

/** Whether the fields of a word can hold a selector and a value. */
function holds(instruction: LearningInstruction, selector: number, value: number): boolean {
  const low = instruction.value === 'signed' ? -(2 ** 15) : 0;
  const within = (n: number, from: number, count: number): boolean =>
    Number.isInteger(n) && n >= from && n < from + count;
  return (
    within(selector, 0, SELECTORS[instruction.selector]) &&
    within(value, low, VALUES[instruction.value])
  );
}

/** Packs a learning word; a value that does not fit is a bug of the encoder. */
export function encodeLearningWord(mnemonic: string, selector = 0, value = 0): number {
  const instruction = byMnemonic.get(mnemonic);
  if (!instruction) throw new Error(`no learning instruction ${mnemonic}`);
  if (!holds(instruction, selector, value))
    throw new Error(`${mnemonic} cannot hold ${selector}, ${value}`);
  return instruction.opcode * 2 ** 24 + selector * 2 ** 16 + (value < 0 ? value + 2 ** 16 : value);
}

/** Unpacks a word; undefined when it is no instruction or sets bits that its instruction does not use. */
export function decodeLearningWord(word: number): LearningWord | undefined {
  const instruction = byOpcode.get(word >>> 24);
  if (!instruction) return undefined;
  const selector = (word >>> 16) & 255;
  const raw = word & 0xffff;
  const value = instruction.value === 'signed' && raw >= 2 ** 15 ? raw - 2 ** 16 : raw;
  return holds(instruction, selector, value) ? { instruction, selector, value } : undefined;
}

function selectorName({ instruction, selector }: LearningWord): string {
  switch (instruction.selector) {
    case 'none':
      return '';
    case 'variable':
      return LEARNING_VARIABLES[selector]!;
    case 'source':
      return LEARNING_SOURCES[selector]!;
    case 'word':
      return `#${selector}`;
  }
}

/** A word in text: `FAC x1, -64`. */
export function printLearningWord(word: number): string {
  const decoded = decodeLearningWord(word);
  if (!decoded) return `.word 0x${(word >>> 0).toString(16).padStart(8, '0')}`;
  const value = decoded.instruction.value === 'none' ? '' : `${decoded.value}`;
  const operands = [selectorName(decoded), value].filter((s) => s !== '').join(', ');
  return [decoded.instruction.mnemonic, operands].filter((s) => s !== '').join(' ');
}

/** Reads one line of text back; undefined when it is none. */
export function parseLearningWord(text: string): number | undefined {
  const raw = /^\.word 0x([0-9a-f]{8})$/.exec(text);
  if (raw) return Number.parseInt(raw[1]!, 16);
  const [, mnemonic = '', list = ''] = /^([A-Z]+)(?: (.+))?$/.exec(text) ?? [];
  const instruction = byMnemonic.get(mnemonic);
  if (!instruction) return undefined;
  const rest = list === '' ? [] : list.split(', ');
  const selector =
    instruction.selector === 'none' ? 0 : selectorOf(rest.shift() ?? '', instruction.selector);
  const value = instruction.value === 'none' ? 0 : integerOf(rest.shift() ?? '');
  const fits = rest.length === 0 && holds(instruction, selector, value);
  return fits ? encodeLearningWord(mnemonic, selector, value) : undefined;
}

const integerOf = (text: string): number => (/^-?\d+$/.test(text) ? Number(text) : Number.NaN);

function selectorOf(name: string, kind: LearningInstruction['selector']): number {
  if (kind === 'word') return name.startsWith('#') ? integerOf(name.slice(1)) : -1;
  const names: readonly string[] = kind === 'source' ? LEARNING_SOURCES : LEARNING_VARIABLES;
  return names.indexOf(name);
}
