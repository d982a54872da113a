import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { ChipMachine } from '../../compiler/target.js';
import { Emulator } from '../../runtime/emulator/machine.js';
import { EventRecorder } from '../../runtime/trace/events.js';
import { OutputRecorder } from '../../runtime/trace/outputs.js';
import { MemorySink } from '../../runtime/trace/sink.js';
import { VcdRecorder } from '../../runtime/trace/vcd-recorder.js';
import { checkWritable, writeFileAtomic } from '../formats/files.js';
import { recordingEnding } from '../formats/inputs/endings.js';
import { printOutputs } from '../formats/outputs.js';
import { innermost } from './forwarding-machine.js';
import { EveryWatcher, type RunWatcher } from './run-watcher.js';
import { isVcd } from './trace-endings.js';

/** Flags of the options that `recordingOptions` makes. */
export interface RecordingFlags {
  readonly outputs?: string;
  readonly trace?: string;
  readonly signals?: readonly string[];
  readonly every?: number;
}

/** A file that a run is recorded in. */
export interface Recording {
  readonly file: string;
  readonly watcher: RunWatcher;
  /** Writes the file, whole. */
  write(): void;
}

/**
 * Begins what flags ask to record of a machine. `reads` are the files that the run reads.
 *
 * @throws DiagnosticsError PL4014 for files that cannot be written; PL4411, PL4412 for the signals of a dump; PL4414.
 */
export function startRecordings(
  flags: RecordingFlags,
  chip: ChipMachine,
  reads: readonly (string | undefined)[],
): readonly Recording[] {
  const { outputs, trace } = flags;
  for (const file of [trace, outputs]) if (file) checkWritable(file, reads);
  return [
    ...(outputs === undefined ? [] : [outputsIn(outputs, chip)]),
    ...(trace === undefined ? [] : [traceIn(trace, chip, flags)]),
  ];
}

function outputsIn(file: string, { shape }: ChipMachine): Recording {
  const watcher = new OutputRecorder(shape);
  const write = (): void => writeFileAtomic(file, printOutputs(watcher, recordingEnding(file)!));
  return { file, watcher, write };
}

function traceIn(
  file: string,
  chip: ChipMachine,
  { signals, every = 1 }: RecordingFlags,
): Recording {
  const sink = new MemorySink();
  if (isVcd(file)) {
    const watcher = new EveryWatcher(new VcdRecorder(chip, sink, { signals }), every);
    return { file, watcher, write: () => writeFileAtomic(file, sink.bytes()) };
  }
  const emulator = innermost(chip);
  if (!(emulator instanceof Emulator)) {
    const message = `\`${file}\` would show phases and cores; ${chip.program.target} has one core, without phases`;
    return fail(diagnostic('PL4414', message, { help: 'write a .vcd file' }));
  }
  const watcher = new EventRecorder(emulator, sink);
  return {
    file,
    watcher,
    write: () => {
      watcher.finish();
      writeFileAtomic(file, sink.bytes());
    },
  };
}
