import { join } from 'node:path';
import { type Compilation, compile } from '../../compiler/compile.js';
import type { ChipMachine } from '../../compiler/target.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import { createHostMachine } from '../../runtime/host/host.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import {
  type CertifiedFile,
  certificateOf,
  printCertificate,
} from '../../runtime/verify/certificate.js';
import type { Comparison } from '../../runtime/verify/comparison.js';
import { type Verification, verify } from '../../runtime/verify/verify.js';
import { targetNamed } from '../../targets/index.js';
import { writeFileAtomic } from '../formats/files.js';
import { exportOnnx } from '../formats/onnx/export.js';
import type { Machine } from '../network/machine.js';
import type { Network } from '../network/network.js';
import { taskOf } from '../tasks/registry.js';
import { runEpisodes } from '../tasks/rollout.js';
import type { Task } from '../tasks/task.js';
import { createPolicyNetwork, STATIC } from '../train/policy.js';
import { searchDefaults } from '../train/search/defaults.js';
import { startThreads, type WorkerThreads } from '../train/threads.js';
import { type Progress, type TrainHooks, train } from '../train/train.js';
import { CALIBRATION_SEED, trainOn } from '../train/train-on.js';
import type { DemoOptions } from './demo-defaults.js';
import { type DemoDeployment, deployed, printDeployment } from './demo-deployment.js';
import { type ScoreRow, scoreRow, scoresTable } from './scores.js';
import { alignTable } from './text-table.js';

export interface DemoHooks extends Pick<TrainHooks, 'clock' | 'signal'> {
  /** A new stage begins: its number, from 1, and how many there are. */
  readonly stage: (name: string, number: number, of: number) => void;
  readonly progress: (progress: Progress) => void;
}

/** A Program of the demo, emulated and verified. */
export interface DemoChip {
  readonly target: string;
  readonly verification: Verification;
  readonly emulation: {
    readonly cyclesPerStep: number;
    readonly microsecondsPerStep: number;
    /** Null where the family has no energies. */
    readonly picojoulesPerStep: number | null;
    readonly cores: number;
  };
  readonly program: { readonly bytes: number; readonly synapses: number };
}

