import { z } from 'zod';
import { parseCalibration } from '../../compiler/analysis/calibration.js';
import type { Compilation } from '../../compiler/compile.js';
import { compile } from '../../compiler/compile.js';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { type Diagnostic, fail } from '../../compiler/diagnostics/diagnostic.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import type { Program } from '../../compiler/levels/program/program.js';
import type { CompileOptions } from '../../compiler/pass.js';
import type { ChipMachine, ChipTwin, Target } from '../../compiler/target.js';
import { issueText, parseJson } from '../../src/formats/json.js';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { printNetwork } from '../../src/network/text.js';
import type { Task } from '../../src/tasks/task.js';
import { createFixedMachine } from '../fixed/machine.js';
import { createHostMachine } from '../host/host.js';
import { createIntegerHost } from '../host/integer.js';
import { BOUNDED, type Bounds, brokenBounds, checkBounds } from './bounds.js';
import { emulatorToCircuit } from './circuit.js';
import type { Comparison } from './comparison.js';
import { drift } from './drift.js';
import { type Drive, taskDrive } from './drive.js';
import { explainFixed } from './explain.js';
import { describeDifference, type Explain, lockstep } from './lockstep.js';
import { sharedShape } from './pair.js';
import { ruleError } from './rule-error.js';
import { compareScores } from './score.js';
import { TermErrors } from './term-error.js';

/** The machines that a chain may end with, each behind those before it. */
export const LINKS = ['fixed', 'emulator', 'rtl', 'board'] as const;
export type Link = (typeof LINKS)[number];

export interface VerifyOptions {
  /** Steps of the exact comparison. */
  readonly steps: number;
  /** Paired seeds of the score. */
  readonly seeds: number;
  readonly seed: number;
  /** The last link of the chain. */
  readonly against: Link;
  /** Limits of bounded comparisons by name: `BOUNDS` in bounds.ts. */
  readonly bounds: Bounds;
}

export interface Verification {
  readonly comparisons: readonly Comparison[];
  /** Seconds of each comparison; empty without a clock. */
  readonly seconds: readonly number[];
  /** No exact comparison differs and no bound of the user is passed. */
  readonly ok: boolean;
}

/** What a verification works with. */
export interface VerifyTools {
  /** Seconds since any moment. */
  readonly clock?: (() => number) | undefined;
  /** The circuit beside its emulator: for `rtl`. */
  readonly twin?: ChipTwin | undefined;
  /** The Program on a board: for `board`. */
  readonly board?: ChipMachine | undefined;
}

/** What was found, without how long it took: what certificates hold. */
export type Findings = Pick<Verification, 'comparisons' | 'ok'>;

/**
 * Verifies every link from the network to the named machine. The Program is compiled again from what it carries, and its
 * bytes are compared.
 *
 * @throws DiagnosticsError PL5301 when the Program was not compiled from this network, PL5302 when compiling again gives other bytes,
 * PL5308 for bounds that do not exist; what `lockstep` and `compareScores` throw.
 */
export function verify(
  network: Network,
  bytes: Uint8Array,
  file: string,
  target: Target,
  task: Task,
  options: VerifyOptions,
  { clock, twin, board }: VerifyTools = {},
): Verification {
  checkBounds(options.bounds);
  const program = decodeProgram(bytes, file);
  const compilation = recompile(network, program, bytes, file, target);
  const links = [() => referenceToFixed(network, compilation, target, task, options)];
  const explain = explainFixed(compilation.fixed, program);
  const drive = driveOf(task, options);
  const { steps, against } = options;
  const emulator = (): Side => ({ name: 'emulator', machine: target.createMachine(bytes, file) });
  if (against !== 'fixed') {
    const fixed = (): Side => ({ name: 'fixed', machine: createFixedMachine(compilation.fixed) });
    links.push(() => exactly(fixed(), emulator(), drive, steps, explain));
  }
  if (against === 'rtl') links.push(() => emulatorToCircuit(twin!, drive, steps, explain));
  if (against === 'board') {
    links.push(() =>
      exactly(emulator(), { name: 'board', machine: board! }, drive, steps, explain),
    );
  }
  const seconds: number[] = [];
  const comparisons = links.map((compare) => {
    const started = clock?.();
    const comparison = compare();
    if (clock && started !== undefined) seconds.push(clock() - started);
    return comparison;
  });
  const ok = comparisons.every((c) => c.differences === 0 && c.broken.length === 0);
  return { comparisons, seconds, ok };
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
    fail(
      diagnostic(
        'PL5301',
        `\`${file}\` was compiled for ${program.target}, not for ${target.name}`,
      ),
    );
  }
  if (program.provenance.network !== printNetwork(network)) {
    fail(
      diagnostic('PL5301', `\`${file}\` was not compiled from this model`, {
        help: 'compile the model again, or verify with the model that the Program was made from',
      }),
    );
  }
  const calibration = parseCalibration(program.provenance.calibration, `calibration of ${file}`);
  const options = parseOptions(program.provenance.options, `options of ${file}`);
  const again = compile(network, target, calibration, options);
  if (Buffer.compare(Buffer.from(again.bytes), Buffer.from(bytes)) !== 0) {
    fail(
      diagnostic('PL5302', `compiling again what \`${file}\` carries gives other bytes`, {
        help: 'the file was altered, or written by another version of plastron',
      }),
    );
  }
  return again;
}

