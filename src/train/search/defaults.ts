import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { SearchMethod, SearchOptions } from './search.js';

/** What a genome is made of: per-synapse parameters of rules, or initial weights. */
export type Trained = 'rules' | 'weights';

/**
 * Settings that were measured to work, population 64. For rules: deviation 0.04 and, with Adam, rate 0.04 (0.02 is
 * slower, 0.08 finds less). Weights count relative to the largest of their projection, so their search takes larger
 * steps: deviation 0.2, rate 0.1 (a rate of 0.02 leaves a static control far below what it can do).
 */
export function searchDefaults(method: SearchMethod, trained: Trained = 'rules'): SearchOptions {
  const [sigma, rate] = trained === 'rules' ? [0.04, 0.04] : [0.2, 0.1];
  const base = { method, population: 64, seed: 1, sigma };
  switch (method) {
    case 'pgpe':
      return { ...base, learningRate: rate, sigmaLearningRate: 0.07 };
    case 'openai-es':
      return { ...base, learningRate: rate, sigmaLearningRate: 0 };
    case 'snes':
      return { ...base, learningRate: 1, sigmaLearningRate: 0.05 };
    default:
      return unreachable(method);
  }
}
