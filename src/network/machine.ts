import type { Format } from '../../compiler/levels/numbers/format.js';
import type { LaneWorld, World } from './world.js';

/** What the outside gives to one step: one array per input port, in port units, and the modulator (reward) `m`. */
export interface Inputs {
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
  readonly modulator: number;
}

/** One array per output port. Owned by the machine and overwritten by its next step. */
export type Outputs = Readonly<Record<string, Float64Array>>;

/**
 * Any state of a machine. Real values; `weight`, `synapse` (rule variable or parameter) in synapse order.
 *
 * Integer machines may normalise a projection lazily: its `weight` is r · W′, and a write of `weight` sets r to 1. W′ (`stored`) and
 * r (`scale`: mantissa and exponent) are state of their own there; writing both restores a projection bit for bit.
 */
export type Probe =
  | { readonly kind: 'weight'; readonly projection: string }
  | { readonly kind: 'stored'; readonly projection: string }
  | { readonly kind: 'scale'; readonly projection: string }
  | { readonly kind: 'synapse'; readonly projection: string; readonly name: string }
  | { readonly kind: 'variable'; readonly population: string; readonly name: string }
  | { readonly kind: 'current'; readonly population: string }
  | { readonly kind: 'counter'; readonly name: string };

export interface ProbeShape {
  readonly probe: Probe;
  readonly length: number;
  /**
   * The integer format of what `write` stores; undefined on a real-valued machine. What `read` gives are its integers too, but for a
   * `weight` that is normalised lazily.
   */
  readonly format: Format | undefined;
  readonly writable: boolean;
}

export interface MachineShape {
  readonly machine: string;
  readonly inputs: readonly { readonly name: string; readonly size: number }[];
  readonly outputs: readonly { readonly name: string; readonly size: number }[];
  readonly probes: readonly ProbeShape[];
}

/**
 * Runs a network one step at a time (normative order of a step: ARCHITECTURE.md). Everything that can execute
 * a network is a Machine; `verify` is two of them in lockstep.
 */
export interface Machine {
  readonly shape: MachineShape;
  /** Puts every state at its declared initial value; `seed` (32 bits) governs all draws. */
  reset(options: { readonly seed: number }): void;
  step(inputs: Inputs): Outputs;
  /** A copy of the state in real values. Throws DiagnosticsError PL5001 on an unknown probe. */
  read(probe: Probe): Float64Array;
  /** Replaces state; integer machines round to nearest and refuse (PL5002) what the format cannot hold. */
  write(probe: Probe, values: ArrayLike<number>): void;
  /** False freezes every rule. */
  learning: boolean;
}

/**
 * Several copies of one network in lockstep, each with a state, inputs and outputs of its own: what a search runs. A lane does
 * what a Machine with its state and inputs does, whatever the other lanes do.
 */
export interface LaneMachine {
  readonly shape: MachineShape;
  readonly lanes: number;
  /** Replaces what `reset` puts into a lane, and changes nothing else; parameters too. Refuses as `Machine.write` does. */
  initialise(probe: Probe, lane: number, values: ArrayLike<number>): void;
  /** Keeps what `reset` puts into the lanes now; what it returns brings that back for the resets to come. */
  keepInitial(): () => void;
  /** Puts every lane at its initial values; `seed` (32 bits) governs the draws of all of them. */
  reset(options: { readonly seed: number }): void;
  /** One network step of every lane. */
  step(inputs: readonly Inputs[]): void;
  /** The outputs of a lane in the last step, one array per port; overwritten by the next step. */
  outputs(lane: number): Outputs;
  /** A copy of the state of a lane in real values. Throws DiagnosticsError PL5001 on an unknown probe. */
  read(probe: Probe, lane: number): Float64Array;
  /** False freezes every rule in every lane. */
  learning: boolean;
  /** Compiles a world around the machine; absent where a machine cannot. The world's sizes are the machine's. */
  inhabit?(world: World): LaneWorld;
}
