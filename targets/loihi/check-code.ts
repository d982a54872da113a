import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Program, ProgramBlock, ProgramCore } from '../../compiler/levels/program/program.js';
import type { SumOfProductsArithmetic } from '../../compiler/target.js';
import { trap } from '../../runtime/emulator/architecture.js';
import {
  decodeLearningWord,
  LEARNING_SOURCES,
  type LearningWord,
} from './learning-instructions.js';
import { decodeNeuronWord, type NeuronWord } from './neuron-instructions.js';

/**
 * Walks the code of every group and block of a core to its end. Throws DiagnosticsError: PL5020 where it runs out of
 * the memory, PL5021 where a word names what the core does not have, a coefficient is beyond the engine, or the Program
 * has parts that the chip has not.
 */
export function checkCode(
  core: ProgramCore,
  program: Program,
  arithmetic: SumOfProductsArithmetic,
): void {
  for (const group of core.groups) {
    const traces = program.populations[group.population]!.traces.length;
    const counts: Record<string, number> = {
      LD: group.fields.length,
      ST: group.fields.length,
      TBL: core.tables.length,
      SNT: traces,
      WRT: group.traces,
    };
    walk(core, 'neuron', group.entry, decodeNeuronWord, 'HLT', (word: NeuronWord) => {
      const { mnemonic } = word.instruction;
      const count = counts[mnemonic];
      return count === undefined || word.immediate < count;
    });
  }
  refuseExtras(core, program);
  for (const block of core.blocks) {
    if (block.entry < 0) continue;
    const holds = learningHolds(core, program, block);
    walk(core, 'learning', block.entry, decodeLearningWord, 'END', holds);
    checkCoefficients(core, block, arithmetic);
  }
}

/** Parts of the container that other families have. */
function refuseExtras(core: ProgramCore, program: Program): void {
  const refuse = (what: string): never =>
    fail(diagnostic('PL5021', `core ${core.index}: ${program.target} has no ${what}`));
  if (core.controlCode.length > 0) refuse('control code');
  const [parameter] = program.parameters;
  if (parameter) refuse(`parameter ${parameter.name}`);
  const scaled = core.blocks.find((b) => b.scale !== undefined);
  if (!scaled) return;
  refuse(`normalize ${scaled.scale} (${program.projections[scaled.projection]!.name})`);
}

interface Decoded {
  readonly instruction: { readonly mnemonic: string };
}

/** Every word from `entry` to the one that ends the program, in order. */
function walk<Word extends Decoded>(
  core: ProgramCore,
  memory: 'neuron' | 'learning',
  entry: number,
  decode: (word: number) => Word | undefined,
  end: string,
  holds: (word: Word) => boolean,
): void {
  const code = memory === 'neuron' ? core.neuronCode : core.learningCode;
  for (let address = entry; ; address++) {
    const raw = code[address] ?? 0;
    const word = decode(raw) ?? trap(core.index, memory, address, raw);
    if (word.instruction.mnemonic === end) return;
    if (holds(word)) continue;
    const place = `core ${core.index}, ${memory} code, address ${address}`;
    const { mnemonic } = word.instruction;
    fail(diagnostic('PL5021', `${place}: ${mnemonic} names what the core does not have`));
  }
}

/** What the words of a block's rule may name: its variables, sources and coefficients. */
function learningHolds(
  core: ProgramCore,
  program: Program,
  block: ProgramBlock,
): (word: LearningWord) => boolean {
  const tagged = block.tagFormat !== undefined;
  const x = program.populations[block.pre]!.traces.length;
  const y = core.groups[block.group]!.traces;
  const source = (selector: number): boolean => {
    const name = LEARNING_SOURCES[selector]!;
    if (name === 'tag') return tagged;
    if (name.startsWith('x')) return Number(name[1]) <= x;
    const modulated = name === 'y3' && program.modulator !== undefined;
    return name === 'weight' || modulated || Number(name[1]) <= y;
  };
  return ({ instruction, selector }) => {
    switch (instruction.selector) {
      case 'variable':
        return selector === 0 || tagged;
      case 'source':
        return source(selector);
      case 'word':
        return 2 * selector + 1 < block.wordsPerProfile;
      case 'none':
        return true;
    }
  };
}

/** Mantissas and exponents alternate; each has the engine's width. */
function checkCoefficients(
  core: ProgramCore,
  { coefficients }: ProgramBlock,
  { mantissaBits, exponentMaximum }: SumOfProductsArithmetic,
): void {
  const half = 2 ** (mantissaBits - 1);
  for (const [index, value] of coefficients.entries()) {
    const fits =
      index % 2 === 0 ? value >= -half && value < half : value >= 0 && value <= exponentMaximum;
    if (fits) continue;
    const what = index % 2 === 0 ? 'mantissa' : 'exponent';
    fail(diagnostic('PL5021', `core ${core.index}: ${value} does not fit a ${what} of the engine`));
  }
}
