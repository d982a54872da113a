import { join } from 'node:path';
import { type Compilation, compile } from '../../compiler/compile.js';
import type { CompileOptions } from '../../compiler/pass.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import { createHostMachine } from '../../runtime/host/host.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { certificateOf, printCertificate } from '../../runtime/verify/certificate.js';
import { type Verification, verify } from '../../runtime/verify/verify.js';
import { targetNamed } from '../../targets/index.js';
import { writeFileAtomic } from '../formats/files.js';
import { exportOnnx } from '../formats/onnx/export.js';
import type { Network } from '../network/network.js';
import { taskOf } from '../tasks/registry.js';
import type { Task } from '../tasks/task.js';
import { createPolicyNetwork, STATIC } from '../train/policy.js';
import { searchDefaults } from '../train/search/create.js';
import { type Progress, type TrainHooks, train } from '../train/train.js';
import { CALIBRATION_SEED, trainOn } from '../train/train-on.js';
import { printScores, type ScoreRow, scoreRow } from './scores.js';

export interface DemoOptions {
  readonly task: string;
  readonly target: string;
  readonly hidden: number;
  readonly population: number;
  /** Generations of the float rule and of the static control. */
  readonly generations: number;
  /** Generations on the target's integers. */
  readonly onTarget: number;
  readonly seed: number;
  readonly workers: number;
  /** Steps of the exact comparison. */
  readonly steps: number;
  /** Paired seeds of the score comparison. */
  readonly seeds: number;
  readonly compile: Partial<CompileOptions>;
  /** The folder of the files. */
  readonly folder: string;
}

/** What `npm start` runs: about a minute and a half on two cores. */
export const DEMO_DEFAULTS: DemoOptions = {
  task: 'hidden-dynamics',
  target: 'loihi2',
  hidden: 32,
  population: 64,
  generations: 120,
  onTarget: 40,
  seed: 1,
  workers: 2,
  steps: 10_000,
  seeds: 20,
  compile: {},
  folder: 'plastron-out',
};

export interface DemoHooks extends Pick<TrainHooks, 'clock' | 'signal'> {
  /** A new stage begins. */
  readonly stage: (name: string) => void;
  readonly progress: (stage: string, progress: Progress) => void;
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
  const started = hooks.clock();
  const task = taskOf(options.task);
  const target = targetNamed(options.target);
  const scored = options.seed + 98;
  const rows: ScoreRow[] = [];
  const paths = pathsIn(options.folder);

  const control = await search('static control', STATIC, options, hooks);
  rows.push(scoreRow('static control (float)', createHostMachine(control), control, task, scored));
  const float = await search('plastic rule, float', 'pdlf', options, hooks);
  rows.push(scoreRow('plastic (float)', createHostMachine(float), float, task, scored));

  hooks.stage(`compile for ${target.name}`);
  const first = compileFor(float, task, options);
  rows.push(
    scoreRow(
      `plastic, quantised for ${target.name}`,
      createIntegerHost(first.micro),
      float,
      task,
      scored,
    ),
  );

  const evolved = await evolve(float, options, hooks);
  hooks.stage('compile and emulate');
  const model = exportOnnx(evolved);
  const final = compileFor(evolved, task, options);
  const emulator = target.createMachine(final.bytes, paths.program);
  rows.push(
    scoreRow(`plastic, evolved on ${target.name} (emulated)`, emulator, evolved, task, scored),
  );
  writeFileAtomic(paths.float, exportOnnx(float));
  writeFileAtomic(paths.model, model);
  writeFileAtomic(paths.program, final.bytes);
  const emulation = emulationOf(emulator, final);

  hooks.stage('verify');
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
  writeFileAtomic(paths.certificate, new TextEncoder().encode(printCertificate(certificate)));
  const result: DemoResult = {
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
  writeFileAtomic(paths.scores, new TextEncoder().encode(`${JSON.stringify(rows, null, 2)}\n`));
  return result;
}

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
  stage: string,
  rule: string,
  options: DemoOptions,
  hooks: DemoHooks,
): Promise<Network> {
  hooks.stage(stage);
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
    },
    { ...hooks, progress: (p) => hooks.progress(stage, p) },
  );
  hooks.signal?.throwIfAborted();
  return result.network;
}

async function evolve(network: Network, options: DemoOptions, hooks: DemoHooks): Promise<Network> {
  const stage = `evolve on ${options.target}`;
  hooks.stage(stage);
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
    },
    { ...hooks, progress: (p) => hooks.progress(stage, p) },
  );
  hooks.signal?.throwIfAborted();
  return result.network;
}

function compileFor(network: Network, task: Task, options: DemoOptions): Compilation {
  const calibration = calibrate(network, task, { seed: CALIBRATION_SEED });
  return compile(network, targetNamed(options.target), calibration, options.compile);
}

function emulationOf(
  machine: ReturnType<ReturnType<typeof targetNamed>['createMachine']>,
  { program }: Compilation,
) {
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
  const { verification, emulation, program, files } = result;
  const lines = [
    `${result.task} on ${result.target}: mean score per episode (more is better)`,
    '',
    printScores(result.rows),
    '',
    ...verification.comparisons.map((c) =>
      c.kind === 'exact'
        ? `${c.left} = ${c.right}: ${c.differences} differences in ${c.compared.toLocaleString('en')} values over ${c.steps.toLocaleString('en')} steps`
        : `${c.left} ~ ${c.right}: one-step rule error ${(c.ruleError?.oneStep ?? []).map((e) => `${e.projection} ${e.rmsSteps.toFixed(2)} least steps (rms)`).join(', ')}`,
    ),
    `${program.synapses} synapses, ${program.bytes.toLocaleString('en')} bytes, ${emulation.cores} core, ${emulation.cyclesPerStep.toFixed(0)} cycles of 0.1 ns and ${emulation.picojoulesPerStep.toFixed(0)} pJ per step (Loihi-style, from public papers)`,
    '',
    ...Object.entries(files).map(([what, path]) => `${what.padEnd(12)} ${path}`),
    '',
    `${result.seconds.toFixed(0)} s`,
  ];
  return lines.join('\n');
}