export interface DemoResult {
  readonly task: string;
  readonly rows: readonly ScoreRow[];
  readonly chips: readonly DemoChip[];
  readonly deployment: DemoDeployment;
  readonly seconds: number;
  /** Files by what they are. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The whole way: trains a rule and a static control, compiles the rule for two chips, evolves it on the integers of the one that
 * cannot hold it as it is, emulates on conditions that it never saw, verifies, and deploys to a virtual board. Everything it measured stands in the result and
 * in the folder.
 */
export async function runDemo(options: DemoOptions, hooks: DemoHooks): Promise<DemoResult> {
  const threads = startThreads(options.workers);
  try {
    return await runStages(options, hooks, threads);
  } finally {
    await threads.close();
  }
}

async function runStages(
  options: DemoOptions,
  hooks: DemoHooks,
  threads: WorkerThreads,
): Promise<DemoResult> {
  const started = hooks.clock();
  const task = taskOf(options.task);
  const { target, core } = options;
  const paths = pathsIn(options.folder);
  const rows: ScoreRow[] = [];
  const score = (name: string, machine: Machine, network: Network): void => {
    rows.push(scoreRow(name, machine, network, task, options.seed + SCORE_SEED));
  };

  hooks.stage('static control: the same neurons, their weights trained', 1, STAGES);
  const control = await search(STATIC, options, hooks, threads);
  score('static control (float)', createHostMachine(control), control);

  hooks.stage('plastic: the rule trained, every weight made in the episode', 2, STAGES);
  const float = await search('pdlf', options, hooks, threads);
  score('plastic (float)', createHostMachine(float), float);
  const floatModel = exportOnnx(float);
  writeFileAtomic(paths.float, floatModel);

  hooks.stage(`compile the float rule for ${core} and for ${target}`, 3, STAGES);
  const onCore = compileFor(float, core, task, options);
  writeFileAtomic(paths.coreProgram, onCore.bytes);
  score(`plastic, quantised for ${core}`, createIntegerHost(onCore.micro), float);
  const first = compileFor(float, target, task, options);
  score(`plastic, quantised for ${target}`, createIntegerHost(first.micro), float);

  hooks.stage(`evolve the rule on the integers of ${target}`, 4, STAGES);
  const evolved = await evolve(float, options, hooks, threads);
  const model = exportOnnx(evolved);
  writeFileAtomic(paths.model, model);

  hooks.stage(`compile the evolved rule and emulate ${target}`, 5, STAGES);
  const final = compileFor(evolved, target, task, options);
  writeFileAtomic(paths.program, final.bytes);
  const emulator = targetNamed(target).createMachine(final.bytes, paths.program);
  score(`plastic, evolved on ${target} (emulated)`, emulator, evolved);
  writeFileAtomic(paths.scores, `${JSON.stringify(rows, null, 2)}\n`);

  hooks.stage('verify both Programs against their models', 6, STAGES);
  const verified = (made: Made): DemoChip => verifiedChip(made, task, options);
  const chips = [
    verified({
      network: float,
      compilation: onCore,
      model: { file: paths.float, bytes: floatModel },
      program: paths.coreProgram,
      certificate: paths.coreCertificate,
      steps: Math.min(options.steps, CORE_STEPS),
    }),
    verified({
      network: evolved,
      compilation: final,
      model: { file: paths.model, bytes: model },
      program: paths.program,
      certificate: paths.certificate,
      steps: options.steps,
    }),
  ];

  hooks.stage('deploy the Program of the core to a virtual board', 7, STAGES);
  const { seed, folder } = options;
  const { clock } = hooks;
  const file = paths.coreProgram;
  const deployment = await deployed({ file, bytes: onCore.bytes, task, seed, folder, clock });
  return { task: task.name, rows, chips, deployment, seconds: clock() - started, files: paths };
}

/** A Program of the demo, and the files around it. */
interface Made {
  readonly network: Network;
  readonly compilation: Compilation;
  readonly model: CertifiedFile;
  readonly program: string;
  readonly certificate: string;
  /** Of the exact comparison. */
  readonly steps: number;
}

/** Verifies a Program, writes the certificate, and runs an episode of the test for its figures. */
function verifiedChip(made: Made, task: Task, { seed, seeds }: DemoOptions): DemoChip {
  const { network, compilation, model, program, certificate, steps } = made;
  const { bytes, fixed } = compilation;
  const target = targetNamed(compilation.target);
  const options = { steps, seeds, seed, against: 'emulator', bounds: {} } as const;
  const verification = verify(network, bytes, program, target, task, options);
  const file = { file: program, bytes };
  const text = certificateOf(model, file, target.name, task.name, options, verification);
  writeFileAtomic(certificate, printCertificate(text));
  const chip = target.createMachine(bytes, program);
  runEpisodes(chip, task, task.episodes.test.slice(0, 1), { seed });
  const emulation = emulationOf(chip, compilation);
  chip.close();
  const synapses = fixed.projections.reduce((n, p) => n + p.columns.length, 0);
  return {
    target: target.name,
    verification,
    emulation,
    program: { bytes: bytes.length, synapses },
  };
}

/** Steps of the exact comparison on the emulator of the core, which tells every cycle and is slower. */
const CORE_STEPS = 2000;
const STAGES = 7;
/** Scores are taken on episodes whose draws no search has met. */
const SCORE_SEED = 98;

function pathsIn(folder: string) {
  return {
    float: join(folder, 'float.onnx'),
    model: join(folder, 'model.onnx'),
    program: join(folder, 'program.plastron'),
    certificate: join(folder, 'certificate.json'),
    coreProgram: join(folder, 'core.plastron'),
    coreCertificate: join(folder, 'core-certificate.json'),
    scores: join(folder, 'scores.json'),
  };
}

async function search(
  rule: string,
  options: DemoOptions,
  hooks: DemoHooks,
  threads: WorkerThreads,
): Promise<Network> {
  const { hidden, population, generations, seed, workers } = options;
  const network = createPolicyNetwork(taskOf(options.task), { rule, hidden, seed });
  const defaults = searchDefaults('pgpe', rule === STATIC ? 'weights' : 'rules');
  const result = await train(
    {
      task: options.task,
      network,
      search: { ...defaults, population, seed },
      generations,
      workers,
      threads,
    },
    hooks,
  );
  hooks.signal?.throwIfAborted();
  return result.network;
}

async function evolve(
  network: Network,
  options: DemoOptions,
  hooks: DemoHooks,
  threads: WorkerThreads,
): Promise<Network> {
  const { population, seed, workers, onTarget: generations } = options;
  const result = await trainOn(
    {
      task: options.task,
      network,
      target: targetNamed(options.target),
      compile: options.compile,
      search: { ...searchDefaults('pgpe'), population, seed: seed + 1 },
      generations,
      workers,
      threads,
    },
    hooks,
  );
  hooks.signal?.throwIfAborted();
  return result.network;
}

function compileFor(
  network: Network,
  target: string,
  task: Task,
  options: DemoOptions,
): Compilation {
  const calibration = calibrate(network, task, { seed: CALIBRATION_SEED });
  return compile(network, targetNamed(target), calibration, options.compile);
}

function emulationOf(chip: ChipMachine, { program }: Compilation): DemoChip['emulation'] {
  const counter = (name: string): number => chip.read({ kind: 'counter', name })[0]!;
  const steps = counter('step');
  const cyclesPerStep = counter('cycles') / steps;
  const hasEnergy = chip.counters.includes('decipicojoules');
  return {
    cyclesPerStep,
    microsecondsPerStep: (cyclesPerStep * chip.nanosecondsPerCycle) / 1000,
    picojoulesPerStep: hasEnergy ? counter('decipicojoules') / 10 / steps : null,
    cores: program.cores.length,
  };
}

/** The demo's summary as text: the table, the verifications, the chips' figures, the files. */
export function printDemo({ task, rows, chips, deployment, files, seconds }: DemoResult): string {
  return [
    `${task}: mean score per episode, more is better. Directions seen and not seen in`,
    'training, for each hidden body; and with all weights zeroed for a sixth of the episode.',
    '',
    alignTable(scoresTable(rows), 'right'),
    '',
    ...chips.flatMap(printChip),
    ...printDeployment(deployment),
    ...Object.entries(files).map(([what, path]) => `${what.padEnd(16)}${path}`),
    '',
    `${seconds.toFixed(0)} s`,
  ].join('\n');
}

function printChip({ target, verification, emulation, program }: DemoChip): string[] {
  const { cores, microsecondsPerStep, picojoulesPerStep: energy } = emulation;
  const on = `${cores} ${cores === 1 ? 'core' : 'cores'}`;
  const time = `${microsecondsPerStep.toFixed(1)} µs`;
  const figures = energy === null ? time : `${time} and ${(energy / 1000).toFixed(0)} nJ`;
  return [
    `${target}: ${program.synapses} synapses on ${on}, a Program of ${whole(program.bytes)} bytes;`,
    `  ${figures} per step (where the figures come from: plastron explain ${target})`,
    ...verification.comparisons.flatMap(printComparison).map((line) => `  ${line}`),
    '',
  ];
}

const whole = (value: number): string => value.toLocaleString('en');

function printComparison(c: Comparison): string[] {
  if (c.kind === 'exact') {
    return [
      `${c.left} = ${c.right}: ${whole(c.differences)} differences in ${whole(c.compared)} values over ${whole(c.steps)} steps`,
    ];
  }
  const lines = [`${c.left} ~ ${c.right}:`];
  for (const { projection, relative } of c.ruleError?.oneStep ?? []) {
    lines.push(
      `  one step of the rule on ${projection} is ${(100 * relative).toFixed(1)} % of Δw off (rms)`,
    );
  }
  if (c.score) {
    const [low, high] = c.score.interval.map((v) => v.toFixed(1));
    lines.push(
      `  score ${c.score.left.toFixed(1)} and ${c.score.right.toFixed(1)}, difference in [${low}, ${high}] (95 %, ${c.score.seeds} paired seeds)`,
    );
  }
  return lines;
}
