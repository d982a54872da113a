import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag, unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import { OpenAiEs } from './openai-es.js';
import { Pgpe } from './pgpe.js';
import type { Search, SearchOptions, SearchState } from './search.js';
import { Snes } from './snes.js';

/**
 * Makes a search that starts at `start`, or goes on from `resumed` (a state of a search with the same options).
 * Throws PL5105 for options out of range, all at once.
 */
export function createSearch(
  options: SearchOptions,
  start: Float64Array,
  resumed?: SearchState,
): Search {
  checkOptions(options);
  switch (options.method) {
    case 'pgpe':
      return new Pgpe(options, start, resumed);
    case 'openai-es':
      return new OpenAiEs(options, start, resumed);
    case 'snes':
      return new Snes(options, start, resumed);
    default:
      return unreachable(options.method);
  }
}

function checkOptions(options: SearchOptions): void {
  const bag = new DiagnosticBag();
  const require = (holds: boolean, message: string): void => {
    if (!holds) bag.add(diagnostic('PL5105', message));
  };
  const { population, sigma, learningRate, sigmaLearningRate } = options;
  require(population >= 4 &&
    population % 2 ===
      0, `the population is ${population}; members come in pairs, so it must be an even number of at least 4`);
  require(sigma > 0 &&
    Number.isFinite(sigma), `the starting deviation is ${sigma}; it must be more than 0`);
  require(learningRate >= 0 &&
    Number.isFinite(learningRate), `the learning rate is ${learningRate}; it must not be negative`);
  require(sigmaLearningRate >= 0 &&
    Number.isFinite(
      sigmaLearningRate,
    ), `the learning rate of the deviations is ${sigmaLearningRate}; it must not be negative`);
  bag.finish();
}
