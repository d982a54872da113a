import type { Program } from '../../../compiler/levels/program/program.js';
import type {
  ChipMachine,
  ChipTwin,
  CycleWindow,
  WriteDifference,
  WrittenPlace,
} from '../../../compiler/target.js';
import { configurationOf } from '../encode/parameters.js';
import { COMMAND, type CoreDevice } from '../memory-map.js';
import { CoreModel } from '../model/core-model.js';
import type { TracedWrite } from '../model/trace.js';
import { circuitDevice } from '../rtl.js';
import type { CircuitSimulator } from '../simulate/simulator.js';
import { TraceHash } from '../simulate/trace-hash.js';
import { loadProgram } from './loaded.js';
import { CoreMachine } from './machine.js';
import { placeOf } from './places.js';

/** Cycles after each of which the hashes of both traces are compared. */
const WINDOW = 1000;

/** A Program on the emulator of the core and on the circuit itself, simulated: both tell every write and its cycle. */
export class CoreTwin implements ChipTwin {
  readonly emulator: ChipMachine;
  readonly circuit: ChipMachine;
  private readonly traced: TracedModel;
  private readonly device: CoreDevice;
  private window: CycleWindow | undefined;

  /** `simulator`: of a circuit built to trace. */
  constructor(
    private readonly program: Program,
    private readonly simulator: CircuitSimulator,
    nanosecondsPerCycle: number,
  ) {
    this.traced = new TracedModel(new CoreModel(configurationOf(program)));
    this.emulator = new CoreMachine('emulator', program, this.traced, nanosecondsPerCycle);
    this.device = circuitDevice(simulator);
    this.circuit = new CoreMachine('rtl', program, this.device, nanosecondsPerCycle);
  }

  begin(window?: CycleWindow): void {
    this.window = window;
    this.traced.begin(window);
    if (window) this.simulator.trace('records', 1, window.from, window.to);
    else this.simulator.trace('hashes', WINDOW);
  }

  get cycles(): number {
    return this.traced.cycles;
  }

  get writes(): number {
    return this.traced.writes;
  }

  differingWindow(): CycleWindow | undefined {
    this.fillWindow();
    const theirs = this.simulator.traced();
    const { hashes } = this.traced;
    for (let i = 0; i < Math.min(theirs.length, hashes.length); i++) {
      if (theirs[i] === hashes[i]) continue;
      const from = Math.floor(i / 2) * WINDOW;
      return { from, to: from + WINDOW };
    }
    return undefined;
  }

  /** Lets both learn what is not pending, which writes nothing, until the last window is whole. */
  private fillWindow(): void {
    const end = Math.ceil(this.traced.cycles / WINDOW) * WINDOW;
    while (this.traced.cycles < end) {
      for (const core of [this.traced, this.device]) core.run(COMMAND.flush);
    }
  }

  differingWrite(): WriteDifference | undefined {
    if (!this.window) throw new Error('no window is recorded');
    const theirs = this.simulator.traced();
    const ours = this.traced.records;
    for (let i = 0; i < Math.max(ours.length, theirs.length / 3); i++) {
      const mine = ours[i];
      const [cycle, high, low] = theirs.subarray(3 * i, 3 * i + 3);
      if (mine && mine.cycle === cycle && mine.high === high && mine.low === low) continue;
      const other = cycle === undefined ? undefined : { cycle, high: high!, low: low! };
      return this.difference(mine, other);
    }
    return undefined;
  }

  close(): void {
    this.emulator.close();
    this.circuit.close();
  }

  /** Which write differs: the earlier one; the other side's value where it writes the same place in the same cycle. */
  private difference(
    mine: Write | undefined,
    other: Write | undefined,
  ): WriteDifference | undefined {
    const first = !other || (mine && mine.cycle <= other.cycle) ? mine : other;
    if (!first) return undefined;
    const same = (write: Write | undefined): number | undefined =>
      write && write.cycle === first.cycle && write.high === first.high ? write.low | 0 : undefined;
    const place: WrittenPlace = placeOf(loadProgram(this.program), first.high);
    return { cycle: first.cycle, ...place, emulator: same(mine), circuit: same(other) };
  }
}

type Write = Pick<TracedWrite, 'cycle' | 'high' | 'low'>;

/** The emulator of the core, hashing what it writes as the circuit's harness does. */
class TracedModel implements CoreDevice {
  hashes: number[] = [];
  records: TracedWrite[] = [];
  cycles = 0;
  writes = 0;
  private hash = new TraceHash();
  private boundary = WINDOW;
  private window: CycleWindow | undefined;

  constructor(private readonly model: CoreModel) {}

  begin(window: CycleWindow | undefined): void {
    this.model.trace = [];
    this.model.traced = 0;
    this.hashes = [];
    this.records = [];
    this.cycles = 0;
    this.writes = 0;
    this.hash = new TraceHash();
    this.boundary = WINDOW;
    this.window = window;
  }

  write(address: number, data: number): void {
    this.model.write(address, data);
  }

  read(address: number): number {
    return this.model.read(address);
  }

  readAll(addresses: Uint32Array): Uint32Array {
    return this.model.readAll(addresses);
  }

  run(command: number): number {
    const took = this.model.run(command);
    this.cycles += took;
    const { trace } = this.model;
    if (!trace) return took;
    trace.sort((a, b) => a.cycle - b.cycle || a.record - b.record);
    this.writes += trace.length;
    if (this.window) {
      const { from, to } = this.window;
      this.records.push(...trace.filter(({ cycle }) => cycle >= from && cycle < to));
    } else this.hashed(trace);
    trace.length = 0;
    return took;
  }

  runAndRead(command: number, addresses: Uint32Array): Uint32Array {
    this.run(command);
    return this.readAll(addresses);
  }

  close(): void {
    this.model.close();
  }

  private hashed(trace: readonly TracedWrite[]): void {
    for (const { cycle, high, low } of trace) {
      this.closeWindows(cycle);
      this.hash.record(cycle, high, low);
    }
    this.closeWindows(this.cycles);
  }

  /** Notes the hash at the end of every window that ends no later than a cycle begins. */
  private closeWindows(cycle: number): void {
    for (; cycle >= this.boundary; this.boundary += WINDOW) this.hashes.push(...this.hash.halves);
  }
}
