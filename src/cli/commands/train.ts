import { type Command, Option } from 'commander';
import { targetNamed } from '../../../targets/index.js';
import { checkWritable, writeFileAtomic } from '../../formats/files.js';
import { exportOnnx } from '../../formats/onnx/export.js';
import type { Network } from '../../network/network.js';
import { parseNetwork } from '../../network/parse-text.js';
import { taskOf } from '../../tasks/registry.js';
import { type Checkpoint, readCheckpoint } from '../../train/checkpoint.js';
import { genomeOf } from '../../train/genome.js';
import { createPolicyNetwork, type PolicyOptions, STATIC } from '../../train/policy.js';
import { searchDefaults, type Trained } from '../../train/search/create.js';
import {
  SEARCH_METHODS,
  type SearchMethod,
  type SearchOptions,
} from '../../train/search/search.js';
import { type TrainOptions, type TrainResult, train } from '../../train/train.js';
import { trainOn } from '../../train/train-on.js';
import { EXIT } from '../exit.js';
import { neuronNamed, readModel, ruleNamed } from '../models.js';
import {
  optionWords,
  realNumber,
  requireWith,
  type WidthFlags,
  wholeNumber,
  widthOptions,
  widthsOf,
  workersOption,
} from '../options.js';
import type { Outcome, RunCommand, Session } from '../session.js';
import { count, duration, score, trainingLine } from '../text.js';

interface TrainFlags extends WidthFlags {
  readonly rule?: string;
  readonly neuron?: string;
  readonly hidden?: number;
  readonly generations: number;
  readonly population?: number;
  readonly method?: SearchMethod;
  readonly sigma?: number;
  readonly learningRate?: number;
  readonly on?: string;
  readonly from?: string;
  readonly resume?: string;
  readonly workers: number;
  readonly output: string;
}

/** `plastron train TASK -o MODEL`: searches for the rule (or the weights) that does best in a task. */
export function registerTrain(program: Command, run: RunCommand): void {
  const command = program
    .command('train')
    .description('searches for the plasticity rule that does best in a task')
    .argument('<task>', 'a task, with its variants: hidden-dynamics:angles=4')
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
      return run('train', (session) => trainCommand(task, flags, session));
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

async function trainCommand(task: string, flags: TrainFlags, session: Session): Promise<Outcome> {
  const { output, on } = flags;
  const target = on === undefined ? undefined : targetNamed(on);
  const checkpoint = `${output}.checkpoint`;
  const options = trainOptions(task, checkpoint, flags, session);
  checkWritable(output);
  checkWritable(checkpoint);
  const trained = options.network.projections.some((p) => p.rule) ? 'rule' : 'weights';
  const size = count(genomeOf(options.network).values.length);
  const where = target ? ` on the integers of ${target.name}` : '';
  session.say(`training ${size} numbers of the ${trained} for ${task}${where}`);
  const result = await session.interruptible((signal) => {
    const hooks = {
      clock: session.clock,
      signal,
      report: session.report,
      progress: (p: Parameters<typeof trainingLine>[0]) =>
        session.progress(trainingLine(p), p.generation === p.generations),
    };
    return target
      ? trainOn({ ...options, target, compile: widthsOf(flags) }, hooks)
      : train(options, hooks);
  });
  if (result.interrupted) return interrupted(task, checkpoint, result, flags, session);
  writeFileAtomic(output, exportOnnx(result.network));
  session.say(
    `best ${score(result.best)} after ${result.generations} generations, ${duration(result.seconds)}`,
  );
  const more = resumeWords(checkpoint, flags).map(shellWord).join(' ');
  session.say(`${output} written; more generations: ${more} --generations N`);
  return { json: fields(output, checkpoint, result) };
}

function trainOptions(
  task: string,
  checkpoint: string,
  flags: TrainFlags,
  session: Session,
): TrainOptions {
  const resume = flags.resume === undefined ? undefined : readCheckpoint(flags.resume);
  const network = startingNetwork(task, flags, session, resume);
  return {
    task,
    network,
    search: searchOptions(network, flags, session.flags.seed, resume),
    generations: flags.generations,
    workers: flags.workers,
    checkpoint,
    ...(resume ? { resume } : {}),
  };
}

/** A resumed run has the network of its checkpoint, unless the flags ask for one: then the two are compared. */
function startingNetwork(
  task: string,
  flags: TrainFlags,
  session: Session,
  resume: Checkpoint | undefined,
): Network {
  const { from, rule, neuron, hidden } = flags;
  if (from !== undefined) return readModel(from, session).network;
  const asked = rule ?? neuron ?? hidden;
  if (resume && asked === undefined) return checkpointNetwork(resume, flags.resume!, session);
  const options: PolicyOptions = {
    ...(rule === undefined ? {} : { rule: isStatic(rule) ? STATIC : ruleNamed(rule, session) }),
    ...(neuron === undefined ? {} : { neuron: neuronNamed(neuron, session) }),
    ...(hidden === undefined ? {} : { hidden }),
    seed: session.flags.seed ?? resume?.search.seed ?? 1,
  };
  return createPolicyNetwork(taskOf(task), options);
}

function checkpointNetwork({ network }: Checkpoint, file: string, { sources }: Session): Network {
  sources.add(file, network);
  return parseNetwork(network, file);
}

/** Without a rule only the weights are left to train, whatever the word for it. */
const isStatic = (rule: string): boolean => rule === STATIC || rule === 'none';

function searchOptions(
  network: Network,
  { population, method, sigma, learningRate }: TrainFlags,
  seed: number | undefined,
  resume: Checkpoint | undefined,
): SearchOptions {
  const trained = network.projections.some((p) => p.rule) ? 'rules' : 'weights';
  return {
    ...(resume?.search ?? searchDefaults(method ?? 'pgpe', trained)),
    ...(method === undefined ? {} : { method }),
    ...(population === undefined ? {} : { population }),
    ...(sigma === undefined ? {} : { sigma }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function interrupted(
  task: string,
  checkpoint: string,
  result: TrainResult,
  flags: TrainFlags,
  session: Session,
): Outcome {
  const { generations, output } = flags;
  const words = ['plastron', 'train', task, ...resumeWords(checkpoint, flags)];
  words.push('--generations', `${generations}`, '-o', output);
  session.say(`stopped after ${result.generations} of ${generations} generations; to go on:`);
  session.say(`  ${words.map(shellWord).join(' ')}`);
  return { exit: EXIT.interrupted, json: fields(null, checkpoint, result) };
}

/**
 * What goes on with a run: the checkpoint has its network, search and seed; the target and its widths decide what members
 * are judged on and are no part of it.
 */
function resumeWords(checkpoint: string, flags: TrainFlags): readonly string[] {
  const on = flags.on === undefined ? [] : ['--on', flags.on];
  return ['--resume', checkpoint, ...on, ...optionWords(widthOptions(), { ...flags })];
}

/** A word as a shell reads it back. */
const shellWord = (word: string): string =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function fields(model: string | null, checkpoint: string, result: TrainResult) {
  const { generations, best, mean, seconds, synapseUpdates } = result;
  return {
    model,
    checkpoint,
    generations,
    best,
    mean,
    seconds,
    synapseUpdatesPerSecond: seconds > 0 ? synapseUpdates / seconds : 0,
  };
}
