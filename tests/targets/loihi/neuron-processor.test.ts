import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../../compiler/diagnostics/diagnostic.js';
import type { ProgramTable } from '../../../compiler/levels/program/program.js';
import type { NeuronPort } from '../../../runtime/emulator/architecture.js';
import {
  NEURON_INSTRUCTIONS,
  parseNeuronWord,
} from '../../../targets/loihi/neuron-instructions.js';
import { NeuronProcessor } from '../../../targets/loihi/neuron-processor.js';

class FakePort implements NeuronPort {
  readonly events: string[] = [];
  readonly tables: ProgramTable[] = [
    { entries: [7], first: 0, shift: 0 },
    { entries: [10, 20, 30], first: -4, shift: 2 },
  ];
  saturations = 0;
  constructor(readonly fields: number[]) {}
  load(field: number): number {
    return this.fields[field]!;
  }
  store(field: number, value: number): void {
    this.fields[field] = value;
  }
  sendCurrent(payload: number): void {
    this.events.push(`current ${payload}`);
  }
  sendTrace(slot: number, value: number): void {
    this.events.push(`x${slot} ${value}`);
  }
  writeTrace(slot: number, value: number): void {
    this.events.push(`y${slot} ${value}`);
  }
  saturated(): void {
    this.saturations++;
  }
}

const assemble = (...lines: string[]): number[] =>
  lines.map((line) => {
    const word = parseNeuronWord(line);
    if (word === undefined) throw new Error(`${line} is no instruction`);
    return word;
  });

/** Runs one instruction on r1 = a, r2 = b, r3 = old; gives r3 and how often a limit changed a value. */
function execute(line: string, a: number, b = 0, old = 0): [value: number, saturations: number] {
  const port = new FakePort([a, b, old]);
  const code = assemble('LD r1, 0', 'LD r2, 1', 'LD r3, 2', line, 'ST r3, 2', 'HLT');
  new NeuronProcessor(0, code).run(0, port);
  return [port.fields[2]!, port.saturations];
}

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

/** [instruction on r1 = a, r2 = b, result]; `old` is 9 in r3 where the instruction reads it. */
const MEANINGS: readonly (readonly [line: string, a: number, b: number, result: number])[] = [
  ['LDI r3, -32768', 0, 0, -32768],
  ['LDH r3, 65535', 0, 0, 9 * 65536 + 65535],
  ['ADD r3, r1, r2', 7, -12, -5],
  ['SUB r3, r1, r2', 7, -12, 19],
  ['MUL r3, r1, r2', -8388608, 8388607, -70368735789056],
  ['MIN r3, r1, r2', -3, 2, -3],
  ['MAX r3, r1, r2', -3, 2, 2],
  ['NEG r3, r1', 5, 0, -5],
  ['NEG r3, r1', 0, 0, 0],
  ['ABS r3, r1', -5, 0, 5],
  ['ABS r3, r1', 6, 0, 6],
  ['SGN r3, r1', -77, 0, -1],
  ['SGN r3, r1', 0, 0, 0],
  ['SGN r3, r1', 77, 0, 1],
  ['NOT r3, r1', 0, 0, 1],
  ['NOT r3, r1', -2, 0, 0],
  ['AND r3, r1, r2', 3, -4, 1],
  ['AND r3, r1, r2', 3, 0, 0],
  ['OR r3, r1, r2', 0, -4, 1],
  ['OR r3, r1, r2', 0, 0, 0],
  ['CMP r3, r1, r2, 0', 1, 2, 1],
  ['CMP r3, r1, r2, 0', 2, 2, 0],
  ['CMP r3, r1, r2, 1', 2, 2, 1],
  ['CMP r3, r1, r2, 1', 3, 2, 0],
  ['CMP r3, r1, r2, 2', 3, 2, 1],
  ['CMP r3, r1, r2, 2', 2, 2, 0],
  ['CMP r3, r1, r2, 3', 2, 2, 1],
  ['CMP r3, r1, r2, 3', -3, 2, 0],
  ['CMP r3, r1, r2, 4', 2, 2, 1],
  ['CMP r3, r1, r2, 4', 2, -2, 0],
  ['CMP r3, r1, r2, 5', 2, -2, 1],
  ['CMP r3, r1, r2, 5', 2, 2, 0],
  ['SEL r3, r1, r2, r3', -1, 5, 5],
  ['SEL r3, r1, r2, r3', 0, 5, 9],
  ['SHL r3, r1, 16', -3, 0, -196608],
  ['SHF r3, r1, 2', -5, 0, -2],
  ['SHF r3, r1, 2', 7, 0, 1],
  ['SHF r3, r1, 127', -1, 0, -1],
  ['SHN r3, r1, 2', -6, 0, -1],
  ['SHN r3, r1, 2', 6, 0, 2],
  ['SHN r3, r1, 2', -7, 0, -2],
  ['SHZ r3, r1, 2', -7, 0, -1],
  ['SHZ r3, r1, 2', 7, 0, 1],
  ['SHZ r3, r1, 2', -3, 0, 0],
  ['SHV r3, r1, r2', -3, 5, -96],
  ['W24 r3, r1', 8388608, 0, 8388608],
  ['W24 r3, r1', 8388609, 0, -8388607],
  ['W24 r3, r1', -8388608, 0, 8388608],
  ['W24 r3, r1', -8388607, 0, -8388607],
  ['SAT r3, r1, 72', 200, 0, 127],
  ['SAT r3, r1, 72', -129, 0, -128],
  ['SAT r3, r1, 8', 300, 0, 255],
  ['SAT r3, r1, 8', -1, 0, 0],
  ['WRP r3, r1, 72', 128, 0, -128],
  ['WRP r3, r1, 72', -129, 0, 127],
  ['WRP r3, r1, 8', 256, 0, 0],
  ['WRP r3, r1, 8', -1, 0, 255],
  ['SYM r3, r1, 72', -128, 0, -127],
  ['SYM r3, r1, 72', 128, 0, 127],
  ['TBL r3, r1, 0', 123, 0, 7],
  ['TBL r3, r1, 1', -5, 0, 10],
  ['TBL r3, r1, 1', -1, 0, 10],
  ['TBL r3, r1, 1', 0, 0, 20],
  ['TBL r3, r1, 1', 4, 0, 30],
  ['TBL r3, r1, 1', 4000, 0, 30],
];

