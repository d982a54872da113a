import type { Program } from '../../compiler/levels/program/program.js';
import type { Emulator } from '../emulator/machine.js';
import type { TextSink } from './sink.js';
import type { Watcher } from './watch.js';

/** Tracks of a trace: the steps, the phases between barriers, then one per core. */
const STEPS = 1;
const PHASES = 2;
const FIRST_CORE = 3;

/** The process that all tracks belong to. */
const CHIP = 1;

/**
 * Records the run of an emulator from its first reset in the trace event format of Chrome (Trace Event Format, Google,
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), which Perfetto opens. A slice of a core is
 * the time that it is at work in a phase; a slice of a phase lasts until the barrier. Times are those of the chip in
 * microseconds; `cycles` of each slice are exact. Counters: spikes and energy per step.
 */
export class EventRecorder implements Watcher {
  private readonly phases: readonly string[];
  private recording = false;
  private first = true;
  private step = 0;
  /** Cycles of the episodes before this one, and of this one. */
  private before = 0;
  private cycles = 0;
  private spikes = 0;
  private decipicojoules = 0;

  constructor(
    private readonly emulator: Emulator,
    private readonly sink: TextSink,
  ) {
    const { program, accounting } = emulator;
    this.phases = phaseNames(program);
    const about = { tool: program.tool, program: program.name, target: program.target };
    sink.write(`{"displayTimeUnit":"ns","otherData":${JSON.stringify(about)},"traceEvents":[`);
    this.name('process_name', 0, `${program.name} on ${program.target}`);
    const tracks = ['steps', 'phases', ...program.cores.map(({ index }) => `core ${index}`)];
    for (const [i, track] of tracks.entries()) {
      this.name('thread_name', STEPS + i, track);
      this.event({ ph: 'M', name: 'thread_sort_index', tid: STEPS + i, args: { sort_index: i } });
    }
    accounting.listener = (phase, cycles, busy) => this.barrier(phase, cycles, busy);
  }

  began(): void {
    this.recording = true;
    this.before += this.cycles;
    this.cycles = this.step = this.spikes = this.decipicojoules = 0;
  }

  stepped(): void {
    const { accounting } = this.emulator;
    const { cycles, spikes, decipicojoules } = accounting;
    const start = this.before + this.cycles;
    this.slice(STEPS, `step ${this.step}`, start, cycles - this.cycles);
    this.counter('spikes', start, { 'per step': spikes - this.spikes });
    this.counter('energy', start, { 'pJ per step': (decipicojoules - this.decipicojoules) / 10 });
    this.cycles = cycles;
    this.spikes = spikes;
    this.decipicojoules = decipicojoules;
    this.step++;
  }

  /** Ends the trace; the emulator is not listened to any longer. */
  finish(): void {
    this.emulator.accounting.listener = undefined;
    this.sink.write('\n]}\n');
  }

  private barrier(phase: number, cycles: number, busy: Float64Array): void {
    if (!this.recording) throw new Error('a trace begins with a reset');
    const start = this.before + this.emulator.accounting.cycles - cycles;
    const name = this.phases[phase]!;
    this.slice(PHASES, name, start, cycles);
    for (const [core, work] of busy.entries()) {
      if (work > 0) this.slice(FIRST_CORE + core, name, start, work);
    }
  }

  private slice(tid: number, name: string, start: number, cycles: number): void {
    const [ts, dur] = [this.microseconds(start), this.microseconds(cycles)];
    this.event({ ph: 'X', name, tid, ts, dur, args: { step: this.step, cycles } });
  }

  private counter(name: string, at: number, args: Readonly<Record<string, number>>): void {
    this.event({ ph: 'C', name, ts: this.microseconds(at), args });
  }

  private name(what: string, tid: number, name: string): void {
    this.event({ ph: 'M', name: what, tid, args: { name } });
  }

  private event(event: Readonly<Record<string, unknown>>): void {
    this.sink.write(`${this.first ? '' : ','}\n${JSON.stringify({ pid: CHIP, ...event })}`);
    this.first = false;
  }

  /** To a millionth of a nanosecond, so that sums of decimal fractions look like what they are. */
  private microseconds(cycles: number): number {
    const { nanosecondsPerCycle } = this.emulator.accounting.timing;
    return Number(((cycles * nanosecondsPerCycle) / 1000).toFixed(9));
  }
}

/** Phases by the populations that run in them; learning is the last. */
function phaseNames({ phases, populations }: Program): readonly string[] {
  const named = Array.from({ length: phases }, (_, phase) => {
    const own = populations.filter((p) => !p.input && p.phase === phase).map((p) => p.name);
    return own.length > 0 ? `phase ${phase}: ${own.join(', ')}` : `phase ${phase}`;
  });
  return [...named, 'learning'];
}
