import type { Program, ProgramGroup } from '../../compiler/levels/program/program.js';
import type { EmulatorTiming } from './architecture.js';

/** Totals of one core since reset. Energies in tenths of a picojoule. */
export interface CoreCounters {
  readonly core: number;
  cycles: number;
  synapticOperations: number;
  neuronUpdates: number;
  activeNeurons: number;
  synapseUpdates: number;
  messages: number;
  decipicojoules: number;
}

/** Hears of a barrier: its phase, the cycles that the phase took, and those that each core was at work (reused). */
export type BarrierListener = (phase: number, cycles: number, busy: Float64Array) => void;

/** Counts what cores do, and turns it into cycles and energy: the slowest core and the barrier make a phase. */
export class Accounting {
  saturations = 0;
  spikes = 0;
  cycles = 0;
  /** Cycles of the last step, phase by phase; learning is the last entry. */
  readonly phaseCycles: Float64Array;
  packets = 0;
  hops = 0;
  readonly cores: readonly CoreCounters[];
  /** For tracing; undefined costs nothing. */
  listener: BarrierListener | undefined;
  private readonly pending: Float64Array;
  private hopDecipicojoules = 0;
  private farthest = 0;
  private readonly barrierCycles: number;
  private readonly index = new Map<number, number>();
  /** Per population: the cores that listen to its messages. */
  private readonly listeners: readonly (readonly number[])[];

  constructor(
    program: Program,
    readonly timing: EmulatorTiming,
  ) {
    this.phaseCycles = new Float64Array(program.phases + 1);
    this.pending = new Float64Array(program.cores.length);
    this.cores = program.cores.map((core, i) => {
      this.index.set(core.index, i);
      return newCounters(core.index);
    });
    this.barrierCycles = this.barrierOf(program);
    this.listeners = program.populations.map((_, population) =>
      program.routes.filter((r) => r.population === population).flatMap((r) => r.cores),
    );
  }

  reset(): void {
    this.saturations = this.spikes = this.cycles = this.packets = this.hops = 0;
    this.hopDecipicojoules = this.farthest = 0;
    this.pending.fill(0);
    this.phaseCycles.fill(0);
    for (const counters of this.cores) Object.assign(counters, newCounters(counters.core));
  }

  /** Energy since reset in tenths of a picojoule. */
  get decipicojoules(): number {
    return this.cores.reduce((sum, c) => sum + c.decipicojoules, this.hopDecipicojoules);
  }

  delivered(core: number, operations: number): void {
    const at = this.index.get(core)!;
    const { synapticOperation } = this.timing;
    this.charge(at, operations, synapticOperation);
    this.cores[at]!.synapticOperations += operations;
  }

  updated(core: number, group: ProgramGroup, active: number, traces: number): void {
    const at = this.index.get(core)!;
    this.charge(at, active, this.timing.neuronActive);
    this.charge(at, group.count - active, this.timing.neuronInactive);
    const counters = this.cores[at]!;
    counters.neuronUpdates += group.count;
    counters.activeNeurons += active;
    counters.messages += active + traces;
    this.spikes += active;
    this.sent(group.population, core, active + traces);
  }

  learned(core: number, synapses: number, products: number): void {
    const at = this.index.get(core)!;
    const units = Math.max(1, Math.ceil(products / this.timing.productsPerUpdate));
    this.charge(at, synapses * units, this.timing.synapseUpdate);
    this.cores[at]!.synapseUpdates += synapses;
  }

  /** Messages of a population that leave a core (−1: from outside, entering at tile 0). */
  sent(population: number, core: number, messages: number): void {
    if (messages === 0) return;
    for (const listener of this.listeners[population]!) {
      const hops = this.distance(Math.max(0, core), listener);
      this.packets += messages;
      this.hops += messages * hops;
      this.hopDecipicojoules += messages * hops * this.timing.hop.decipicojoules;
      this.farthest = Math.max(this.farthest, hops);
    }
  }

  /** Ends a phase: the slowest core, the longest way of a message, and the barrier. */
  barrier(phase: number): void {
    let slowest = 0;
    for (const cycles of this.pending) slowest = Math.max(slowest, cycles);
    const cycles = slowest + this.farthest * this.timing.hop.cycles + this.barrierCycles;
    this.phaseCycles[phase] = cycles;
    this.cycles += cycles;
    this.listener?.(phase, cycles, this.pending);
    this.pending.fill(0);
    this.farthest = 0;
  }

  private charge(
    at: number,
    count: number,
    cost: { cycles: number; decipicojoules: number },
  ): void {
    this.pending[at]! += count * cost.cycles;
    const counters = this.cores[at]!;
    counters.cycles += count * cost.cycles;
    counters.decipicojoules += count * cost.decipicojoules;
  }

  private tileOf(core: number): number {
    return Math.floor(core / this.timing.coresPerTile.value);
  }

  private distance(a: number, b: number): number {
    const columns = this.timing.meshColumns.value;
    const [from, to] = [this.tileOf(a), this.tileOf(b)];
    const across = Math.abs((from % columns) - (to % columns));
    return across + Math.abs(Math.floor(from / columns) - Math.floor(to / columns));
  }

  /** Cycles of the barrier of all tiles in use. */
  private barrierOf({ cores }: Program): number {
    const tiles = new Set(cores.map((c) => this.tileOf(c.index))).size;
    const [one, all] = this.timing.barrier.cycles;
    return Math.round(one + ((all - one) * (Math.max(1, tiles) - 1)) / 31);
  }
}

function newCounters(core: number): CoreCounters {
  return {
    core,
    cycles: 0,
    synapticOperations: 0,
    neuronUpdates: 0,
    activeNeurons: 0,
    synapseUpdates: 0,
    messages: 0,
    decipicojoules: 0,
  };
}
