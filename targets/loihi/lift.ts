import type {
  MicroAction,
  MicroKernel,
  MicroOperation,
} from '../../compiler/levels/micro/micro.js';
import { type Format, signed } from '../../compiler/levels/numbers/format.js';
import type { ProgramTable } from '../../compiler/levels/program/program.js';
import type { SumOfProductsArithmetic } from '../../compiler/target.js';
import { NotGenerated } from '../../runtime/emulator/architecture.js';
import { widthOf } from './learning-encoder.js';
import { LEARNING_SOURCES, type LearningWord } from './learning-instructions.js';
import { COMPARISONS } from './neuron-encoder.js';
import type { NeuronWord } from './neuron-instructions.js';

/** Formats come of ranges, later. */
const ANY: Format = signed(48, 0);
const NOWHERE = { file: '', line: 1, column: 1, length: 0 };

/** Collects the operations of a kernel. */
class Lifted {
  readonly operations: MicroOperation[] = [];

  add(action: MicroAction, format: Format = ANY): number {
    return this.operations.push({ ...action, format, origin: NOWHERE }) - 1;
  }

  constant(value: number): number {
    return this.add({ kind: 'constant', value });
  }

  load(field: string): number {
    return this.add({ kind: 'load', field });
  }

  store(field: string, value: number): void {
    this.add({ kind: 'store', field, value });
  }

  saturate(operand: number, width: number): number {
    return this.add({ kind: 'limit', operand, overflow: 'saturate' }, signed(width, 0));
  }

  kernel(kind: MicroKernel['kind'], owner: string): MicroKernel {
    return { kind, owner, operations: this.operations, registers: undefined };
  }
}

/** The neuron program at `entry` as micro-operations: what `NeuronProcessor` does, word by word. */
export function liftNeuron(
  words: readonly NeuronWord[],
  entry: number,
  tables: readonly ProgramTable[],
): MicroKernel {
  const lifted = new Lifted();
  const registers = new Map<number, number>();
  const read = (register: number): number => {
    const found = registers.get(register);
    if (found !== undefined) return found;
    throw new NotGenerated(`register ${register} is read before it is written`);
  };
  for (let address = entry; ; address++) {
    const word = words[address]!;
    if (word.instruction.mnemonic === 'HLT') break;
    const result = liftNeuronWord(lifted, word, read, tables);
    if (result !== undefined) registers.set(word.d, result);
  }
  return lifted.kernel('neuron', `neuron code ${entry}`);
}

const BINARY = {
  ADD: 'add',
  SUB: 'subtract',
  MUL: 'multiply',
  MIN: 'minimum',
  MAX: 'maximum',
  AND: 'and',
  OR: 'or',
} as const;
const UNARY = { NEG: 'negate', ABS: 'absolute', SGN: 'sign', NOT: 'not' } as const;
const ROUNDED = { SHF: 'floor', SHN: 'nearest', SHZ: 'toward-zero' } as const;
const LIMITS = { SAT: 'saturate', WRP: 'wrap', SYM: 'symmetric' } as const;

const has = <K extends string>(table: Readonly<Record<K, unknown>>, key: string): key is K =>
  Object.hasOwn(table, key);

/** The operation whose result a word writes; undefined where it writes none. */
function liftNeuronWord(
  lifted: Lifted,
  word: NeuronWord,
  read: (register: number) => number,
  tables: readonly ProgramTable[],
): number | undefined {
  const { mnemonic } = word.instruction;
  const { immediate } = word;
  const a = (): number => read(word.a);
  const b = (): number => read(word.b);
  const shift = (bits: number, rounding: 'floor' | 'nearest' | 'toward-zero'): number =>
    lifted.add({ kind: 'shift', operand: a(), bits, rounding, operation: 0 });
  if (has(BINARY, mnemonic)) return lifted.add({ kind: BINARY[mnemonic], left: a(), right: b() });
  if (has(UNARY, mnemonic)) return lifted.add({ kind: UNARY[mnemonic], operand: a() });
  if (has(ROUNDED, mnemonic)) return shift(immediate, ROUNDED[mnemonic]);
  if (has(LIMITS, mnemonic)) {
    const format = { signed: immediate >= 64, width: immediate % 64, fraction: 0 };
    return lifted.add({ kind: 'limit', operand: a(), overflow: LIMITS[mnemonic] }, format);
  }
  switch (mnemonic) {
    case 'LDI':
      return lifted.constant(immediate);
    case 'LDH': {
      const high = lifted.add({
        kind: 'shift',
        operand: read(word.d),
        bits: -16,
        rounding: 'floor',
        operation: 0,
      });
      return lifted.add({ kind: 'add', left: high, right: lifted.constant(immediate) });
    }
    case 'LD':
      return lifted.load(`field${immediate}`);
    case 'ST':
      lifted.store(`field${immediate}`, a());
      return undefined;
    case 'SNC':
      lifted.store('payload', a());
      return undefined;
    case 'SNT':
      lifted.store(`x${immediate}`, a());
      return undefined;
    case 'WRT':
      lifted.store(`y${immediate}`, a());
      return undefined;
    case 'CMP':
      return lifted.add({
        kind: 'compare',
        operator: COMPARISONS[immediate]!,
        left: a(),
        right: b(),
      });
    case 'SEL':
      return lifted.add({
        kind: 'select',
        condition: a(),
        then: b(),
        otherwise: read(word.c),
      });
    case 'SHL':
      return shift(-immediate, 'floor');
    case 'SHV':
      return lifted.add({ kind: 'shift-left', operand: a(), by: b() });
    case 'W24':
      // The range is (−2^23, 2^23].
      return lifted.add({ kind: 'limit', operand: a(), overflow: 'lava-wrap-24' }, signed(25, 0));
    case 'TBL': {
      const { entries, first, shift: drop } = tables[immediate]!;
      return lifted.add({ kind: 'table', operand: a(), entries, first, shift: drop });
    }
    default:
      throw new Error(`${mnemonic} has no meaning`);
  }
}

