import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag } from '../../compiler/diagnostics/diagnostic.js';
import type { Checkpoint } from './checkpoint.js';

/** What makes a run the same run. */
export type RunIdentity = Pick<Checkpoint, 'task' | 'network' | 'evaluator' | 'search'>;

/** Refuses (PL5107) a checkpoint that belongs to another run, naming everything that differs. */
export function checkResumable(checkpoint: Checkpoint, run: RunIdentity): void {
  const bag = new DiagnosticBag();
  const compare = (what: string, saved: string | number, given: string | number): void => {
    if (saved === given) return;
    const message = `the checkpoint was made with ${what} ${saved}, this run has ${given}`;
    bag.add(diagnostic('PL5107', message));
  };
  compare('the task', checkpoint.task, run.task);
  compare('members evaluated on', checkpoint.evaluator, run.evaluator);
  compare('the search', checkpoint.search.method, run.search.method);
  compare('the population', checkpoint.search.population, run.search.population);
  compare('the seed', checkpoint.search.seed, run.search.seed);
  compare('the starting deviation', checkpoint.search.sigma, run.search.sigma);
  compare('the learning rate', checkpoint.search.learningRate, run.search.learningRate);
  compare(
    'the learning rate of the deviations',
    checkpoint.search.sigmaLearningRate,
    run.search.sigmaLearningRate,
  );
  if (checkpoint.network !== run.network) {
    bag.add(diagnostic('PL5107', 'the checkpoint was made with another network'));
  }
  bag.finish();
}
