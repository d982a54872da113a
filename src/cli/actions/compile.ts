import { type Calibration, NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { CompileOptions, FormatRow } from '../../../compiler/pass.js';
import type { Target } from '../../../compiler/target.js';
import { calibrate } from '../../../runtime/calibrate/calibrate.js';
import { targetNamed } from '../../../targets/index.js';
import { checkWritable, writeFileAtomic } from '../../formats/files.js';
import type { Network } from '../../network/network.js';
import { alignTable } from '../../report/text-table.js';
import { TASKS, taskOf } from '../../tasks/registry.js';
import { CALIBRATION_SEED } from '../../train/train-on.js';
import type { LevelFlags } from '../levels.js';
import { readModel } from '../models.js';
import { type WidthFlags, widthsOf } from '../options.js';
import { emitted, watchPasses } from '../passes.js';
import type { Outcome, Session } from '../session.js';
import { count } from '../text.js';

export interface CompileFlags extends LevelFlags, WidthFlags, CoreFlags {
  readonly target: string;
  readonly task?: string;
  readonly palette?: number;
  readonly output: string;
}

/** Compiles a model and writes its Program, or the level that --emit names. */
export function compileCommand(file: string, flags: CompileFlags, session: Session): Outcome {
  const started = session.clock();
  const target = withCore(targetNamed(flags.target), flags);
  const { network } = readModel(file, session);
  checkWritable(flags.output, [file]);
  const calibration = calibrationOf(network, flags.task, session.flags.seed);
  const watch = watchPasses(flags, session);
  const compilation = compile(network, target, calibration, compileOptions(flags), watch.hooks);
  watch.finish();
  writeFileAtomic(flags.output, emitted(compilation, target, flags.emit));
  const synapses = compilation.fixed.projections.reduce((n, p) => n + p.columns.length, 0);
  const cores = compilation.program.cores.length;
  session.say(formatTable(compilation.formats));
  session.say(
    `formats from ${calibration.source === 'none' ? 'no rollouts: give --task' : calibration.source}`,
  );
  const form =
    flags.emit === undefined
      ? `${count(compilation.bytes.length)} bytes`
      : `the ${flags.emit} level as text`;
  session.say(
    `${flags.output} written: ${count(synapses)} synapses on ${cores} ${cores === 1 ? 'core' : 'cores'} of ${target.name}, ${form}`,
  );
  if (target.describe) session.say(target.describe(compilation.program));
  const { diagnostics } = compilation;
  return {
    diagnostics,
    json: {
      program: flags.output,
      target: target.name,
      cores,
      bytes: compilation.bytes.length,
      synapses,
      seconds: session.clock() - started,
      formats: compilation.formats,
      warnings: diagnostics.filter(
        (d: Compilation['diagnostics'][number]) => d.severity === 'warning',
      ).length,
      calibration: calibration.source,
    },
  };
}

/** Flags that change the hardware of a target. */
interface CoreFlags {
  readonly lanes?: number;
  readonly units?: number;
  readonly parameters?: string;
}

/** The target with the core that flags ask for. */
function withCore(target: Target, { lanes, units, parameters }: CoreFlags): Target {
  const asked = [
    ...(lanes === undefined ? [] : [`LANES=${lanes}`]),
    ...(units === undefined ? [] : [`UNITS=${units}`]),
    ...(parameters === undefined ? [] : [parameters]),
  ];
  if (asked.length === 0) return target;
  if (target.withParameters) return target.withParameters(asked.join(','));
  const message = `${target.name} has no parameters; --lanes, --units and --parameters are for cores on FPGAs`;
  return fail(diagnostic('PL3051', message));
}

/** Rollouts of the named task, else of the task that gave the model its name, else none. */
function calibrationOf(
  network: Network,
  named: string | undefined,
  seed: number = CALIBRATION_SEED,
): Calibration {
  const family = network.name.split(':')[0];
  const text = named ?? (TASKS.some((t) => t.name === family) ? network.name : undefined);
  return text === undefined ? NO_CALIBRATION : calibrate(network, taskOf(text), { seed });
}

function compileOptions(flags: CompileFlags): Partial<CompileOptions> {
  const { palette } = flags;
  return { ...widthsOf(flags), ...(palette === undefined ? {} : { palette }) };
}

/** What became of each value, aligned. */
function formatTable(rows: readonly FormatRow[]): string {
  const range = (values: readonly [number, number] | null): string =>
    values === null ? '–' : values.map((v) => v.toPrecision(3)).join(' … ');
  const cells = rows.map((r) => [
    r.value,
    r.format,
    range(r.seen),
    range(r.proved),
    `${(100 * r.relativeError).toPrecision(2)} %`,
    r.saturations === null ? (r.seen || r.proved ? 'some' : '–') : `${r.saturations}`,
  ]);
  return alignTable([
    ['value', 'format', 'seen', 'proved', 'error', 'saturated or lost'],
    ...cells,
  ]);
}
