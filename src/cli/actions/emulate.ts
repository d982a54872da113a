import { availableParallelism } from 'node:os';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.js';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import type { ChipMachine } from '../../../compiler/target.js';
import { Emulator } from '../../../runtime/emulator/machine.js';
import { type Drive, recordedDrive, taskDrive } from '../../../runtime/verify/drive.js';
import {
  isCheckpointOf,
  parseCheckpoint,
  restoreCore,
  restoreMachine,
} from '../../../targets/fpga/link/checkpoint.js';
import { CoreMachine } from '../../../targets/fpga/machine/machine.js';
import { targetOf } from '../../../targets/index.js';
import { readBytes, readText } from '../../formats/files.js';
import { readInputs } from '../../formats/inputs/read.js';
import type { Machine } from '../../network/machine.js';
import { taskOf } from '../../tasks/registry.js';
import { type Emulation, emulate } from '../emulation.js';
import { KeptMachine } from '../forwarding-machine.js';
import { type RecordingFlags, startRecordings } from '../recording.js';
import type { Outcome, Session } from '../session.js';
import { count, counted, score } from '../text.js';

export interface EmulateFlags extends RecordingFlags {
  readonly task?: string;
  readonly inputs?: string;
  readonly steps?: number;
  readonly frozen?: boolean;
  readonly from?: string;
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
    const chosen = { machine, program, file };
    if (flags.from !== undefined) restore(chosen, bytes, flags.from, session);
    return emulated(chosen, flags, session, target.name);
  } finally {
    machine.close();
  }
}

interface Chosen {
  readonly machine: ChipMachine;
  readonly program: Program;
  readonly file: string;
}

/** Puts a machine where a board was: exactly where it ran the same Program, else as near as its formats come. */
function restore(
  { machine, program, file }: Chosen,
  bytes: Uint8Array,
  from: string,
  session: Session,
): void {
  const checkpoint = parseCheckpoint(readText(from, 'the checkpoint'), from);
  if (isCheckpointOf(checkpoint, bytes) && machine instanceof CoreMachine) {
    restoreCore(machine, checkpoint);
    return;
  }
  const { values, rounded, limited } = restoreMachine(machine, checkpoint, program, from);
  // The way to the step of the checkpoint is no part of the run.
  if (machine instanceof Emulator) machine.accounting.reset();
  const message = `\`${file}\` is not the Program of \`${from}\`: ${count(rounded)} of ${counted(values, 'value')} were rounded`;
  const notes =
    limited === 0 ? [] : [`${count(limited)} of them to the end of what their format holds`];
  session.report(diagnostic('PL6044', message, { notes }));
}

/** One thread per core of this machine for large Programs. */
function threadsFor({ cores }: Program): number {
  const synapses = cores.flatMap((c) => c.blocks).reduce((n, b) => n + b.columns.length, 0);
  return synapses < MANY_SYNAPSES ? 1 : availableParallelism();
}

function emulated(
  { machine, program, file }: Chosen,
  flags: EmulateFlags,
  session: Session,
  target: string,
): Outcome {
  const { drive, diagnostics } = driveOf(flags, session.flags.seed ?? 1, machine, program);
  const driven = flags.from === undefined ? machine : new KeptMachine(machine);
  const recordings = startRecordings(flags, driven, [file, flags.inputs, flags.from]);
  const result = emulate(driven, drive, {
    steps: flags.steps,
    watchers: recordings.map(({ watcher }) => watcher),
    progress: (steps) => session.progress(`${count(steps)} steps`),
  });
  for (const recording of recordings) recording.write();
  session.say(
    describe(result, drive, machine, `${target}, emulated${flags.frozen ? ', frozen' : ''}`),
  );
  for (const recording of recordings) session.say(`${recording.file} written`);
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
