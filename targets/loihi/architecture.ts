import type { SumOfProductsArithmetic } from '../../compiler/target.js';
import type { Architecture } from '../../runtime/emulator/architecture.js';
import { LearningEngine } from './learning-engine.js';
import { NeuronProcessor } from './neuron-processor.js';
import { LOIHI_TIMING } from './timing.js';

/** How the emulator reads Loihi-style code. */
export function loihiArchitecture(name: string, learning: SumOfProductsArithmetic): Architecture {
  return {
    name,
    timing: LOIHI_TIMING,
    load: (core, neuronCode, learningCode) => {
      const neurons = new NeuronProcessor(core, neuronCode);
      const engine = new LearningEngine(core, learningCode, learning);
      return {
        neuron: (entry, port) => neurons.run(entry, port),
        synapse: (entry, port) => engine.run(entry, port),
        products: (entry) => engine.products(entry),
      };
    },
  };
}
