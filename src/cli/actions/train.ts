import { existsSync } from 'node:fs';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { targetNamed } from '../../../targets/index.js';
import { checkWritable, writeFileAtomic } from '../../formats/files.js';
import { exportOnnx } from '../../formats/onnx/export.js';
import type { Network } from '../../network/network.js';
import { parseNetwork } from '../../network/parse-text.js';
import { taskOf } from '../../tasks/registry.js';
import { type Checkpoint, readCheckpoint } from '../../train/checkpoint.js';
import { genomeOf } from '../../train/genome.js';
import { createPolicyNetwork, type PolicyOptions, STATIC } from '../../train/policy.js';
import { searchDefaults } from '../../train/search/defaults.js';
import type { SearchMethod, SearchOptions } from '../../train/search/search.js';
import { type TrainOptions, type TrainResult, train } from '../../train/train.js';
import { trainOn } from '../../train/train-on.js';
import { EXIT } from '../exit.js';
import { neuronNamed, readModel, ruleNamed } from '../models.js';
import { optionWords, type WidthFlags, widthOptions, widthsOf } from '../options.js';
import type { Outcome, Session } from '../session.js';
import { count, counted, duration, score, trainingLine } from '../text.js';

export interface TrainFlags extends WidthFlags {
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

/** Searches for a rule, or for weights, and writes the model. */
export async function trainCommand(
  task: string,
  flags: TrainFlags,
  session: Session,
): Promise<Outcome> {
  const { output, on } = flags;
  const target = on === undefined ? undefined : targetNamed(on);
  const checkpoint = `${output}.checkpoint`;
  const options = trainOptions(task, checkpoint, flags, session);
  const { rule, neuron, from, resume } = flags;
  const inputs = [rule, neuron, from];
  checkWritable(output, [...inputs, resume]);
  checkWritable(checkpoint, inputs);
  if (resume === undefined) keepInterrupted(output, checkpoint);
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
    `best ${score(result.best)} after ${counted(result.generations, 'generation')}, ${duration(result.seconds)}`,
  );
  const more = resumeWords(checkpoint, flags).map(shellWord).join(' ');
  session.say(`${output} written; more generations: ${more} --generations N`);
  const diverged = result.history.length > 0 && Number.isNaN(result.mean);
  const diagnostics = diverged
    ? [diagnostic('PL5110', 'every member of the last generation diverged')]
    : [];
  return { diagnostics, json: fields(output, checkpoint, result) };
}

/** Refuses to write over the checkpoint of a run that never came to its model. */
function keepInterrupted(output: string, checkpoint: string): void {
  if (existsSync(output) || !existsSync(checkpoint)) return;
  const { generation } = readCheckpoint(checkpoint).state;
  if (generation === 0) return;
  const message = `\`${checkpoint}\` holds ${counted(generation, 'generation')} of a run that has not written its model`;
  const help = `go on with --resume ${checkpoint}, delete it, or write to another file`;
  fail(diagnostic('PL5109', message, { help }));
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
