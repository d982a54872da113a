import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import type { Expression, Normalization, Scope, StatedFormat } from './ast.js';

/**
 * A checked definition: every name is resolved, defaults are numbers, conditions are folded into the
 * statements. All machines and passes read this form and the text; none reads the syntax tree.
 */
export interface ModelParameter {
  readonly name: string;
  readonly scope: Scope;
  /** Undefined: the network must give it. */
  readonly default: number | undefined;
  readonly origin: Span;
}

/** A variable that a machine holds, one value per neuron (or per synapse for a rule). */
export interface ModelVariable {
  readonly name: string;
  readonly initial: number;
  /**
   * True when a step can read the value of the step before: the variable is declared with `state`, or read before the first
   * assignment of the step, or read by its own update before an unconditional one. Otherwise it is an event or signal.
   */
  readonly persistent: boolean;
  readonly origin: Span;
}

/**
 * One assignment, in order. `local` names live within the step. Where `condition` is 0 a persistent variable
 * keeps its value and another one becomes 0 — unless it was assigned earlier in the same step, then it keeps that.
 */
export interface Update {
  readonly target: string;
  readonly local: boolean;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  readonly stated: StatedFormat | undefined;
  readonly origin: Span;
}

/**
 * A neuron: reads parameters, its variables and `I` (the summed current of this step); the variable that the signal `value` names is what it sends.
 */
export interface NeuronModel {
  readonly kind: 'neuron';
  readonly name: string;
  /** The definition's own text, as printed by the language's printer. */
  readonly text: string;
  readonly parameters: readonly ModelParameter[];
  readonly variables: readonly ModelVariable[];
  readonly updates: readonly Update[];
  /** The variable sent to other populations: `value` if assigned, else `spike`. */
  readonly value: string;
}

/** A signal of a rule: an undeclared name that starts with x (presynaptic) or y (postsynaptic). */
export interface RuleSignal {
  readonly name: string;
  readonly side: 'pre' | 'post';
  readonly origin: Span;
}

/**
 * A rule: for each synapse `updates` in order (per-synapse state and locals), then `w <- w + dw`, then the
 * normalisations in order. Reads signals, parameters, its variables, `w` and the modulator `m`.
 */
export interface RuleModel {
  readonly kind: 'rule';
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly ModelParameter[];
  readonly signals: readonly RuleSignal[];
  readonly usesModulator: boolean;
  readonly variables: readonly ModelVariable[];
  readonly updates: readonly Update[];
  readonly dw: Expression | undefined;
  readonly normalizations: readonly Normalization[];
}

/** One product of a canonical rule: `coefficient · Π factors`. */
export interface Product {
  /** An expression over parameters and numbers only. */
  readonly coefficient: Expression;
  /** Signals, `w`, `m`, per-synapse variables, or an irreducible function of them; repeated for powers; sorted. */
  readonly factors: readonly Expression[];
  readonly origin: Span;
}

/** `dw` (or an update) as a sum of products. */
export interface SumOfProducts {
  readonly products: readonly Product[];
}
