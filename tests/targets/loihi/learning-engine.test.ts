import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../../compiler/diagnostics/diagnostic.js';
import type { SynapsePort } from '../../../runtime/emulator/architecture.js';
import { LOIHI2 } from '../../../targets/loihi/capabilities.js';
import { LearningEngine } from '../../../targets/loihi/learning-engine.js';
import { parseLearningWord } from '../../../targets/loihi/learning-instructions.js';

interface Synapse {
  readonly weight?: number;
  readonly tag?: number;
  readonly width?: number;
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  /** Mantissa and exponent of each word. */
  readonly words?: readonly (readonly [number, number])[];
  /** The 7 bits that stochastic rounding adds. */
  readonly random?: number;
}

class FakePort implements SynapsePort {
  weight;
  tag;
  readonly weightWidth;
  readonly tagWidth = 9;
  saturations = 0;
  readonly operations: number[] = [];
  constructor(private readonly synapse: Synapse) {
    this.weight = synapse.weight ?? 0;
    this.tag = synapse.tag ?? 0;
    this.weightWidth = synapse.width ?? 8;
  }
  x(slot: number): number {
    return this.synapse.x![slot]!;
  }
  y(slot: number): number {
    return this.synapse.y![slot]!;
  }
  mantissa(word: number): number {
    return this.synapse.words![word]![0];
  }
  exponent(word: number): number {
    return this.synapse.words![word]![1];
  }
  random(operation: number): number {
    this.operations.push(operation);
    // Low bits are set, so that an engine that reads the wrong end is found out.
    return ((this.synapse.random ?? 0) * 2 ** 25 + 0x1ffffff) >>> 0;
  }
  saturated(): void {
    this.saturations++;
  }
}

const assemble = (...lines: string[]): number[] =>
  lines.map((line) => {
    const word = parseLearningWord(line);
    if (word === undefined) throw new Error(`${line} is no instruction`);
    return word;
  });

const engineOf = (...lines: string[]): LearningEngine =>
  new LearningEngine(3, assemble(...lines), LOIHI2.learning);

function learn(synapse: Synapse, ...lines: string[]): FakePort {
  const port = new FakePort(synapse);
  engineOf(...lines, 'END').run(0, port);
  return port;
}

/** The rule dw = word 0 · Π factors. */
const rule = (...factors: string[]): string[] => [
  'BEG weight',
  'PRD #0',
  ...factors.map((f) => `FAC ${f}`),
  'ACC #0',
  'RND 0',
  'WRV weight',
];

function codesOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DiagnosticsError)
      return error.diagnostics.map((d) => `${d.code} ${d.message}`);
    throw error;
  }
  return [];
}

