import type { NeuronModel, RuleModel } from '../equations/model.js';

/** A parameter's value: one number for all, or one per neuron or synapse (synapse order, below). */
export type ParameterValue = number | Float64Array;

export interface Population {
  readonly name: string;
  readonly size: number;
  /** Undefined: an input population, whose `value` is what the outside gives. */
  readonly neuron: NeuronModel | undefined;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/**
 * Which synapses exist. Synapses are ordered row by row (presynaptic neuron), columns (postsynaptic) ascending.
 * `dense`: synapse index = pre · postSize + post. `sparse`: those of row p are
 * `rowStart[p] … rowStart[p + 1] − 1`, their postsynaptic neurons stand in `columns`.
 */
export type Connectivity =
  | { readonly kind: 'dense' }
  | { readonly kind: 'sparse'; readonly rowStart: Uint32Array; readonly columns: Uint32Array };

/** Where a rule's signal comes from: a variable of the presynaptic or postsynaptic population (`value` for inputs). */
export interface SignalBinding {
  readonly signal: string;
  readonly side: 'pre' | 'post';
  readonly variable: string;
}

export interface Projection {
  readonly name: string;
  readonly pre: string;
  readonly post: string;
  readonly connectivity: Connectivity;
  /** Network steps between sending and arriving; 0 is the same step. */
  readonly delay: number;
  /** Whether a delayed current uses the weight at arrival or the one when it was sent. */
  readonly weight: 'arrival' | 'send';
  /** The rule runs when (step + 1) mod every = 0. */
  readonly every: number;
  /** Undefined: a fixed projection. */
  readonly rule: RuleModel | undefined;
  readonly bindings: readonly SignalBinding[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Weights after reset: one number or one per synapse. */
  readonly initialWeights: ParameterValue;
}

/** `(value − mean) / deviation · scale`, then clipped to ±clip: what an input population receives. */
export interface InputPort {
  readonly population: string;
  /** One number or one per neuron. */
  readonly mean: ParameterValue;
  readonly deviation: ParameterValue;
  readonly scale: number;
  /** Symmetric limit after scaling; Infinity is none. */
  readonly clip: number;
}

/** `variable · scale`, clipped to ±clip: what the outside reads. */
export interface OutputPort {
  readonly population: string;
  readonly variable: string;
  readonly scale: number;
  readonly clip: number;
}

/** Populations and projections with their equations. Immutable; `check` (check.ts) names every offender. */
export interface Network {
  readonly name: string;
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
}
