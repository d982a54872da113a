import type { Disassemble } from '../../compiler/levels/program/print-core.js';
import { printLearningWord } from './learning-instructions.js';
import { printNeuronWord } from './neuron-instructions.js';

/** A word of code as the instruction that it is: `ADD r3, r1, r2`, `FAC x1, -64`. */
export const disassembleLoihi: Disassemble = (memory, words, address) =>
  memory === 'neuron' ? printNeuronWord(words[address]!) : printLearningWord(words[address]!);
