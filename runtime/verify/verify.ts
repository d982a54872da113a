import { parseCalibration } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import type { Program } from '../../compiler/levels/program/program.js';
import type { Compilation } from '../../compiler/compile.js';
import type { CompileOptions } from '../../compiler/pass.js';
import type { Target } from '../../compiler/target.js';
import type { Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { printNetwork } from '../../src/network/text.js';
import type { Task } from '../../src/tasks/task.js';
import { createFixedMachine } from '../fixed/machine.js';
import { createIntegerHost } from '../host/integer.js';
import { createHostMachine } from '../host/host.js';
import { type Difference, lockstep } from './lockstep.js';
import { type DriftPoint, drift, oneStepError, type ProjectionRuleError } from './rule-error.js';
import { compareScores, type ScoreComparison } from './score.js';

export interface VerifyOptions {
  /** Steps of the exact comparison. */
  readonly steps: number;
  /** Paired seeds of the score. */
  readonly seeds: number;
  readonly seed: number;
  /** The last link of the chain. */
  readonly against: 'fixed' | 'emulator';
  /** Bounds by name: `score` (loss, as a share of the left score), `rule` (one-step rms in least steps of the weight). */
  readonly bounds: Readonly<Record<string, number>>;
}

/** One link: two machines compared. */
export interface Comparison {
  readonly left: string;
  readonly right: string;
  readonly kind: 'exact' | 'bounded';
  readonly steps: number;
  readonly compared: number;
  readonly differences: number;
  readonly firstDifference: Difference | null;
  readonly ruleError: {
    readonly oneStep: readonly ProjectionRuleError[];
    readonly drift: readonly DriftPoint[];
  } | null;
  readonly score: ScoreComparison | null;
  /** Bounds of the user that this comparison passed. */
  readonly broken: readonly string[];
}

export interface Verification {
  readonly comparisons: readonly Comparison[];
  /** No exact comparison differs and no bound of the user is passed. */
  readonly ok: boolean;
}

/** The names that `bounds` may use. */
export const BOUNDS: readonly string[] = ['score', 'rule'];

/**
 * Verifies every link from the network to the named machine. The Program is compiled again from what it carries, and its
 * bytes are compared.
 *
 * @throws DiagnosticsError PL5301 when the Program was not compiled from this network, PL5302 when compiling again gives other bytes.
 */
export function verify(
  network: Network,
  bytes: Uint8Array,
  file: string,
  target: Target,
  task: Task,
  options: VerifyOptions,
): Verification {
  const program = decodeProgram(bytes, file);
  const compilation = recompile(network, program, bytes, file, target);
  const comparisons = [referenceToFixed(network, compilation, task, options)];
  if (options.against === 'emulator') {
    comparisons.push(fixedToEmulator(compilation, bytes, file, target, task, options));
  }
  const ok = comparisons.every((c) => (c.kind === 'bounded' || c.differences === 0) && c.broken.length === 0);
  return { comparisons, ok };
}

/** Compiles a Program's network again with its own calibration and options, and compares the bytes. */
export function recompile(
  network: Network,
  program: Program,
  bytes: Uint8Array,
  file: string,
  target: Target,
): Compilation {
  if (program.target !== target.name) {
    fail(diagnostic('PL5301', `${file} was compiled for ${program.target}, not for ${target.name}`));
  }
  if (program.provenance.network !== printNetwork(network)) {
    fail(
      diagnostic('PL5301', `${file} was not compiled from this model`, {
        help: 'compile the model again, or verify with the model that the Program was made from',
      }),
    );
  }
  const calibration = parseCalibration(program.provenance.calibration, file);
  const options: Partial<CompileOptions> = JSON.parse(program.provenance.options);
  const again = compile(network, target, calibration, options);
  if (Buffer.compare(Buffer.from(again.bytes), Buffer.from(bytes)) !== 0) {
    fail(
      diagnostic('PL5302', `compiling again what ${file} carries gives other bytes`, {
        help: 'the file was altered, or written by another version of plastron',
      }),
    );
  }
  return again;
}

function referenceToFixed(network: Network, { micro }: Compilation, task: Task, options: VerifyOptions): Comparison {
  const reference = createReferenceMachine(network);
  const integer = createIntegerHost(micro);
  const steps = Math.min(options.steps, 4 * task.steps);
  const oneStep = oneStepError(reference, integer, task, { steps, seed: options.seed });
  const drifting = drift(reference, integer, task, { seed: options.seed, points: 6 });
  const score = compareScores(createHostMachine(network), integer, task, options);
  const broken: string[] = [];
  const { score: scoreBound, rule: ruleBound } = options.bounds;
  if (scoreBound !== undefined && -score.difference > scoreBound * Math.abs(score.left)) broken.push('score');
  if (ruleBound !== undefined && oneStep.some((e) => e.rmsSteps > ruleBound)) broken.push('rule');
  return {
    left: 'reference',
    right: 'fixed',
    kind: 'bounded',
    steps,
    compared: oneStep.reduce((sum, e) => sum + e.compared, 0),
    differences: 0,
    firstDifference: null,
    ruleError: { oneStep, drift: drifting },
    score,
    broken,
  };
}

function fixedToEmulator(
  { fixed, micro, program }: Compilation,
  bytes: Uint8Array,
  file: string,
  target: Target,
  task: Task,
  { steps, seed }: VerifyOptions,
): Comparison {
  const left = createFixedMachine(fixed);
  const right = target.createMachine(bytes, file);
  const explain = (probe: Probe): string | null => causeOf(program, micro, probe);
  const result = lockstep(left, right, task, { steps, seed, explain });
  return {
    left: 'fixed',
    right: 'emulator',
    kind: 'exact',
    ...result,
    ruleError: null,
    score: null,
    broken: [],
  };
}

/** The equation that writes a place: file, line and column of the store in its kernel. */
function causeOf(program: Program, { kernels }: MicroProgram, probe: Probe): string | null {
  if (probe.kind === 'counter' || probe.kind === 'current') return null;
  const synapse = probe.kind !== 'variable';
  const owner = synapse ? probe.projection : probe.population;
  const field = probe.kind === 'weight' ? 'weight' : probe.name;
  const kernel = kernels.find((k) => k.owner === owner && (k.kind === 'synapse') === synapse);
  const store = kernel?.operations.find((o) => o.kind === 'store' && o.field === field);
  if (!store) return null;
  const { file, line, column } = store.origin;
  const memory = synapse ? 'learning' : 'neuron';
  const word = program.sources.find(
    (s) => s.memory === memory && s.file === file && s.line === line && s.column === column,
  );
  const instruction = word ? `core ${word.core}, ${memory} code, address ${word.address}, ` : '';
  return `${instruction}${file}:${line}:${column}`;
}