/** Fields of the sources of a rule, by selector. */
const SOURCES = { x1: 'x0', x2: 'x1', y1: 'y0', y2: 'y1', y3: 'y2' } as const;

/** The learning program at `entry` as micro-operations: what `LearningEngine` does, word by word. */
export function liftLearning(
  words: readonly LearningWord[],
  entry: number,
  arithmetic: SumOfProductsArithmetic,
  variableWidths: { readonly weight: number; readonly tag: number },
): MicroKernel {
  const { fractionBits, accumulatorBits, mantissaBits, productBits } = arithmetic;
  const lifted = new Lifted();
  const values = new Map<string, number>();
  const variable = (name: string): number => {
    const known = values.get(name) ?? lifted.load(name);
    values.set(name, known);
    return known;
  };
  const source = (selector: number): number => {
    const name = LEARNING_SOURCES[selector]!;
    return name === 'weight' || name === 'tag' ? variable(name) : variable(SOURCES[name]);
  };
  let target: 'weight' | 'tag' = 'weight';
  let sum = lifted.constant(0);
  let product = sum;
  let result = sum;
  let widths = 0;
  const shift = (
    operand: number,
    bits: number,
    more: Pick<MicroAction & { kind: 'shift' }, 'rounding' | 'operation'>,
  ): number => (bits === 0 ? operand : lifted.add({ kind: 'shift', operand, bits, ...more }));
  const floor = { rounding: 'floor', operation: 0 } as const;
  for (let address = entry; ; address++) {
    const { instruction, selector, value } = words[address]!;
    switch (instruction.mnemonic) {
      case 'BEG':
        target = selector === 0 ? 'weight' : 'tag';
        sum = shift(variable(target), -fractionBits, floor);
        break;
      case 'PRD':
        product = lifted.load(`m${selector}`);
        widths = mantissaBits;
        break;
      case 'FAC': {
        const right = product;
        const read = source(selector);
        const left =
          value === 0
            ? read
            : lifted.add({ kind: 'add', left: read, right: lifted.constant(value) });
        product = lifted.add({ kind: 'multiply', left, right });
        widths += widthOf(LEARNING_SOURCES[selector]!, arithmetic);
        break;
      }
      case 'ACC': {
        const operand = shift(product, Math.max(0, widths - productBits), floor);
        const by = lifted.load(`e${selector}`);
        const scaled = lifted.add({ kind: 'shift-left', operand, by });
        const right = lifted.saturate(scaled, accumulatorBits);
        sum = lifted.saturate(lifted.add({ kind: 'add', left: sum, right }), accumulatorBits);
        break;
      }
      case 'RND': {
        const draws = { rounding: 'stochastic', operation: value } as const;
        result = lifted.saturate(shift(sum, fractionBits, draws), variableWidths[target]);
        break;
      }
      case 'CLO':
        result = lifted.add({ kind: 'maximum', left: result, right: lifted.constant(value) });
        break;
      case 'CHI':
        result = lifted.add({ kind: 'minimum', left: result, right: lifted.constant(value) });
        break;
      case 'WRV': {
        const name = selector === 0 ? 'weight' : 'tag';
        lifted.store(name, result);
        values.set(name, result);
        break;
      }
      case 'END':
        return lifted.kernel('synapse', `learning code ${entry}`);
      default:
        throw new Error(`${instruction.mnemonic} has no meaning`);
    }
  }
}
