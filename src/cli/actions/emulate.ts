import { availableParallelism } from 'node:os';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.js';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import type { ChipMachine } from '../../../compiler/target.js';
import { Emulator } from '../../../runtime/emulator/machine.js';
import { OutputRecorder } from '../../../runtime/trace/outputs.js';
import { type Drive, recordedDrive, taskDrive } from '../../../runtime/verify/drive.js';
import {
  checkProgram,
  parseCheckpoint,
  restoreCore,
} from '../../../targets/fpga/link/checkpoint.js';
import { CoreMachine } from '../../../targets/fpga/machine/machine.js';
import { targetOf } from '../../../targets/index.js';
import { checkWritable, readBytes, readText, writeFileAtomic } from '../../formats/files.js';
import { recordingEnding } from '../../formats/inputs/endings.js';
import { readInputs } from '../../formats/inputs/read.js';
import { printOutputs } from '../../formats/outputs.js';
import type { Machine } from '../../network/machine.js';
import { taskOf } from '../../tasks/registry.js';
import { type Emulation, emulate } from '../emulation.js';
import { KeptMachine } from '../forwarding-machine.js';
import type { Outcome, Session } from '../session.js';
import { count, score } from '../text.js';
import { startTrace } from '../tracing.js';

export interface EmulateFlags {
  readonly task?: string;
  readonly inputs?: string;
  readonly steps?: number;
  readonly frozen?: boolean;
  readonly from?: string;
  readonly outputs?: string;
  readonly trace?: string;
  readonly signals?: readonly string[];
  readonly workers?: number;
}

/** Synapses from which a Program is worth several threads. */
const MANY_SYNAPSES = 200_000;

/** Runs a Program in a task or on recorded inputs. */
export function emulateCommand(file: string, flags: EmulateFlags, session: Session): Outcome {
  const bytes = readBytes(file, 'the Program');
  const program = decodeProgram(bytes, file);
  const target = targetOf(program);
  const threads = flags.workers ?? threadsFor(program);
  const machine = target.createMachine(bytes, file, { threads });
  try {
    if (flags.from !== undefined) restored(machine, bytes, flags.from);
    return emulated({ machine, program, file }, flags, session, target.name);
  } finally {
    machine.close();
  }
}

/** Puts an emulated core where a board was that ran the same Program. */
function restored(machine: ChipMachine, bytes: Uint8Array, from: string): void {
  const checkpoint = parseCheckpoint(readText(from, 'the checkpoint'), from);
  checkProgram(checkpoint, bytes, from);
  if (machine instanceof CoreMachine) restoreCore(machine, checkpoint);
}

/** One thread per core of this machine for large Programs. */
function threadsFor({ cores }: Program): number {
  const synapses = cores.flatMap((c) => c.blocks).reduce((n, b) => n + b.columns.length, 0);
  return synapses < MANY_SYNAPSES ? 1 : availableParallelism();
}

function emulated(
  { machine, program, file }: { machine: ChipMachine; program: Program; file: string },
  flags: EmulateFlags,
  session: Session,
  target: string,
): Outcome {
  const { drive, diagnostics } = driveOf(flags, session.flags.seed ?? 1, machine, program);
  for (const output of [flags.trace, flags.outputs]) {
    if (output) checkWritable(output, [file, flags.inputs, flags.from]);
  }
  const trace = flags.trace && startTrace(flags.trace, machine, flags.signals);
  const outputs = flags.outputs && new OutputRecorder(machine.shape);
  const driven = flags.from === undefined ? machine : new KeptMachine(machine);
  const result = emulate(driven, drive, {
    steps: flags.steps,
    watchers: [...(trace ? [trace.watcher] : []), ...(outputs ? [outputs] : [])],
    progress: (steps) => session.progress(`${count(steps)} steps`),
  });
  if (trace) trace.write();
  if (outputs) {
    writeFileAtomic(flags.outputs!, printOutputs(outputs, recordingEnding(flags.outputs!)!));
  }
  session.say(
    describe(result, drive, machine, `${target}, emulated${flags.frozen ? ', frozen' : ''}`),
  );
  for (const output of [flags.outputs, flags.trace]) if (output) session.say(`${output} written`);
  return { diagnostics: [...diagnostics, ...interpreted(machine)], json: fields(result, flags) };
}

/** A note where no machine code could be made. */
function interpreted(machine: Machine): readonly Diagnostic[] {
  if (!(machine instanceof Emulator) || machine.interpreted === undefined) return [];
  return [diagnostic('PL5023', `the Program is interpreted word by word: ${machine.interpreted}`)];
}

/** What the Program acts in, and what there is to say about it. */
function driveOf(
  { task, inputs, frozen }: EmulateFlags,
  seed: number,
  machine: Machine,
  program: Program,
): { readonly drive: Drive; readonly diagnostics: readonly Diagnostic[] } {
  const learning = frozen !== true;
  if (inputs === undefined) {
    return { drive: taskDrive(taskOf(task!), { seed, learning }), diagnostics: [] };
  }
  const { steps, modulated } = readInputs(inputs, machine.shape.inputs);
  const drive = recordedDrive([steps], { name: inputs, seed, learning });
  const reads = program.modulator !== undefined;
  if (reads === modulated) return { drive, diagnostics: [] };
  const message = reads
    ? `\`${inputs}\` gives no modulator: a rule of the Program reads one, and it is 0 in every step`
    : `\`${inputs}\` gives a modulator: no rule of the Program reads one`;
  return { drive, diagnostics: [diagnostic('PL4408', message)] };
}

function describe(
  result: Emulation,
  drive: Drive,
  { nanosecondsPerCycle }: ChipMachine,
  where: string,
): string {
  const { steps, episodes, cycles, picojoules, spikes, saturations } = result;
  const energy = picojoules === null ? '' : `, ${(picojoules / steps).toFixed(0)} pJ`;
  const microseconds = ((cycles / steps) * nanosecondsPerCycle) / 1000;
  const time = `, ${microseconds.toPrecision(3)} µs`;
  const scored =
    result.score === null ? '– (no whole episode)' : `${score(result.score)} per episode`;
  return [
    `${drive.name} on ${where}`,
    ...(drive.scored ? [`score        ${scored}`] : []),
    `steps        ${count(steps)} in ${count(episodes)} ${episodes === 1 ? 'episode' : 'episodes'}`,
    `a step       ${(cycles / steps).toFixed(0)} cycles${time}${energy}`,
    ...(spikes === null ? [] : [`spikes       ${count(spikes)}`]),
    `saturations  ${count(saturations)}`,
  ].join('\n');
}

function fields(result: Emulation, { trace, outputs }: EmulateFlags) {
  const { steps, score, cycles, picojoules, spikes, saturations, perCore } = result;
  return {
    steps,
    score,
    cycles,
    cyclesPerStep: cycles / steps,
    picojoules,
    spikes,
    saturations,
    perCore,
    ...(outputs === undefined ? {} : { outputs }),
    ...(trace === undefined ? {} : { trace }),
  };
}
