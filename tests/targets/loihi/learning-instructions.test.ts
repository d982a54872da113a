import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeLearningWord,
  encodeLearningWord,
  LEARNING_INSTRUCTIONS,
  parseLearningWord,
  printLearningWord,
} from '../../../targets/loihi/learning-instructions.js';

/** Words put together by hand from the layout `[31:24] opcode  [23:16] selector  [15:0] value`. */
const WORDS: readonly (readonly [text: string, word: number, selector: number, value: number])[] = [
  ['BEG weight', 0x10000000, 0, 0],
  ['BEG tag', 0x10010000, 1, 0],
  ['PRD #5', 0x11050000, 5, 0],
  ['PRD #255', 0x11ff0000, 255, 0],
  ['FAC x1, -64', 0x1200ffc0, 0, -64],
  ['FAC x2, 1', 0x12010001, 1, 1],
  ['FAC y1, 32767', 0x12027fff, 2, 32767],
  ['FAC y2, -32768', 0x12038000, 3, -32768],
  ['FAC y3, 12', 0x1204000c, 4, 12],
  ['FAC weight, 0', 0x12050000, 5, 0],
  ['FAC tag, -1', 0x1206ffff, 6, -1],
  ['ACC #3', 0x13030000, 3, 0],
  ['RND 0', 0x14000000, 0, 0],
  ['RND 65535', 0x1400ffff, 0, 65535],
  ['CLO -128', 0x1500ff80, 0, -128],
  ['CHI 127', 0x1600007f, 0, 127],
  ['WRV weight', 0x17000000, 0, 0],
  ['WRV tag', 0x17010000, 1, 0],
  ['END', 0x1f000000, 0, 0],
];

/** Legal words with one bit too many. */
const REFUSED = [
  0x10000001, 0x10008000, 0x10020000, 0x10800000, 0x11050001, 0x12070000, 0x12800000, 0x13030001,
  0x14010000, 0x1501ff80, 0x1601007f, 0x17000001, 0x17020000, 0x1f000001, 0x1f010000, 0x1f800000,
];

describe('words of learning programs', () => {
  it('are tested for every instruction of the table', () => {
    const tested = new Set(WORDS.map(([text]) => text.split(' ')[0]));
    expect([...tested]).toEqual(LEARNING_INSTRUCTIONS.map((i) => i.mnemonic));
  });

  it.each(WORDS)('%s', (text, word, selector, value) => {
    const decoded = decodeLearningWord(word)!;
    expect(decoded.instruction.mnemonic).toBe(text.split(' ')[0]);
    expect([decoded.selector, decoded.value]).toEqual([selector, value]);
    expect(encodeLearningWord(decoded.instruction.mnemonic, selector, value)).toBe(word);
    expect(printLearningWord(word)).toBe(text);
    expect(parseLearningWord(text)).toBe(word);
  });

  it('are refused with an unused bit set or a selector that is not there', () => {
    for (const word of REFUSED) {
      expect(decodeLearningWord(word), word.toString(16)).toBeUndefined();
      expect(printLearningWord(word)).toBe(`.word 0x${word.toString(16)}`);
    }
    for (const [text, word] of WORDS) {
      const plain = /^(BEG|PRD|ACC|WRV|END)/.test(text);
      for (let bit = 0; plain && bit < 16; bit++) {
        expect(decodeLearningWord((word | (1 << bit)) >>> 0)).toBeUndefined();
      }
    }
  });

  it('refuses every opcode that is not in the table', () => {
    const known = new Set(WORDS.map(([, word]) => word >>> 24));
    expect(known.size).toBe(9);
    for (let opcode = 0; opcode < 256; opcode++) {
      if (!known.has(opcode)) expect(decodeLearningWord((opcode << 24) >>> 0)).toBeUndefined();
    }
  });

  it('keeps every word through its text, and every legal one through its fields', () => {
    const anyWord = fc.oneof(
      fc.nat(0xffffffff),
      fc.tuple(fc.integer({ min: 0x10, max: 0x1f }), fc.nat(8), fc.nat(0xffff)),
    );
    const property = fc.property(anyWord, (given) => {
      const word =
        typeof given === 'number' ? given : given[0] * 2 ** 24 + given[1] * 2 ** 16 + given[2];
      expect(parseLearningWord(printLearningWord(word))).toBe(word);
      const decoded = decodeLearningWord(word);
      if (!decoded) return;
      const { instruction, selector, value } = decoded;
      expect(encodeLearningWord(instruction.mnemonic, selector, value)).toBe(word);
    });
    fc.assert(property, { seed: 32, numRuns: 3000 });
  });

  it('reads no text that is not its own', () => {
    const wrong = [
      '',
      'NOP',
      'END 0',
      'BEG',
      'BEG w',
      'BEG weight, 0',
      'PRD 5',
      'PRD #256',
      'PRD #',
    ];
    const illegal = [
      'FAC x1',
      'FAC x3, 0',
      'FAC x1, 32768',
      'FAC x1, a',
      'RND -1',
      'CLO 1.5',
      'end',
    ];
    for (const text of [...wrong, ...illegal, 'FAC x1,0', '.word 0x1']) {
      expect(parseLearningWord(text), text).toBeUndefined();
    }
  });

  it('packs nothing that does not fit', () => {
    expect(() => encodeLearningWord('NOP')).toThrow('no learning instruction NOP');
    expect(() => encodeLearningWord('END', 1)).toThrow('END cannot hold 1, 0');
    expect(() => encodeLearningWord('PRD', 256)).toThrow('PRD cannot hold 256, 0');
    expect(() => encodeLearningWord('BEG', 0, 1)).toThrow('BEG cannot hold 0, 1');
    expect(() => encodeLearningWord('FAC', 0, 40000)).toThrow('FAC cannot hold 0, 40000');
  });
});
