import { topBits } from '../../compiler/levels/numbers/rounding.js';
import type { SumOfProductsArithmetic } from '../../compiler/target.js';
import { type SynapsePort, tooWide, trap } from '../../runtime/emulator/architecture.js';
import { widthOf } from './learning-encoder.js';
import {
  decodeLearningWord,
  LEARNING_SOURCES,
  type LearningWord,
} from './learning-instructions.js';

/** Executes learning programs: Loihi's sum of products with its accumulator of 15 bits and sign. */
export class LearningEngine {
  readonly words: readonly LearningWord[];

  constructor(
    private readonly core: number,
    private readonly code: readonly number[],
    private readonly arithmetic: SumOfProductsArithmetic,
  ) {
    this.words = code.map(
      (word, address) => decodeLearningWord(word) ?? trap(core, 'learning', address, word),
    );
  }

  /** Product words between `entry` and END. */
  products(entry: number): number {
    let count = 0;
    for (let address = entry; address < this.words.length; address++) {
      const { mnemonic } = this.words[address]!.instruction;
      if (mnemonic === 'END') break;
      if (mnemonic === 'PRD') count++;
    }
    return count;
  }

  run(entry: number, port: SynapsePort): void {
    const { fractionBits, accumulatorBits, mantissaBits, productBits } = this.arithmetic;
    const unit = 2 ** fractionBits;
    let sum = 0;
    let product = 0;
    let widths = 0;
    let result = 0;
    let target = 0;
    for (let address = entry; ; address++) {
      const word = this.words[address];
      if (!word) return trap(this.core, 'learning', address, this.code[address] ?? 0);
      const { selector, value } = word;
      switch (word.instruction.mnemonic) {
        case 'BEG':
          target = selector;
          sum = (selector === 0 ? port.weight : port.tag) * unit;
          break;
        case 'PRD':
          product = port.mantissa(selector);
          widths = mantissaBits;
          break;
        case 'FAC':
          product = this.exact(product * (this.source(selector, port) + value));
          widths += widthOf(LEARNING_SOURCES[selector]!, this.arithmetic);
          break;
        case 'ACC': {
          const shifted = Math.floor(product / 2 ** Math.max(0, widths - productBits));
          const scaled = saturate(shifted * 2 ** port.exponent(selector), accumulatorBits, port);
          sum = saturate(sum + scaled, accumulatorBits, port);
          break;
        }
        case 'RND': {
          const rounded = Math.floor(
            (sum + topBits(port.random(value, fractionBits), fractionBits)) / unit,
          );
          result = saturate(rounded, target === 0 ? port.weightWidth : port.tagWidth, port);
          break;
        }
        case 'CLO':
          result = Math.max(result, value);
          break;
        case 'CHI':
          result = Math.min(result, value);
          break;
        case 'WRV':
          if (selector === 0) port.weight = result;
          else port.tag = result;
          break;
        case 'END':
          return;
        default:
          throw new Error(`${word.instruction.mnemonic} has no meaning`);
      }
    }
  }

  /** Real factors have few bits; a product that passes 53 comes from a damaged program. */
  private exact(product: number): number {
    if (Number.isSafeInteger(product)) return product;
    return tooWide(this.core, `FAC gives ${product}, and products are exact to 53 bits`);
  }

  private source(selector: number, port: SynapsePort): number {
    switch (LEARNING_SOURCES[selector]!) {
      case 'x1':
        return port.x(0);
      case 'x2':
        return port.x(1);
      case 'y1':
        return port.y(0);
      case 'y2':
        return port.y(1);
      case 'y3':
        return port.y(2);
      case 'weight':
        return port.weight;
      case 'tag':
        return port.tag;
    }
  }
}

function saturate(value: number, width: number, port: SynapsePort): number {
  const high = 2 ** (width - 1) - 1;
  if (value >= -high - 1 && value <= high) return value;
  port.saturated();
  return value > high ? high : -high - 1;
}
