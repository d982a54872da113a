import { type Command, Option } from 'commander';
import { type Calibration, NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import { printFormat } from '../../../compiler/levels/numbers/format.js';
import type { CompileOptions, FormatRow } from '../../../compiler/pass.js';
import { calibrate } from '../../../runtime/calibrate/calibrate.js';
import { targetNamed } from '../../../targets/index.js';
import { checkWritable, writeFileAtomic } from '../../formats/files.js';
import type { Network } from '../../network/network.js';
import { printNetwork } from '../../network/text.js';
import { TASKS, taskOf } from '../../tasks/registry.js';
import { CALIBRATION_SEED } from '../../train/train-on.js';
import { readModel } from '../models.js';
import { wholeNumber } from '../options.js';
import type { Outcome, RunCommand, Session } from '../session.js';
import { count } from '../text.js';

interface CompileFlags {
  readonly target: string;
  readonly task?: string;
  readonly weightBits?: number;
  readonly traceBits?: number;
  readonly coefficientBits?: number;
  readonly palette?: number;
  readonly emit?: 'network' | 'program';
  readonly output: string;
}

/** `plastron compile MODEL --target T -o PROGRAM`. */
export function registerCompile(program: Command, run: RunCommand): void {
  program
    .command('compile')
    .description('compiles a model to the exact integer program of a chip')
    .argument('<model>', 'a model of plastron train')
    .requiredOption('--target <target>', 'the chip: plastron targets lists them')
    .option(
      '--task <task>',
      'choose formats by rollouts of this task (the one in the model’s name)',
    )
    .option('--weight-bits <number>', 'bits of a weight', wholeNumber(1, 64))
    .option('--trace-bits <number>', 'bits of a trace', wholeNumber(1, 64))
    .option('--coefficient-bits <number>', 'bits of a coefficient of the rule', wholeNumber(1, 64))
    .option('--palette <number>', 'coefficient vectors that a core may hold', wholeNumber(1, 65536))
    .addOption(
      new Option('--emit <level>', 'write this level as text in place of the Program').choices([
        'network',
        'program',
      ]),
    )
    .requiredOption('-o, --output <file>', 'the Program')
    .action((model: string, flags: CompileFlags) =>
      run('compile', (session) => compileCommand(model, flags, session)),
    );
}

function compileCommand(file: string, flags: CompileFlags, session: Session): Outcome {
  const started = session.clock();
  const target = targetNamed(flags.target);
  const { network } = readModel(file);
  checkWritable(flags.output);
  const calibration = calibrationOf(network, flags.task, session.flags.seed);
  const compilation = compile(network, target, calibration, compileOptions(flags));
  const content =
    flags.emit === undefined
      ? compilation.bytes
      : flags.emit === 'network'
        ? printNetwork(compilation.network.network)
        : target.print(compilation.program);
  writeFileAtomic(flags.output, content);
  const synapses = compilation.fixed.projections.reduce((n, p) => n + p.columns.length, 0);
  const cores = compilation.program.cores.length;
  session.say(formatTable(compilation.formats));
  session.say(
    `formats from ${calibration.source === 'none' ? 'no rollouts: give --task' : calibration.source}`,
  );
  session.say(
    `${flags.output} written: ${count(synapses)} synapses on ${cores} ${cores === 1 ? 'core' : 'cores'} of ${target.name}, ${count(compilation.bytes.length)} bytes`,
  );
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
      formats: compilation.formats.map((row) => ({ ...row, format: printFormat(row.format) })),
      warnings: diagnostics.filter(
        (d: Compilation['diagnostics'][number]) => d.severity === 'warning',
      ).length,
      calibration: calibration.source,
    },
  };
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
  const { weightBits, traceBits, coefficientBits, palette } = flags;
  return {
    ...(weightBits === undefined ? {} : { weightBits }),
    ...(traceBits === undefined ? {} : { traceBits }),
    ...(coefficientBits === undefined ? {} : { coefficientBits }),
    ...(palette === undefined ? {} : { palette }),
  };
}

/** What became of each value, aligned. */
function formatTable(rows: readonly FormatRow[]): string {
  const range = (values: readonly [number, number] | null): string =>
    values === null ? '–' : values.map((v) => v.toPrecision(3)).join(' … ');
  const cells = rows.map((r) => [
    r.value,
    printFormat(r.format),
    range(r.seen),
    range(r.proved),
    `${(100 * r.relativeError).toPrecision(2)} %`,
  ]);
  const table = [['value', 'format', 'seen', 'proved', 'error'], ...cells];
  const widths = table[0]!.map((_, c) => Math.max(...table.map((row) => row[c]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, c) => cell.padEnd(widths[c]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
