import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { ChipMachine } from '../../compiler/target.js';
import { Emulator } from '../../runtime/emulator/machine.js';
import { EventRecorder } from '../../runtime/trace/events.js';
import { MemorySink } from '../../runtime/trace/sink.js';
import { VcdRecorder } from '../../runtime/trace/vcd-recorder.js';
import type { Watcher } from '../../runtime/trace/watch.js';
import { writeFileAtomic } from '../formats/files.js';
import { isVcd } from './trace-endings.js';

/** A trace that is being recorded. */
export interface Trace {
  readonly watcher: Watcher;
  /** Writes the file, whole. */
  write(): void;
}

/** Begins the trace of an emulator that goes into `file`. Throws PL4411 and PL4412 for the signals of a dump. */
export function startTrace(
  file: string,
  chip: ChipMachine,
  signals: readonly string[] | undefined,
): Trace {
  const sink = new MemorySink();
  if (isVcd(file)) {
    const watcher = new VcdRecorder(chip, sink, { signals });
    return { watcher, write: () => writeFileAtomic(file, sink.bytes()) };
  }
  if (!(chip instanceof Emulator)) {
    const message = `\`${file}\` would show phases and cores; ${chip.program.target} has one core, without phases`;
    return fail(diagnostic('PL4414', message, { help: 'write a .vcd file' }));
  }
  const watcher = new EventRecorder(chip, sink);
  return {
    watcher,
    write: () => {
      watcher.finish();
      writeFileAtomic(file, sink.bytes());
    },
  };
}
