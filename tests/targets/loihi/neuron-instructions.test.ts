import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeNeuronWord,
  encodeNeuronWord,
  NEURON_INSTRUCTIONS,
  parseNeuronWord,
  printNeuronWord,
} from '../../../targets/loihi/neuron-instructions.js';

/**
 * One word of each instruction, put together by hand from the layout
 * `[31:26] opcode  [25:21] d  [20:16] a  [15:11] b  [10:0] immediate` (SEL: c in `[4:0]`; LDI, LDH: `[15:0]`),
 * with its text and the bits that it leaves unused.
 */
const WORDS: readonly (readonly [text: string, word: number, unused: number])[] = [
  ['LDI r3, -2', 0x0460fffe, 0x001f0000],
  ['LDH r31, 32769', 0x0be08001, 0x001f0000],
  ['LD r5, 7', 0x0ca00007, 0x001ff800],
  ['ST r9, 2047', 0x100907ff, 0x03e0f800],
  ['ADD r3, r1, r2', 0x14611000, 0x000007ff],
  ['SUB r3, r1, r2', 0x18611000, 0x000007ff],
  ['MUL r31, r30, r29', 0x1ffee800, 0x000007ff],
  ['MIN r3, r1, r2', 0x20611000, 0x000007ff],
  ['MAX r3, r1, r2', 0x24611000, 0x000007ff],
  ['NEG r3, r1', 0x28610000, 0x0000ffff],
  ['ABS r3, r1', 0x2c610000, 0x0000ffff],
  ['SGN r3, r1', 0x30610000, 0x0000ffff],
  ['NOT r3, r1', 0x34610000, 0x0000ffff],
  ['AND r3, r1, r2', 0x38611000, 0x000007ff],
  ['OR r3, r1, r2', 0x3c611000, 0x000007ff],
  ['CMP r3, r1, r2, 3', 0x40611003, 0x000007f8],
  ['SEL r3, r1, r2, r4', 0x44611004, 0x000007e0],
  ['SHL r3, r1, 16', 0x48610010, 0x0000ff80],
  ['SHF r3, r1, 12', 0x4c61000c, 0x0000ff80],
  ['SHN r3, r1, 1', 0x50610001, 0x0000ff80],
  ['SHZ r3, r1, 127', 0x5461007f, 0x0000ff80],
  ['SHV r3, r1, r2', 0x58611000, 0x000007ff],
  ['SAT r3, r1, 88', 0x5c610058, 0x0000ff80],
  ['WRP r3, r1, 8', 0x60610008, 0x0000ff80],
  ['SYM r3, r1, 88', 0x64610058, 0x0000ff80],
  ['W24 r3, r1', 0x68610000, 0x0000ffff],
  ['TBL r3, r1, 2', 0x6c610002, 0x0000f800],
  ['SNC r1', 0x70010000, 0x03e0ffff],
  ['SNT r1, 1', 0x74010001, 0x03e0f800],
  ['WRT r1, 2', 0x78010002, 0x03e0f800],
  ['HLT', 0x7c000000, 0x03ffffff],
];

/** Words whose fields are in place but mean nothing. */
const MEANINGLESS: readonly (readonly [why: string, word: number])[] = [
  ['a seventh comparison', 0x40611006],
  ['a shift of 128 to the left', 0x48610080],
  ['a shift of 128 to the right', 0x4c610080],
  ['u0', 0x5c610000],
  ['s0', 0x5c610040],
  ['u49', 0x5c610031],
  ['s49', 0x60610071],
  ['a third kind of sign', 0x60610098],
  ['a symmetric limit without a sign', 0x64610018],
];

const bits = Array.from({ length: 32 }, (_, i) => (1 << i) >>> 0);

