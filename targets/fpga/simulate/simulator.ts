/** What a simulated circuit collects while it is busy. */
export type TraceMode = 'off' | 'hashes' | 'records';

/**
 * A circuit with the ports of `plastron_core`, run clock by clock on behalf of a host on its bus. Every call is synchronous. What
 * answers nothing (`write`, `trace`, `reset`) waits in a queue and travels with the next call that answers, so that a step costs
 * as many round trips as it has answers to wait for. Every call may throw DiagnosticsError PL5503 (the simulator has died) or
 * PL5504 (the circuit does not answer), about itself or about what was queued before it.
 */
export interface CircuitSimulator {
  /** Queues a write of a 32-bit word to a 24-bit address of the host bus. */
  write(address: number, data: number): void;
  /** One word of the host bus, unsigned. */
  read(address: number): number;
  /** The words at several addresses, in one round trip. */
  readAll(addresses: ArrayLike<number>): Uint32Array;
  /**
   * Writes `command` to address 0 and clocks until the circuit was busy and is so no more; gives the number of clocks in which it
   * was busy. Throws PL5504 after `limit` clocks.
   */
  run(command: number, limit: number): number;
  /**
   * Begins a new trace; what was traced before is forgotten. Busy clocks count from 0 from here on. `hashes` collects the two
   * halves of the hash so far (`TraceHash`) after every `window` busy clocks, `records` every valid record of the busy clocks
   * from `from` up to but without `to`: the clock, the high and the low word. Needs a circuit built with TRACE = 1.
   */
  trace(mode: TraceMode, window?: number, from?: number, to?: number): void;
  /** What was traced since the last call of `traced` or `trace`. */
  traced(): Uint32Array;
  /** Holds the reset of the circuit for a few clocks. Memories keep their contents. */
  reset(): void;
  /** Clocks since the simulator was made. */
  clocks(): number;
  /** Frees the simulator and drops what is queued. Nothing may be called afterwards but `close`. */
  close(): void;
}

/** A simulator that was built, and may be made as often as it is needed. */
export interface PreparedSimulator {
  readonly backend: 'verilator' | 'cxxrtl';
  /** A new circuit, which has been reset; its memories are 0. */
  create(): CircuitSimulator;
}

/** A file of Verilog: its name without a folder, and its text. Files that end otherwise than .v are there to be included. */
export interface VerilogSource {
  readonly name: string;
  readonly text: string;
}

/** What a simulator is built from. */
export interface SimulatedCircuit {
  readonly sources: readonly VerilogSource[];
  /** Parameters of `plastron_core`: whole numbers of 32 bits. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** The names that environment variables have here: where caches lie, where tools are looked for. */
export type Environment = Readonly<Record<string, string | undefined>>;