const optionsShape = z.strictObject({
  weightBits: z.number(),
  traceBits: z.number(),
  coefficientBits: z.number(),
  palette: z.number().optional(),
});

function parseOptions(text: string, file: string): Partial<CompileOptions> {
  const parsed = optionsShape.safeParse(parseJson(text, file, 'PL5302'));
  if (parsed.success) return { ...parsed.data };
  return fail(diagnostic('PL5302', `\`${file}\`: ${issueText(parsed.error.issues[0])}`));
}

/** Episodes of the rule error and the drift are slow on the reference: so many are enough. */
const REFERENCE_EPISODES = 4;

/** Same episodes for every comparison: the conditions that no search has seen. */
const driveOf = (task: Task, { seed }: VerifyOptions): Drive => taskDrive(task, { seed });

function referenceToFixed(
  network: Network,
  { network: compiled, fixed, micro }: Compilation,
  target: Target,
  task: Task,
  options: VerifyOptions,
): Comparison {
  const reference = createReferenceMachine(network);
  const integer = createIntegerHost(micro);
  const drive = driveOf(task, options);
  const { onlyLeft, onlyRight } = sharedShape(reference.shape, integer.shape);
  const steps = Math.min(options.steps, REFERENCE_EPISODES * task.steps);
  // Rules that are sums of products have an addend for each; in a chain of instructions products have no value of their own.
  const isSum = target.capabilities.learning.kind === 'sum-of-products';
  const terms = isSum ? new TermErrors(compiled.network, fixed) : undefined;
  const watched = createFixedMachine(fixed, terms?.observe);
  const { projections: oneStep } = ruleError(reference, watched, drive, {
    steps,
    ...(terms ? { terms } : {}),
  });
  const { points } = drift(reference, integer, drive, {
    steps,
    every: Math.max(1, Math.floor(Math.min(steps, task.steps) / 6)),
  });
  const score = compareScores(createHostMachine(network), integer, drive, options.seeds);
  return {
    left: 'reference',
    right: 'fixed',
    kind: 'bounded',
    steps,
    compared: oneStep.reduce((sum, e) => sum + e.compared, 0),
    cycles: null,
    differences: 0,
    firstDifference: null,
    onlyLeft: [...onlyLeft],
    onlyRight: [...onlyRight],
    ruleError: { oneStep: [...oneStep], terms: terms?.results() ?? [], drift: [...points] },
    score,
    broken: brokenBounds({ score, oneStep, drift: points }, options.bounds),
  };
}

/** A machine of an exact comparison. */
interface Side {
  readonly name: string;
  readonly machine: Machine;
}

/** Two machines in lockstep, every value that both show. */
function exactly(
  left: Side,
  right: Side,
  drive: Drive,
  steps: number,
  explain: Explain,
): Comparison {
  const result = lockstep(left.machine, right.machine, drive, { steps, explain });
  const { episodes: _, onlyLeft, onlyRight, ...found } = result;
  return {
    left: left.name,
    right: right.name,
    kind: 'exact',
    ...found,
    cycles: null,
    onlyLeft: [...onlyLeft],
    onlyRight: [...onlyRight],
    ruleError: null,
    score: null,
    broken: [],
  };
}

/** What a verification found wrong: PL5310 for a comparison that differs, PL5311 for each bound that was passed. */
export function verificationDiagnostics({
  comparisons,
}: Pick<Verification, 'comparisons'>): readonly Diagnostic[] {
  return comparisons.flatMap(({ left, right, firstDifference, broken }) => {
    const found = broken.map((name) =>
      diagnostic('PL5311', `${left} and ${right} differ by more than the bound \`${name}\``, {
        help: `\`${name}\` is ${BOUNDED[name]}; what was measured stands above, and in --json`,
      }),
    );
    if (!firstDifference) return found;
    const { span, also } = firstDifference;
    const message = `${left} and ${right} differ: ${describeDifference(firstDifference)}`;
    const notes = also.map(({ place, count }) => `in the same step: ${count} of ${place}`);
    return [diagnostic('PL5310', message, { span: span ?? undefined, notes }), ...found];
  });
}
