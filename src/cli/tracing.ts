import type { Emulator } from '../../runtime/emulator/machine.js';
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
  emulator: Emulator,
  signals: readonly string[] | undefined,
): Trace {
  const sink = new MemorySink();
  if (isVcd(file)) {
    const watcher = new VcdRecorder(emulator, sink, { signals });
    return { watcher, write: () => writeFileAtomic(file, sink.bytes()) };
  }
  const watcher = new EventRecorder(emulator, sink);
  return {
    watcher,
    write: () => {
      watcher.finish();
      writeFileAtomic(file, sink.bytes());
    },
  };
}
