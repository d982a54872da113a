import type { Machine, Probe } from '../src/network/machine.js';
import type { MicroProgram } from './levels/micro/micro.js';
import type { ScaleKind } from './levels/numbers/scale.js';
import type { Program } from './levels/program/program.js';

/** What a value of a target's tables rests on. */
export interface Sourced<T> {
  readonly value: T;
  /** A citation, or a sentence that starts with ASSUMPTION. */
  readonly source: string;
}

/**
 * Learning as a sum of products: each product is `mantissa · 2^exponent · Π (factor)`, shifted right by
 * max(0, Σ factor widths + mantissaBits − productBits) with floor, then left by the exponent, saturated and added
 * to an accumulator that holds `fractionBits` bits below the weight; the sum is rounded stochastically.
 */
export interface SumOfProductsArithmetic {
  readonly kind: 'sum-of-products';
  readonly weightBits: { readonly default: number; readonly maximum: number };
  readonly traceBits: { readonly default: number; readonly maximum: number };
  readonly fractionBits: number;
  readonly accumulatorBits: number;
  readonly productBits: number;
  readonly mantissaBits: number;
  readonly exponentMaximum: number;
  /** Widths of factors that enter the shift, in bits. */
  readonly widths: { readonly trace: number; readonly weight: number; readonly tag: number };
  /** Trace registers per presynaptic axon and per postsynaptic neuron; a modulator takes a postsynaptic one. */
  readonly traces: { readonly pre: number; readonly post: number };
  /** Per-synapse variables beside the weight (the tag). */
  readonly variables: number;
}

/**
 * Learning and neurons as instructions that multiply once and add once:
 * `d = sat(((a − b) · c + (e << p) + round) >>> s)`, operands and results of `operandBits`, `productBits` inside.
 */
export interface MultiplyAddArithmetic {
  readonly kind: 'multiply-add';
  readonly weightBits: { readonly default: number; readonly maximum: number };
  /** Bits of the neuron variables that rules read. */
  readonly traceBits: { readonly default: number; readonly maximum: number };
  readonly coefficientBits: { readonly default: number; readonly choices: readonly number[] };
  /** Most coefficients that a synapse holds itself. */
  readonly coefficients: number;
  readonly operandBits: number;
  readonly productBits: number;
  /** The largest p. */
  readonly preShiftMaximum: number;
  /** The largest s. */
  readonly shiftMaximum: number;
  /** Bits of the draw of a stochastic rounding. */
  readonly randomBits: number;
  /** Variables that rules read: of each presynaptic neuron, and of each postsynaptic one per projection. */
  readonly traces: { readonly pre: number; readonly post: number };
  /** Per-synapse variables beside the weight. */
  readonly variables: number;
  readonly variableBits: number;
  /** Results that a program can hold beside fields. */
  readonly temporaries: number;
}

export type LearningArithmetic = SumOfProductsArithmetic | MultiplyAddArithmetic;

export interface NeuronArithmetic {
  /** The widest intermediate value in bits. */
  readonly registerBits: number;
  readonly stateBits: number;
  readonly accumulatorBits: number;
  /** Significant bits of a constant. */
  readonly constantBits: number;
  readonly payloadBits: number;
  /** Entries of a function table; 0 where there are none. */
  readonly tableEntries: number;
  /** Whether neurons multiply values that change with each other; scaling by constants is always there. */
  readonly products: boolean;
  /** Whether messages carry signed payloads of several bits. */
  readonly gradedPayloads: boolean;
}

/** Limits and abilities as data: they drive the passes and generate the support matrix. */
export interface Capabilities {
  readonly neuron: NeuronArithmetic;
  readonly learning: LearningArithmetic;
  readonly normalizations: readonly ('clip' | 'decay' | ScaleKind)[];
  /** Several chip steps per network step (one per layer of delay-0 projections). */
  readonly phases: boolean;
  /** Whether a third factor reaches the learning engine. */
  readonly modulator: boolean;
  readonly limits: {
    readonly cores: Sourced<number>;
    readonly neuronsPerCore: Sourced<number>;
    readonly synapseBitsPerCore: Sourced<number>;
    /** null: not public; the number used is reported. */
    readonly profilesPerCore: Sourced<number | null>;
    readonly delay: Sourced<number>;
  };
}

