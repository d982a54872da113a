import { join } from 'node:path';
import { type Compilation, compile } from '../../compiler/compile.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import { createHostMachine } from '../../runtime/host/host.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { certificateOf, printCertificate } from '../../runtime/verify/certificate.js';
import type { Comparison } from '../../runtime/verify/comparison.js';
import { type Verification, verify } from '../../runtime/verify/verify.js';
import { targetNamed } from '../../targets/index.js';
import { writeFileAtomic } from '../formats/files.js';
import { exportOnnx } from '../formats/onnx/export.js';
import type { Machine } from '../network/machine.js';
import type { Network } from '../network/network.js';
import { taskOf } from '../tasks/registry.js';
import type { Task } from '../tasks/task.js';
import { createPolicyNetwork, STATIC } from '../train/policy.js';
import { searchDefaults } from '../train/search/defaults.js';
import { startThreads, type WorkerThreads } from '../train/threads.js';
import { type Progress, type TrainHooks, train } from '../train/train.js';
import { CALIBRATION_SEED, trainOn } from '../train/train-on.js';
import type { DemoOptions } from './demo-defaults.js';
import { type ScoreRow, scoreRow, scoresTable } from './scores.js';
import { alignTable } from './text-table.js';

export interface DemoHooks extends Pick<TrainHooks, 'clock' | 'signal'> {
  /** A new stage begins: its number, from 1, and how many there are. */
  readonly stage: (name: string, number: number, of: number) => void;
  readonly progress: (progress: Progress) => void;
}

export interface DemoResult {
  readonly task: string;
  readonly target: string;
  readonly rows: readonly ScoreRow[];
  readonly verification: Verification;
  readonly emulation: {
    readonly cyclesPerStep: number;
    readonly picojoulesPerStep: number;
    readonly cores: number;
  };
  readonly program: { readonly bytes: number; readonly synapses: number };
  readonly seconds: number;
  /** Files by what they are. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The whole way: trains a rule and a static control, compiles the rule, evolves it on the chip's integers, compiles, emulates
 * on conditions that it never saw, and verifies. Everything it measured stands in the result and in the folder.
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
  const target = targetNamed(options.target);
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
  writeFileAtomic(paths.float, exportOnnx(float));

  hooks.stage(`compile the float rule for ${target.name}`, 3, STAGES);
  const first = compileFor(float, task, options);
  score(`plastic, quantised for ${target.name}`, createIntegerHost(first.micro), float);

  hooks.stage(`evolve the rule on the integers of ${target.name}`, 4, STAGES);
  const evolved = await evolve(float, options, hooks, threads);
  const model = exportOnnx(evolved);
  writeFileAtomic(paths.model, model);

  hooks.stage(`compile the evolved rule and emulate ${target.name}`, 5, STAGES);
  const final = compileFor(evolved, task, options);
  writeFileAtomic(paths.program, final.bytes);
  const emulator = target.createMachine(final.bytes, paths.program);
  score(`plastic, evolved on ${target.name} (emulated)`, emulator, evolved);
  const emulation = emulationOf(emulator, final);
  writeFileAtomic(paths.scores, `${JSON.stringify(rows, null, 2)}\n`);

  hooks.stage('verify the evolved Program against its model', 6, STAGES);
  const verifyOptions = {
    steps: options.steps,
    seeds: options.seeds,
    seed: options.seed,
    against: 'emulator',
    bounds: {},
  } as const;
  const verification = verify(evolved, final.bytes, paths.program, target, task, verifyOptions);
  const certificate = certificateOf(
    { file: paths.model, bytes: model },
    { file: paths.program, bytes: final.bytes },
    target.name,
    task.name,
    verifyOptions,
    verification,
  );
  writeFileAtomic(paths.certificate, printCertificate(certificate));
  return {
    task: task.name,
    target: target.name,
    rows,
    verification,
    emulation,
    program: {
      bytes: final.bytes.length,
      synapses: final.fixed.projections.reduce((n, p) => n + p.columns.length, 0),
    },
    seconds: hooks.clock() - started,
    files: paths,
  };
}

const STAGES = 6;
/** Scores are taken on episodes whose draws no search has met. */
const SCORE_SEED = 98;

function pathsIn(folder: string) {
  return {
    float: join(folder, 'float.onnx'),
    model: join(folder, 'model.onnx'),
    program: join(folder, 'program.plastron'),
    certificate: join(folder, 'certificate.json'),
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

function compileFor(network: Network, task: Task, options: DemoOptions): Compilation {
  const calibration = calibrate(network, task, { seed: CALIBRATION_SEED });
  return compile(network, targetNamed(options.target), calibration, options.compile);
}

function emulationOf(machine: Machine, { program }: Compilation): DemoResult['emulation'] {
  const counter = (name: string): number => machine.read({ kind: 'counter', name })[0]!;
  const steps = counter('step');
  return {
    cyclesPerStep: counter('cycles') / steps,
    picojoulesPerStep: counter('decipicojoules') / 10 / steps,
    cores: program.cores.length,
  };
}

/** The demo's summary as text: the table, the verification, the chip's figures, the files. */
export function printDemo(result: DemoResult): string {
  const { task, target, verification, emulation, program, files } = result;
  const cores = `${emulation.cores} ${emulation.cores === 1 ? 'core' : 'cores'}`;
  return [
    `${task} on ${target}: mean score per episode, more is better. Directions seen and not seen in`,
    'training, for each hidden body; and with all weights zeroed for a sixth of the episode.',
    '',
    alignTable(scoresTable(result.rows), 'right'),
    '',
    ...verification.comparisons.flatMap(printComparison),
    `${target}: ${program.synapses} synapses on ${cores}, a Program of ${whole(program.bytes)} bytes;`,
    `  ${(emulation.cyclesPerStep / 10_000).toFixed(1)} µs and ${(emulation.picojoulesPerStep / 1000).toFixed(0)} nJ per step (Loihi-style, from public papers: plastron explain ${target})`,
    '',
    ...Object.entries(files).map(([what, path]) => `${what.padEnd(12)}${path}`),
    '',
    `${result.seconds.toFixed(0)} s`,
  ].join('\n');
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
