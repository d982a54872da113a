import type { SumOfProductsArithmetic } from '../../compiler/target.js';
import type { Architecture } from '../../runtime/emulator/architecture.js';
import { checkCode } from './check-code.js';
import { LearningEngine } from './learning-engine.js';
import { liftLearning, liftNeuron } from './lift.js';
import { NeuronProcessor } from './neuron-processor.js';
import { LOIHI_TIMING } from './timing.js';

/** How the emulator reads Loihi-style code. */
export function loihiArchitecture(name: string, learning: SumOfProductsArithmetic): Architecture {
  return {
    name,
    timing: LOIHI_TIMING,
    load: (core, program) => {
      const neurons = new NeuronProcessor(core.index, core.neuronCode);
      const engine = new LearningEngine(core.index, core.learningCode, learning);
      checkCode(core, program, learning);
      return {
        neuron: (entry, port) => neurons.run(entry, port),
        synapse: (entry, port) => engine.run(entry, port),
        products: (entry) => engine.products(entry),
        liftNeuron: (entry) => liftNeuron(neurons.words, entry, core.tables),
        liftSynapse: (entry, widths) => liftLearning(engine.words, entry, learning, widths),
      };
    },
  };
}
