import type { Expression } from '../../../src/equations/ast.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { PortCodec } from '../numbers/codec.js';
import type { Format } from '../numbers/format.js';
import type { Integers } from '../numbers/integers.js';
import type { Overflow, Rounding } from '../numbers/rounding.js';
import type { ScaleKind } from '../numbers/scale.js';

export type FixedComparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/**
 * An integer expression; `format` says how the node's integer is read and bounds its width. Every node is exact
 * except `convert`, which states its rounding and overflow, and `table`, whose index drops `shift` bits (floor) and saturates. Operands of `add`, `subtract`, `minimum`,
 * `maximum`, `compare` and the branches of `select` have equal fractions.
 */
export type FixedExpression = { readonly format: Format; readonly origin: Span } & (
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'read'; readonly field: string }
  | {
      readonly kind: 'add' | 'subtract' | 'multiply' | 'minimum' | 'maximum';
      readonly left: FixedExpression;
      readonly right: FixedExpression;
    }
  | { readonly kind: 'negate' | 'absolute' | 'sign'; readonly operand: FixedExpression }
  | {
      readonly kind: 'compare';
      readonly operator: FixedComparison;
      readonly left: FixedExpression;
      readonly right: FixedExpression;
    }
  | { readonly kind: 'and' | 'or'; readonly left: FixedExpression; readonly right: FixedExpression }
  | { readonly kind: 'not'; readonly operand: FixedExpression }
  | {
      readonly kind: 'select';
      readonly condition: FixedExpression;
      readonly then: FixedExpression;
      readonly otherwise: FixedExpression;
    }
  /** The same real value in another format: drops `operand.fraction − format.fraction` bits, then overflows. */
  | {
      readonly kind: 'convert';
      readonly operand: FixedExpression;
      readonly rounding: Rounding;
      readonly overflow: Overflow;
      /** Distinguishes the draws of a rule's stochastic roundings. */
      readonly operation: number;
    }
  /** operand · 2^by with `by` an integer expression of fraction 0, ≥ 0. */
  | { readonly kind: 'shift-left'; readonly operand: FixedExpression; readonly by: FixedExpression }
  /** The same integer read with another binary point. */
  | { readonly kind: 'reinterpret'; readonly operand: FixedExpression }
  /** entries[(operand − first) >> shift], index saturated to the table. */
  | {
      readonly kind: 'table';
      readonly operand: FixedExpression;
      readonly entries: readonly number[];
      readonly first: number;
      readonly shift: number;
    }
);

/**
 * A named integer per neuron or synapse. `variable`: kept between steps, reset to `initial`.
 * `parameter`: constant. `current`: the accumulator of one projection, cleared when the neuron has run.
 * `payload` / `trace`: what messages carry, written by the neuron for others.
 */
export interface FixedField {
  readonly name: string;
  readonly role: 'variable' | 'parameter' | 'current' | 'payload' | 'trace' | 'local';
  readonly format: Format;
  /** One integer, or one per neuron or synapse. */
  readonly initial: number | Integers;
  /** The Network variable or parameter that it holds, when it holds one. */
  readonly symbol: string | undefined;
  /** Traces: the stored integer minus `offset` has `format`. */
  readonly signal?: { readonly format: Format; readonly offset: number };
}

export interface FixedUpdate {
  readonly target: string;
  readonly value: FixedExpression;
  readonly origin: Span;
}

export interface FixedPopulation {
  readonly name: string;
  readonly size: number;
  /** Input populations have no updates; their `value` field is written by the codec, traces by `updates`. */
  readonly input: boolean;
  /** The chip step, within a network step, in which it updates: the longest chain of delay-0 projections. */
  readonly phase: number;
  readonly fields: readonly FixedField[];
  readonly updates: readonly FixedUpdate[];
}

/** One product of the canonical rule: its real coefficient times `scale` is what the words stand for. */
export interface FixedTerm {
  /** The variable that the product changes: `w` or a per-synapse variable. */
  readonly target: string;
  /** The coefficient, in the language, over parameters of the projection. */
  readonly coefficient: Expression;
  readonly scale: number;
  /**
   * Names in `coefficients` of the mantissa and exponent of each word; a word without an exponent is a plain integer. None where
   * the coefficient is a constant of the expression.
   */
  readonly words: readonly { readonly mantissa: string; readonly exponent: string | undefined }[];
  readonly origin: Span;
}

/** Reads fields of the synapse (`weight`, variables, coefficients), of the presynaptic neuron `pre.NAME`, of the postsynaptic `post.NAME`, and `modulator`. */
export interface FixedRule {
  readonly every: number;
  /** In order; the last one writes `weight`. */
  readonly updates: readonly FixedUpdate[];
  /** Coefficients chosen by the profile of the synapse: one integer per profile. */
  readonly coefficients: readonly {
    readonly name: string;
    readonly format: Format;
    readonly values: Integers;
  }[];
  /** Where each coefficient comes from: `train --on` encodes new ones without compiling again. */
  readonly terms: readonly FixedTerm[];
  /** The profile of each synapse. */
  readonly profiles: Uint32Array;
}

export interface FixedProjection {
  readonly name: string;
  /** Its index in the Network: the `projection` word of draws. */
  readonly index: number;
  readonly pre: string;
  readonly post: string;
  readonly rowStart: Uint32Array;
  readonly columns: Uint32Array;
  readonly delay: number;
  readonly weight: 'arrival' | 'send';
  readonly weights: FixedField;
  /** The field of the presynaptic population that the current message carries. */
  readonly payload: string;
  /** The field of the postsynaptic population that accumulates weight · payload. */
  readonly accumulator: string;
  /** Per-synapse state of the rule (for Loihi: tag, delay). */
  readonly fields: readonly FixedField[];
  readonly rule: FixedRule | undefined;
  /**
   * Present where normalisation is lazy (compiler/levels/numbers/scale.ts): stored weights W′ stand for r · W′, and when the rule has
   * run over every synapse, r follows from the largest |W′|. Rules read `scale.mantissa` and `scale.exponent`, neurons
   * `scale.mantissa:PROJECTION` and `scale.exponent:PROJECTION` of the projections that lead to them.
   */
  readonly scale: ScaleKind | undefined;
}

/** A port: which field of which population, and how reals become its integers. */
export interface FixedPort extends PortCodec {
  readonly population: string;
  readonly field: string;
}

/** Neurons `first … first + count − 1` of a population live on one core, with the synapses that end on them. */
export interface Group {
  readonly population: string;
  readonly first: number;
  readonly count: number;
  readonly core: number;
}

/** A network in which every value has a format and every rounding is one that the target performs, in its order. */
export interface FixedNetwork {
  readonly kind: 'fixed';
  readonly name: string;
  readonly populations: readonly FixedPopulation[];
  readonly projections: readonly FixedProjection[];
  readonly inputs: readonly FixedPort[];
  readonly outputs: readonly FixedPort[];
  /** Where neurons live; covers every population, in order. */
  readonly groups: readonly Group[];
  /** Present when a rule reads the modulator: the field `modulator` holds it plus `offset`. */
  readonly modulator: { readonly format: Format; readonly offset: number } | undefined;
}
