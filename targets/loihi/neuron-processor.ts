import { overflowTo, shiftRight } from '../../compiler/levels/numbers/rounding.js';
import { type NeuronPort, tooWide, trap } from '../../runtime/emulator/architecture.js';
import { compareFixed } from '../../runtime/fixed/evaluate.js';
import { COMPARISONS } from './neuron-encoder.js';
import { decodeNeuronWord, type NeuronWord } from './neuron-instructions.js';

/** Executes neuron programs: 32 registers of 48 bits, one word after the other to HLT. */
export class NeuronProcessor {
  readonly words: readonly NeuronWord[];
  private readonly registers = new Float64Array(32);

  constructor(
    private readonly core: number,
    private readonly code: readonly number[],
  ) {
    this.words = code.map(
      (word, address) => decodeNeuronWord(word) ?? trap(core, 'neuron', address, word),
    );
  }

  run(entry: number, port: NeuronPort): void {
    for (let address = entry; ; address++) {
      const word = this.words[address];
      if (!word) return trap(this.core, 'neuron', address, this.code[address] ?? 0);
      if (word.instruction.mnemonic === 'HLT') return;
      this.execute(word, port);
    }
  }

  private execute(word: NeuronWord, port: NeuronPort): void {
    const r = this.registers;
    const { d, immediate } = word;
    const a = r[word.a]!;
    const b = r[word.b]!;
    switch (word.instruction.mnemonic) {
      case 'LDI':
        r[d] = immediate;
        return;
      case 'LDH':
        r[d] = this.checked(r[d]! * 2 ** 16 + immediate, word);
        return;
      case 'LD':
        r[d] = port.load(immediate);
        return;
      case 'ST':
        return port.store(immediate, a);
      case 'SNC':
        return port.sendCurrent(a);
      case 'SNT':
        return port.sendTrace(immediate, a);
      case 'WRT':
        return port.writeTrace(immediate, a);
      case 'SEL':
        r[d] = a !== 0 ? b : r[word.c]!;
        return;
      case 'TBL':
        r[d] = lookup(port, immediate, a);
        return;
      case 'SAT':
      case 'WRP':
      case 'SYM':
      case 'W24':
        r[d] = limit(word, a, port);
        return;
      default:
        r[d] = this.checked(arithmetic(word, a, b), word);
    }
  }

  /** Registers hold integers of 48 bits; a program that passes them was damaged, for the compiler proves that none does. */
  private checked(value: number, word: NeuronWord): number {
    // The comparison is false for NaN too.
    if (value >= -(2 ** 47) && value < 2 ** 47 && Number.isInteger(value)) return value + 0;
    const { mnemonic } = word.instruction;
    return tooWide(this.core, `${mnemonic} gives ${value}, and registers have 48 bits`);
  }
}

function arithmetic(word: NeuronWord, a: number, b: number): number {
  const { immediate } = word;
  switch (word.instruction.mnemonic) {
    case 'ADD':
      return a + b;
    case 'SUB':
      return a - b;
    case 'MUL':
      return a * b;
    case 'MIN':
      return Math.min(a, b);
    case 'MAX':
      return Math.max(a, b);
    case 'NEG':
      return -a;
    case 'ABS':
      return Math.abs(a);
    case 'SGN':
      return Math.sign(a);
    case 'NOT':
      return a === 0 ? 1 : 0;
    case 'AND':
      return a !== 0 && b !== 0 ? 1 : 0;
    case 'OR':
      return a !== 0 || b !== 0 ? 1 : 0;
    case 'CMP':
      return compareFixed(COMPARISONS[immediate]!, a, b) ? 1 : 0;
    case 'SHL':
      return a * 2 ** immediate;
    case 'SHF':
      return shiftRight(a, immediate, 'floor');
    case 'SHN':
      return shiftRight(a, immediate, 'nearest');
    case 'SHZ':
      return shiftRight(a, immediate, 'toward-zero');
    case 'SHV':
      return a * 2 ** b;
    default:
      throw new Error(`${word.instruction.mnemonic} has no meaning`);
  }
}

const OVERFLOWS = { SAT: 'saturate', WRP: 'wrap', SYM: 'symmetric', W24: 'lava-wrap-24' } as const;

function limit(word: NeuronWord, value: number, port: NeuronPort): number {
  const { mnemonic } = word.instruction;
  const overflow = OVERFLOWS[mnemonic as keyof typeof OVERFLOWS];
  const format = { signed: word.immediate >= 64, width: word.immediate % 64, fraction: 0 };
  const result = overflowTo(value, format, overflow);
  if (result !== value) port.saturated();
  return result;
}

function lookup(port: NeuronPort, index: number, value: number): number {
  const { entries, first, shift } = port.tables[index]!;
  const at = Math.floor((value - first) / 2 ** shift);
  return entries[Math.max(0, Math.min(entries.length - 1, at))]!;
}
