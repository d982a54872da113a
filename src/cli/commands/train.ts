import { type Command, Option } from 'commander';
import { searchDefaults, type Trained } from '../../train/search/defaults.js';
import { SEARCH_METHODS, type SearchMethod } from '../../train/search/search.js';
import type { TrainFlags } from '../actions/train.js';
import { realNumber, requireWith, wholeNumber, widthOptions, workersOption } from '../options.js';
import type { RunCommand } from '../session.js';

/** `plastron train TASK -o MODEL`: searches for the rule (or the weights) that does best in a task. */
export function registerTrain(command: Command, run: RunCommand): void {
  command
    .option(
      '--rule <rule>',
      'a rule, a file with one, or static (none): the weights are trained (pdlf)',
    )
    .option('--neuron <neuron>', 'the neuron of the hidden layer, or a file with one (ternary_lif)')
    .option('--hidden <number>', 'neurons of the hidden layer (32)', wholeNumber(1, 65536))
    .option('--generations <number>', 'generations in all', wholeNumber(0), 200)
    .option('--population <number>', 'members of a generation (64)', wholeNumber(1, 1_000_000))
    .addOption(new Option('--method <method>', 'how it is searched (pgpe)').choices(SEARCH_METHODS))
    .option('--sigma <number>', sigmaText(), realNumber)
    .option('--learning-rate <number>', learningRateText(), realNumber)
    .option('--on <target>', 'evolve on the integers of a target');
  for (const option of widthOptions()) command.addOption(onTarget(option));
  command
    .addOption(
      new Option('--from <model>', 'start from a trained model').conflicts([
        'rule',
        'neuron',
        'hidden',
      ]),
    )
    .option('--resume <checkpoint>', 'go on with an interrupted run')
    .addOption(workersOption())
    .requiredOption('-o, --output <file>', 'the model')
    .action((task: string, flags: TrainFlags, self: Command) => {
      if (flags.on === undefined) requireWith(self, widthOptions(), { ...flags }, '--on <target>');
      return run('train', async (session) =>
        (await import('../actions/train.js')).trainCommand(task, flags, session),
      );
    });
}

/** The option, saying that it is for `--on`. */
function onTarget(option: Option): Option {
  option.description += ', with --on';
  return option;
}

/** The defaults of the searches, as `searchDefaults` has them. */
function sigmaText(): string {
  const [rules, weights] = TRAINED.map((trained) => searchDefaults('pgpe', trained).sigma);
  return `deviation that the search starts with (${rules}; weights ${weights})`;
}

function learningRateText(): string {
  const rate = (method: SearchMethod, trained: Trained): number =>
    searchDefaults(method, trained).learningRate;
  const [rules, weights] = TRAINED.map((trained) => rate('pgpe', trained));
  return `rate of the search (${rules}; weights ${weights}; snes ${rate('snes', 'rules')})`;
}

const TRAINED: readonly Trained[] = ['rules', 'weights'];