describe('the learning engine', () => {
  it('adds a constant: 10·2^7 + 3·2^5 = 1376 = 10.75·2^7', () => {
    const synapse = { weight: 10, words: [[3, 5]] } as const;
    expect(learn({ ...synapse, random: 0 }, ...rule()).weight).toBe(10);
    expect(learn({ ...synapse, random: 31 }, ...rule()).weight).toBe(10);
    expect(learn({ ...synapse, random: 32 }, ...rule()).weight).toBe(11);
    expect(learn({ ...synapse, random: 127 }, ...rule()).weight).toBe(11);
  });

  it('shifts one trace by nothing: 7 + 4 − 15 < 0; −8·127 = −1016 = −7.9375·2^7', () => {
    const synapse = { x: [127], words: [[-8, 0]] } as const;
    expect(learn({ ...synapse, random: 0 }, ...rule('x1, 0')).weight).toBe(-8);
    expect(learn({ ...synapse, random: 119 }, ...rule('x1, 0')).weight).toBe(-8);
    expect(learn({ ...synapse, random: 120 }, ...rule('x1, 0')).weight).toBe(-7);
  });

  it('shifts two traces by 7 + 7 + 4 − 15 = 3: 7·100·50 >> 3 = 4375, ·2^2 = 17500 = 136.7·2^7', () => {
    const synapse = { x: [100], y: [50], words: [[7, 2]], width: 9 } as const;
    expect(learn(synapse, ...rule('x1, 0', 'y1, 0')).weight).toBe(136);
  });

  it('shifts with floor before the exponent: (−1 >> 3)·2^7 = −2^7', () => {
    const synapse = { weight: 5, x: [1], y: [1], words: [[-1, 7]] } as const;
    const port = learn(synapse, ...rule('x1, 0', 'y1, 0'));
    expect([port.weight, port.saturations]).toEqual([4, 0]);
  });

  it('loses low bits in the shift that the exponent does not bring back: (1·7 >> 3)·2^15 = 0', () => {
    const synapse = { weight: 5, x: [7], y: [1], words: [[1, 15]] } as const;
    expect(learn(synapse, ...rule('x1, 0', 'y1, 0')).weight).toBe(5);
  });

  it('shifts two traces and the weight by 7 + 7 + 9 + 4 − 15 = 12', () => {
    // 7·127·127·(−100) = −11290300; >> 12 = −2757; −100·2^7 − 2757 = −15557 = −121.54·2^7
    const synapse = { weight: -100, x: [127], y: [127], words: [[7, 0]] } as const;
    expect(learn(synapse, ...rule('x1, 0', 'y1, 0', 'weight, 0')).weight).toBe(-122);
  });

  it('saturates the product, the sum and the variable', () => {
    // 7·2^15 = 229376 → 32767; 100·2^7 + 32767 = 45567 → 32767 = 255.99·2^7 → 127
    const port = learn({ weight: 100, words: [[7, 15]] }, ...rule());
    expect([port.weight, port.saturations]).toEqual([127, 3]);
    // −8·2^15 = −262144 → −32768; −100·2^7 − 32768 → −32768 = −256·2^7 → −128
    const low = learn({ weight: -100, words: [[-8, 15]] }, ...rule());
    expect([low.weight, low.saturations]).toEqual([-128, 3]);
    const wide = learn({ weight: -100, words: [[-8, 15]], width: 9 }, ...rule());
    expect([wide.weight, wide.saturations]).toEqual([-256, 2]);
  });

  it('takes 15 bits and the sign as they are', () => {
    expect(learn({ words: [[-8, 12]], width: 9 }, ...rule()).saturations).toBe(0);
    expect(learn({ words: [[-8, 12]], width: 9 }, ...rule()).weight).toBe(-256);
  });

  it('adds the constant of a factor: (10 − 64)·1·2^7 = −54·2^7', () => {
    const port = learn({ weight: 1, x: [10], words: [[1, 7]] }, ...rule('x1, -64'));
    expect(port.weight).toBe(-53);
  });

  it.each([
    ['x1', 11],
    ['x2', 12],
    ['y1', 21],
    ['y2', 22],
    ['y3', 23],
    ['weight', 3],
    ['tag', 40],
  ])('reads %s', (source, value) => {
    const synapse = { weight: 3, tag: 40, x: [11, 12], y: [21, 22, 23], words: [[1, 7]] } as const;
    expect(learn(synapse, ...rule(`${source}, 0`)).weight).toBe(3 + value);
  });

  it('counts the widths of weight and tag as 9: 9 + 9 + 4 − 15 = 7; (7·32·4 >> 7)·2^7 = 7·2^7', () => {
    const synapse = { weight: 32, tag: 4, words: [[7, 7]] } as const;
    expect(learn(synapse, ...rule('weight, 0', 'tag, 0')).weight).toBe(39);
  });

  it('adds products in order, each saturated on its own', () => {
    const synapse = {
      words: [
        [7, 12],
        [7, 12],
        [-7, 12],
      ],
      width: 9,
    } as const;
    const add = (word: number): string[] => [`PRD #${word}`, `ACC #${word}`];
    // 28672 + 28672 → 32767, − 28672 = 4095 = 31.99·2^7
    const port = learn(
      synapse,
      'BEG weight',
      ...add(0),
      ...add(1),
      ...add(2),
      'RND 0',
      'WRV weight',
    );
    expect([port.weight, port.saturations]).toEqual([31, 1]);
  });

  it('starts each product anew', () => {
    const synapse = {
      x: [100],
      y: [2],
      words: [
        [1, 7],
        [3, 7],
      ],
      width: 9,
    } as const;
    const port = learn(
      synapse,
      'BEG weight',
      ...['PRD #0', 'FAC x1, 0', 'ACC #0'],
      ...['PRD #1', 'FAC y1, 0', 'ACC #1'],
      ...['RND 0', 'WRV weight'],
    );
    expect(port.weight).toBe(106);
  });

  it('clips between rounding and writing', () => {
    const clipped = (weight: number): number =>
      learn({ weight }, 'BEG weight', 'RND 0', 'CLO -5', 'CHI 9', 'WRV weight').weight;
    expect([-6, -5, 0, 9, 10].map(clipped)).toEqual([-5, -5, 0, 9, 9]);
  });

  it('writes the tag first where the rule says so, and reads the new one', () => {
    const lines = [
      ...['BEG tag', 'PRD #0', 'ACC #0', 'RND 4', 'WRV tag'],
      ...['BEG weight', 'PRD #1', 'FAC tag, 0', 'ACC #1', 'RND 5', 'WRV weight'],
    ];
    const port = learn(
      {
        tag: 250,
        words: [
          [4, 7],
          [1, 7],
        ],
        width: 9,
      },
      ...lines,
    );
    expect([port.tag, port.weight, port.operations]).toEqual([254, 254, [4, 5]]);
  });

  it('saturates the tag at its own width', () => {
    const lines = ['BEG tag', 'PRD #0', 'ACC #0', 'RND 0', 'WRV tag'];
    const port = learn({ tag: 255, words: [[4, 7]] }, ...lines);
    expect([port.tag, port.saturations]).toEqual([255, 1]);
  });

  it.each([
    [
      0,
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      1,
      [
        [1, 0],
        [0, 0],
      ],
    ],
    [
      64,
      [
        [1, 6],
        [0, 0],
      ],
    ],
    [
      127,
      [
        [1, 7],
        [-1, 0],
      ],
    ],
  ] as const)(
    'rounds up for exactly %d of 128 draws where as many 128ths are dropped',
    (fraction, words) => {
      const lines = ['BEG weight', 'PRD #0', 'ACC #0', 'PRD #1', 'ACC #1', 'RND 0', 'WRV weight'];
      for (const weight of [-3, 0, 2]) {
        let sum = 0;
        for (let random = 0; random < 128; random++) {
          sum += learn({ weight, words, random }, ...lines).weight;
        }
        expect(sum).toBe(128 * weight + fraction);
      }
    },
  );

  it('counts the products of the rule at an entry', () => {
    const engine = engineOf(
      'BEG weight',
      'PRD #0',
      'END',
      'BEG weight',
      'PRD #0',
      'PRD #1',
      'END',
      'END',
    );
    expect([engine.products(0), engine.products(3), engine.products(7)]).toEqual([1, 2, 0]);
  });

  it('starts at the entry', () => {
    const engine = engineOf('END', 'BEG weight', 'RND 0', 'CLO 7', 'WRV weight', 'END');
    const port = new FakePort({});
    engine.run(0, port);
    expect(port.weight).toBe(0);
    engine.run(1, port);
    expect(port.weight).toBe(7);
  });

  it('traps a word that is no instruction and code without an end', () => {
    expect(codesOf(() => new LearningEngine(9, [0x1f000000, 0x12070000], LOIHI2.learning))).toEqual(
      ['PL5020 core 9, learning code, address 1: 0x12070000 is not an instruction'],
    );
    expect(codesOf(() => engineOf('BEG weight').run(0, new FakePort({})))).toEqual([
      'PL5020 core 3, learning code, address 1: 0x00000000 is not an instruction',
    ]);
  });

  it('stops at a product that is no longer exact', () => {
    const factors = Array.from({ length: 5 }, () => 'x1, 32767');
    expect(codesOf(() => learn({ x: [127], words: [[1, 0]] }, ...rule(...factors)))[0]).toMatch(
      /^PL5022 core 3: FAC gives/,
    );
  });
});