/** The tables of a sum-of-products engine; asking for them where the target has another is a bug. */
export function sumOfProductsOf({
  learning,
}: Pick<Capabilities, 'learning'>): SumOfProductsArithmetic {
  if (learning.kind !== 'sum-of-products') throw new Error(`learning is by ${learning.kind}`);
  return learning;
}

/** The tables of multiply-add instructions; asking for them where the target has none is a bug. */
export function multiplyAddOf({ learning }: Pick<Capabilities, 'learning'>): MultiplyAddArithmetic {
  if (learning.kind !== 'multiply-add') throw new Error(`learning is by ${learning.kind}`);
  return learning;
}

/** A family member to compile for. A new one is a folder in targets/ and a line in its registry. */
export interface Target {
  readonly name: string;
  /** What it has in common with others that differ in limits only; its name where there are none. */
  readonly family: string;
  readonly about: string;
  readonly capabilities: Capabilities;
  /** Every statement of the tables that no public source backs. */
  readonly assumptions: readonly string[];
  /** Selects instructions and lays out memories. Throws DiagnosticsError on what does not fit. */
  encode(micro: MicroProgram, options: EncodeOptions): Program;
  /** An emulator that executes Program bytes, its cores shared among `threads` (1 when absent); results are the same. */
  createMachine(
    program: Uint8Array,
    file: string,
    options?: { readonly threads?: number },
  ): ChipMachine;
  /**
   * The circuit that executes Program bytes, simulated from its own description, beside its emulator. Absent in families whose circuit is not public.
   * Throws DiagnosticsError where the simulator's tools are missing.
   */
  createTwin?(program: Uint8Array, file: string, backend: CircuitBackend): Promise<ChipTwin>;
  /** The target with other parameters of its hardware, as in `LANES=4,UNITS=2`; absent where there are none. */
  withParameters?(text: string): Target;
  /** What there is to say of the hardware of a Program, in a sentence; absent where all Programs have the same. */
  describe?(program: Program): string;
  /** The text of a Program, which `parseProgram` reads back; instructions and places in the equations are comments. */
  print(program: Program): string;
}

/** A Program at work on a chip: emulated, simulated, or there. */
export interface ChipMachine extends Machine {
  readonly program: Program;
  /** The counters that `read` knows, `step` and `cycles` among them. */
  readonly counters: readonly string[];
  readonly nanosecondsPerCycle: number;
  /** Cycles since the reset in which each core was at work. */
  coreCycles(): readonly number[];
  /** Ends what works for it; it runs no more steps. */
  close(): void;
}

/** Cycles from `from` up to but without `to`. */
export interface CycleWindow {
  readonly from: number;
  readonly to: number;
}

/** What a write of a chip wrote: words for it, the neuron or synapse, and the probe that shows it, if any. */
export interface WrittenPlace {
  readonly place: string;
  readonly index: number;
  readonly probe: Probe | undefined;
}

/** A write in which a circuit and its emulator differ; undefined where one of them writes nothing there in that cycle. */
export interface WriteDifference extends WrittenPlace {
  readonly cycle: number;
  readonly emulator: number | undefined;
  readonly circuit: number | undefined;
}

/** A Program on a circuit and on its emulator. Both are run by turns with the same calls; their writes are compared. */
export interface ChipTwin {
  readonly emulator: ChipMachine;
  readonly circuit: ChipMachine;
  /** Begins a new trace of every write and its cycle: hashes of all, or, with a window, the writes in it. */
  begin(window?: CycleWindow): void;
  /** Cycles and writes of the emulator since then. */
  readonly cycles: number;
  readonly writes: number;
  /** The first window whose hashes differ. */
  differingWindow(): CycleWindow | undefined;
  /** The first write in the window that differs. */
  differingWrite(): WriteDifference | undefined;
  close(): void;
}

/** What simulates a circuit: `auto` takes the fastest that is there. */
export type CircuitBackend = 'verilator' | 'cxxrtl' | 'auto';

export interface EncodeOptions {
  /** Name and version of this tool, written into the Program. */
  readonly tool: string;
  /** Text of the Network and options, carried for `verify`; emulators never read it. */
  readonly provenance: Provenance;
}

export interface Provenance {
  readonly network: string;
  readonly calibration: string;
  readonly options: string;
}