describe('the neuron processor', () => {
  it.each(MEANINGS)('%s with %d and %d gives %d', (line, a, b, result) => {
    const [value] = execute(line, a, b, 9);
    expect(value).toBe(result);
  });

  it('has a meaning for every instruction', () => {
    const tested = new Set(MEANINGS.map(([line]) => line.split(' ')[0]!));
    const elsewhere = ['LD', 'ST', 'SNC', 'SNT', 'WRT', 'HLT'];
    const all = [...tested, ...elsewhere].sort();
    expect(all).toEqual(NEURON_INSTRUCTIONS.map((i) => i.mnemonic).sort());
  });

  it('tells of limits that changed a value, and of no others', () => {
    expect(execute('SAT r3, r1, 72', 127)).toEqual([127, 0]);
    expect(execute('SAT r3, r1, 72', 128)).toEqual([127, 1]);
    expect(execute('WRP r3, r1, 72', -129)).toEqual([127, 1]);
    expect(execute('SYM r3, r1, 72', -127)).toEqual([-127, 0]);
    expect(execute('SYM r3, r1, 72', -128)).toEqual([-127, 1]);
    expect(execute('W24 r3, r1', -(2 ** 23))).toEqual([2 ** 23, 1]);
  });

  it('builds wide constants from 16-bit halves', () => {
    const port = new FakePort([0]);
    // −1 · 2^32 + 0x0001 · 2^16 + 0x8000
    const code = assemble('LDI r0, -1', 'LDH r0, 1', 'LDH r0, 32768', 'ST r0, 0', 'HLT');
    new NeuronProcessor(0, code).run(0, port);
    expect(port.fields[0]).toBe(-4294967296 + 65536 + 32768);
  });

  it('sends messages and writes traces in order', () => {
    const port = new FakePort([-3, 100]);
    const code = assemble(
      'LD r1, 0',
      'LD r2, 1',
      'SNC r1',
      'SNT r2, 1',
      'WRT r2, 2',
      'SNC r0',
      'HLT',
    );
    new NeuronProcessor(0, code).run(0, port);
    expect(port.events).toEqual(['current -3', 'x1 100', 'y2 100', 'current 0']);
  });

  it('starts at the entry and stops at HLT', () => {
    const code = assemble('LDI r0, 1', 'ST r0, 0', 'HLT', 'LDI r0, 2', 'ST r0, 0', 'HLT');
    const port = new FakePort([0]);
    const processor = new NeuronProcessor(0, code);
    processor.run(3, port);
    expect(port.fields[0]).toBe(2);
    processor.run(0, port);
    expect(port.fields[0]).toBe(1);
  });

  it('traps a word that is no instruction, with core, memory, address and word', () => {
    const code = [...assemble('LDI r0, 1', 'HLT'), 0x80000000];
    expect(codesOf(() => new NeuronProcessor(5, code))).toEqual([
      'PL5020 core 5, neuron code, address 2: 0x80000000 is not an instruction',
    ]);
  });

  it('traps code that runs past its end', () => {
    const processor = new NeuronProcessor(2, assemble('LDI r0, 1'));
    expect(codesOf(() => processor.run(0, new FakePort([])))).toEqual([
      'PL5020 core 2, neuron code, address 1: 0x00000000 is not an instruction',
    ]);
  });

  it('stops at a value beyond 48 bits', () => {
    const largest = 2 ** 47 - 1;
    expect(execute('ADD r3, r1, r2', largest, 0)).toEqual([largest, 0]);
    expect(execute('SUB r3, r1, r2', -largest, 1)).toEqual([-(2 ** 47), 0]);
    for (const [line, a, b] of [
      ['ADD r3, r1, r2', largest, 1],
      ['MUL r3, r1, r2', 2 ** 24, 2 ** 23],
      ['SHL r3, r1, 127', 1, 0],
      ['SHV r3, r1, r2', 0, 5000],
      ['LDH r3, 0', 0, 0],
    ] as const) {
      const [told] = codesOf(() => execute(line, a, b, 2 ** 40));
      expect(told, line).toMatch(/^PL5022 core 0: [A-Z]+ gives .* registers have 48 bits$/);
    }
  });
});