describe('words of neuron programs', () => {
  it('are tested for every instruction of the table', () => {
    const mnemonics = WORDS.map(([text]) => text.split(' ')[0]);
    expect(mnemonics).toEqual(NEURON_INSTRUCTIONS.map((i) => i.mnemonic));
  });

  it.each(WORDS)('%s', (text, word) => {
    const decoded = decodeNeuronWord(word)!;
    expect(decoded.instruction.mnemonic).toBe(text.split(' ')[0]);
    const numbers = (text.match(/-?\d+(?=,|$)/g) ?? []).map(Number);
    const operands = text.includes(' ') ? decoded.instruction.operands : [];
    expect(operands.map((o) => decoded[o === 'wide' ? 'immediate' : o])).toEqual(numbers);
    const values = { ...decoded, wide: decoded.immediate };
    expect(encodeNeuronWord(decoded.instruction.mnemonic, values)).toBe(word);
    expect(printNeuronWord(word)).toBe(text);
    expect(parseNeuronWord(text)).toBe(word);
  });

  it.each(WORDS)('%s is refused with any unused bit set', (_, word, unused) => {
    for (const bit of bits) {
      if ((unused & bit) === 0) continue;
      const wrong = (word | bit) >>> 0;
      expect(decodeNeuronWord(wrong), wrong.toString(16)).toBeUndefined();
    }
  });

  it('takes operands from exactly the other bits', () => {
    for (const [text, word, unused] of WORDS) {
      for (const bit of bits.slice(0, 26)) {
        const other = decodeNeuronWord((word ^ bit) >>> 0);
        if ((unused & bit) !== 0 || other === undefined) continue;
        expect(other.instruction.mnemonic).toBe(text.split(' ')[0]);
        expect(other).not.toEqual(decodeNeuronWord(word));
      }
    }
  });

  it('refuses every opcode that is not in the table', () => {
    const known = new Set(WORDS.map(([, word]) => word >>> 26));
    expect(known.size).toBe(31);
    for (let opcode = 0; opcode < 64; opcode++) {
      if (!known.has(opcode)) expect(decodeNeuronWord((opcode << 26) >>> 0)).toBeUndefined();
    }
  });

  it.each(MEANINGLESS)('refuses %s', (_, word) => {
    expect(decodeNeuronWord(word)).toBeUndefined();
    const text = `.word 0x${word.toString(16).padStart(8, '0')}`;
    expect(printNeuronWord(word)).toBe(text);
    expect(parseNeuronWord(text)).toBe(word);
  });

  it('keeps every word through its text, and every legal one through its fields', () => {
    const anyWord = fc.oneof(
      fc.nat(0xffffffff),
      fc
        .constantFrom(...WORDS)
        .chain(([, word]) => fc.nat(0x3ffffff).map((low) => (word & 0xfc000000) + low)),
    );
    const property = fc.property(anyWord, (given) => {
      const word = given >>> 0;
      expect(parseNeuronWord(printNeuronWord(word))).toBe(word);
      const decoded = decodeNeuronWord(word);
      if (!decoded) return;
      const values = { ...decoded, wide: decoded.immediate };
      expect(encodeNeuronWord(decoded.instruction.mnemonic, values)).toBe(word);
    });
    fc.assert(property, { seed: 31, numRuns: 3000 });
  });

  it('reads no text that is not its own', () => {
    const wrong = [
      '',
      'NOP',
      'ADD r3, r1',
      'ADD r3, r1, r2, r4',
      'ADD 3, 1, 2',
      'ADD r3, r1, r32',
      'ADD r3 r1 r2',
    ];
    const illegal = [
      'LDI r0, 32768',
      'LDH r0, -1',
      'LD r0, 2048',
      'LD r0, r1',
      'CMP r0, r1, r2, 6',
      'add r3, r1, r2',
    ];
    for (const text of [...wrong, ...illegal, 'SAT r0, r1, 64', '.word 0x12', 'HLT 0']) {
      expect(parseNeuronWord(text), text).toBeUndefined();
    }
  });

  it('packs nothing that does not fit', () => {
    expect(() => encodeNeuronWord('NOP')).toThrow('no instruction NOP');
    expect(() => encodeNeuronWord('ADD', { d: 32, a: 0, b: 0 })).toThrow('d cannot hold 32');
    expect(() => encodeNeuronWord('LDI', { d: 0, wide: 32768 })).toThrow('wide cannot hold 32768');
    expect(() => encodeNeuronWord('ST', { a: 0, immediate: 2048 })).toThrow('cannot hold 2048');
    expect(() => encodeNeuronWord('SAT', { d: 0, a: 0, immediate: 64 })).toThrow('cannot be 64');
  });
});
