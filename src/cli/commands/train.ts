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
import { searchDefaults } from '../../train/search/create.js';
import type { SearchOptions } from '../../train/search/search.js';
import { type TrainOptions, type TrainResult, train } from '../../train/train.js';
import { trainOn } from '../../train/train-on.js';
import { EXIT } from '../exit.js';
import { neuronNamed, readModel, ruleNamed } from '../models.js';
import { wholeNumber, workersOption } from '../options.js';
import type { Outcome, RunCommand, Session } from '../session.js';
import { count, duration, score, trainingLine } from '../text.js';

interface TrainFlags {
  readonly rule?: string;
  readonly neuron?: string;
  readonly hidden?: number;
  readonly generations: number;
  readonly population?: number;
  readonly on?: string;
  readonly from?: string;
  readonly resume?: string;
  readonly workers: number;
  readonly output: string;
}

/** `plastron train TASK -o MODEL`: searches for the rule (or the weights) that does best in a task. */
export function registerTrain(program: Command, run: RunCommand): void {
  program
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
    .option('--on <target>', 'evolve on the integers of a target')
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
    .action((task: string, flags: TrainFlags) =>
      run('train', (session) => trainCommand(task, flags, session)),
    );
}

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
      progress: (p: Parameters<typeof trainingLine>[0]) =>
        session.progress(trainingLine(p), p.generation === p.generations),
    };
    return target ? trainOn({ ...options, target }, hooks) : train(options, hooks);
  });
  if (result.interrupted) return interrupted(task, checkpoint, result, flags, session);
  writeFileAtomic(output, exportOnnx(result.network));
  session.say(
    `best ${score(result.best)} after ${result.generations} generations, ${duration(result.seconds)}`,
  );
  session.say(`${output} written; more generations: --resume ${checkpoint}`);
  return { json: fields(output, checkpoint, result) };
}

function trainOptions(
  task: string,
  checkpoint: string,
  flags: TrainFlags,
  session: Session,
): TrainOptions {
  const resume = flags.resume === undefined ? undefined : readCheckpoint(flags.resume);
  const network = startingNetwork(task, flags, session.flags.seed, resume);
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
  seed: number | undefined,
  resume: Checkpoint | undefined,
): Network {
  const { from, rule, neuron, hidden } = flags;
  if (from !== undefined) return readModel(from).network;
  const asked = rule ?? neuron ?? hidden;
  if (resume && asked === undefined) return parseNetwork(resume.network, 'the checkpoint');
  const options: PolicyOptions = {
    ...(rule === undefined ? {} : { rule: isStatic(rule) ? STATIC : ruleNamed(rule) }),
    ...(neuron === undefined ? {} : { neuron: neuronNamed(neuron) }),
    ...(hidden === undefined ? {} : { hidden }),
    seed: seed ?? resume?.search.seed ?? 1,
  };
  return createPolicyNetwork(taskOf(task), options);
}

/** Without a rule only the weights are left to train, whatever the word for it. */
const isStatic = (rule: string): boolean => rule === STATIC || rule === 'none';

function searchOptions(
  network: Network,
  { population }: TrainFlags,
  seed: number | undefined,
  resume: Checkpoint | undefined,
): SearchOptions {
  const trained = network.projections.some((p) => p.rule) ? 'rules' : 'weights';
  return {
    ...(resume?.search ?? searchDefaults('pgpe', trained)),
    ...(population === undefined ? {} : { population }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function interrupted(
  task: string,
  checkpoint: string,
  result: TrainResult,
  { generations, output, on }: TrainFlags,
  session: Session,
): Outcome {
  const target = on === undefined ? '' : ` --on ${on}`;
  session.say(`stopped after ${result.generations} of ${generations} generations; to go on:`);
  session.say(
    `  plastron train ${task} --resume ${checkpoint}${target} --generations ${generations} -o ${output}`,
  );
  return { exit: EXIT.interrupted, json: fields(null, checkpoint, result) };
}

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
