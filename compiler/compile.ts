import type { Network } from '../src/network/network.js';
import { parseNetwork } from '../src/network/parse-text.js';
import { printNetwork } from '../src/network/text.js';
import {
  type Calibration,
  type CalibrationLookup,
  lookup,
  printCalibration,
} from './analysis/calibration.js';
import { diagnostic } from './diagnostics/catalogue.js';
import {
  type Diagnostic,
  DiagnosticBag,
  DiagnosticsError,
  unreachable,
} from './diagnostics/diagnostic.js';
import type { FixedNetwork } from './levels/fixed/fixed.js';
import type { MicroProgram } from './levels/micro/micro.js';
import type { PlacedNetwork } from './levels/placed.js';
import { encodeProgram } from './levels/program/encode.js';
import type { Program } from './levels/program/program.js';
import type { CompileOptions, FormatRow, PassContext } from './pass.js';
import { type PipelineHooks, runPipeline } from './pipeline.js';
import { placesOf } from './places.js';
import type { Capabilities, LearningArithmetic, Target } from './target.js';
import { TOOL } from './tool.js';

/** What a compilation gives: every level, the bytes, the report. */
export interface Compilation {
  readonly target: string;
  /** Folded, legal, placed. */
  readonly network: PlacedNetwork;
  readonly fixed: FixedNetwork;
  readonly micro: MicroProgram;
  readonly program: Program;
  readonly bytes: Uint8Array;
  readonly formats: readonly FormatRow[];
  /** Warnings and notes; errors are thrown. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The options with the target's defaults; PL2008 where a width is beyond the target. */
export function completeOptions(
  capabilities: Capabilities,
  options: Partial<CompileOptions> = {},
): CompileOptions {
  const { weightBits, traceBits } = capabilities.learning;
  const words = coefficientWidths(capabilities.learning);
  const complete: CompileOptions = {
    weightBits: options.weightBits ?? weightBits.default,
    traceBits: options.traceBits ?? traceBits.default,
    coefficientBits: options.coefficientBits ?? words.default,
    palette: options.palette,
  };
  const bag = new DiagnosticBag();
  const within = (what: string, value: number, low: number, high: number): void => {
    if (Number.isInteger(value) && value >= low && value <= high) return;
    bag.add(diagnostic('PL2008', `${what} ${value} is not one of ${low} … ${high}`));
  };
  within('--weight-bits', complete.weightBits, 2, weightBits.maximum);
  within('--trace-bits', complete.traceBits, 2, traceBits.maximum);
  if (!words.choices.includes(complete.coefficientBits)) {
    const message = `--coefficient-bits ${complete.coefficientBits} is not one of ${words.choices.join(', ')}: ${words.why}`;
    bag.add(diagnostic('PL2008', message));
  }
  if (complete.palette !== undefined) within('--palette', complete.palette, 1, 65536);
  bag.finish();
  return complete;
}

/** How many bits a coefficient may have, and why not others. */
function coefficientWidths(learning: LearningArithmetic): {
  readonly default: number;
  readonly choices: readonly number[];
  readonly why: string;
} {
  switch (learning.kind) {
    case 'sum-of-products': {
      const { mantissaBits } = learning;
      const choices = [1, 2, 3, 4].map((count) => count * mantissaBits);
      return { default: mantissaBits, choices, why: `product words have ${mantissaBits} bits` };
    }
    case 'multiply-add':
      return { ...learning.coefficientBits, why: 'memories beside a lane have these widths' };
    default:
      return unreachable(learning);
  }
}

/** What spans of a compilation call their file: the text of the network, which the Program carries. */
export const NETWORK_TEXT = 'network';

/**
 * Compiles a Network for a target. Reads the calibration and runs nothing. The levels and the Program are made from the text
 * of the network alone, so that it does not matter from which files its rules once came; diagnostics keep the places in those.
 *
 * @throws DiagnosticsError with all errors of the pass that found them, and the warnings before them.
 */
export function compile(
  network: Network,
  target: Target,
  calibration: Calibration,
  given: Partial<CompileOptions> = {},
  hooks: PipelineHooks = {},
): Compilation {
  return placed(network, target, calibration, given, hooks, (work) => {
    const lowered = lowerText(work);
    return { ...lowered, ...encodedText(work, target, lowered.micro), target: target.name };
  });
}

/**
 * Compiles a Network up to the level that targets encode, for a chip of which only the abilities are known: what is encoded may be
 * chosen by it. Throws what `compile` does.
 */
export function lower(
  network: Network,
  chip: Pick<Target, 'name' | 'capabilities'>,
  calibration: Calibration,
  given: Partial<CompileOptions> = {},
): Pick<Compilation, 'network' | 'fixed' | 'micro' | 'formats' | 'diagnostics'> {
  return placed(network, chip, calibration, given, {}, lowerText);
}

/** Does some work on the text of a network; diagnostics keep the places of what it was made from. */
function placed<T>(
  network: Network,
  target: Pick<Target, 'name' | 'capabilities'>,
  calibration: Calibration,
  given: Partial<CompileOptions>,
  hooks: PipelineHooks,
  work: (work: Work) => T,
): T & { readonly diagnostics: readonly Diagnostic[] } {
  const options = completeOptions(target.capabilities, given);
  const text = printNetwork(network);
  const written = parseNetwork(text, NETWORK_TEXT);
  const place = placesOf(written, network);
  const bag = new DiagnosticBag();
  try {
    const made = work({ text, network: written, target, calibration, options, bag, hooks });
    return { ...made, diagnostics: bag.list.map(place) };
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    throw new DiagnosticsError([...new Set([...bag.list, ...error.diagnostics])].map(place));
  }
}

interface Work {
  readonly text: string;
  readonly network: Network;
  readonly target: Pick<Target, 'name' | 'capabilities'>;
  readonly calibration: Calibration;
  readonly options: CompileOptions;
  readonly bag: DiagnosticBag;
  readonly hooks: PipelineHooks;
}

function lowerText(work: Work): Pick<Compilation, 'network' | 'fixed' | 'micro' | 'formats'> {
  const { network, target, calibration, options, bag, hooks } = work;
  const { capabilities } = target;
  const formats: FormatRow[] = [];
  const context = contextOf(target.name, capabilities, options, lookup(calibration), bag, formats);
  const start: PlacedNetwork = { kind: 'network', network, tags: {}, groups: [] };
  return { ...runPipeline(start, context, () => bag.finish(), hooks), formats };
}

function encodedText(
  { text, calibration, options, bag }: Work,
  target: Target,
  micro: MicroProgram,
): Pick<Compilation, 'program' | 'bytes'> {
  const program = target.encode(micro, {
    tool: TOOL,
    provenance: {
      network: text,
      calibration: printCalibration(calibration),
      options: JSON.stringify(options),
    },
  });
  checkProfiles(program, target, bag);
  bag.finish();
  return { program, bytes: encodeProgram(program) };
}

/** What the passes see. */
export function contextOf(
  target: string,
  capabilities: Capabilities,
  options: CompileOptions,
  calibration: CalibrationLookup,
  bag: DiagnosticBag,
  formats: FormatRow[],
): PassContext {
  return {
    target,
    capabilities,
    options,
    calibration,
    report: (d) => bag.add(d),
    format: (row) => formats.push(row),
  };
}

/** Profiles per core against the target's limit, where one is public. */
function checkProfiles(program: Program, target: Target, bag: DiagnosticBag): void {
  const most = target.capabilities.limits.profilesPerCore.value;
  if (most === null) return;
  for (const { index, blocks } of program.cores) {
    const used = blocks.reduce(
      (sum, b) => sum + b.coefficients.length / Math.max(1, b.wordsPerProfile),
      0,
    );
    if (used <= most) continue;
    bag.add(
      diagnostic(
        'PL3014',
        `core ${index} needs ${used} learning profiles; ${target.name} has ${most}`,
        {
          help: `share coefficients: --palette ${Math.max(1, Math.floor(most / 2))} or fewer`,
        },
      ),
    );
  }
}
