import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { MicroKernel } from '../../compiler/levels/micro/micro.js';
import type { Program, ProgramCore, ProgramTable } from '../../compiler/levels/program/program.js';

/** A cost with its source. Energies in tenths of a picojoule, so that sums stay integers. */
export interface Cost {
  readonly cycles: number;
  readonly decipicojoules: number;
  readonly source: string;
}

/** What things cost: data of the target. */
export interface EmulatorTiming {
  readonly nanosecondsPerCycle: number;
  readonly synapticOperation: Cost;
  readonly neuronActive: Cost;
  readonly neuronInactive: Cost;
  readonly synapseUpdate: Cost;
  /** Products that one `synapseUpdate` pays for. */
  readonly productsPerUpdate: number;
  readonly hop: Cost;
  /** Cycles of the barrier for one tile and for 32. */
  readonly barrier: { readonly cycles: readonly [number, number]; readonly source: string };
  readonly coresPerTile: { readonly value: number; readonly source: string };
  readonly meshColumns: { readonly value: number; readonly source: string };
}

/** What a neuron program sees and does; the emulator provides it, one neuron at a time. */
export interface NeuronPort {
  load(field: number): number;
  store(field: number, value: number): void;
  sendCurrent(payload: number): void;
  sendTrace(slot: number, value: number): void;
  writeTrace(slot: number, value: number): void;
  readonly tables: readonly ProgramTable[];
  /** Told when a limit changed a value. */
  saturated(): void;
}

/** What a learning program sees and does, one synapse at a time. */
export interface SynapsePort {
  weight: number;
  tag: number;
  readonly weightWidth: number;
  readonly tagWidth: number;
  x(slot: number): number;
  y(slot: number): number;
  mantissa(word: number): number;
  exponent(word: number): number;
  /** The draw of a rounding that drops `bits` bits: the top ones of a 32-bit word. */
  random(operation: number, bits: number): number;
  saturated(): void;
}

/** Stops with PL5020: a word that is no instruction, never a silent no-op. */
export function trap(
  core: number,
  memory: 'neuron' | 'learning' | 'control',
  address: number,
  word: number,
): never {
  const hex = (word >>> 0).toString(16).padStart(8, '0');
  return fail(
    diagnostic(
      'PL5020',
      `core ${core}, ${memory} code, address ${address}: 0x${hex} is not an instruction`,
    ),
  );
}

/** Stops with PL5022: a value that the arithmetic of the chip cannot hold, never a silent wrong one. */
export function tooWide(core: number, what: string): never {
  return fail(diagnostic('PL5022', `core ${core}: ${what}`));
}

/** Thrown, with the reason, where no code can be made from words: the interpreter runs them. */
export class NotGenerated extends Error {}

/** Code of a core, decoded once when the Program is loaded. */
export interface LoadedCode {
  /** Runs the program at `entry` for one neuron. */
  neuron(entry: number, port: NeuronPort): void;
  /** Runs the rule at `entry` for one synapse. */
  synapse(entry: number, port: SynapsePort): void;
  /** Products of the rule at `entry`: what the accounting charges. */
  products(entry: number): number;
  /**
   * The program at `entry` as micro-operations over the fields `field<n>` and `x<n>`, `y<n>`, `payload`, which it stores. Formats
   * are meaningless but for those of limits. Throws NotGenerated.
   */
  liftNeuron(entry: number): MicroKernel;
  /**
   * The rule at `entry` as micro-operations over `weight`, `tag`, `x<n>`, `y<n>`, mantissas `m<n>` and exponents `e<n>`, for
   * variables of the given widths. Throws NotGenerated.
   */
  liftSynapse(
    entry: number,
    widths: { readonly weight: number; readonly tag: number },
  ): MicroKernel;
}

/** How a family of chips reads its words: what a target brings to the shared emulator. */
export interface Architecture {
  readonly name: string;
  readonly timing: EmulatorTiming;
  /**
   * Decodes the words of a core. Throws DiagnosticsError: PL5020 (`trap`) at an unknown word or code without an end,
   * PL5021 where a word names a field, table, register or coefficient that the core does not have.
   */
  load(core: ProgramCore, program: Program): LoadedCode;
}
