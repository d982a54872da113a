import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import type { Overflow, Rounding } from '../../compiler/levels/numbers/rounding.js';

/** Functions of the language. `|e|` is `abs(e)`. `exp log tanh sqrt` are the project's own (functions/). */
export const FUNCTIONS = {
  abs: 1,
  sign: 1,
  exp: 1,
  log: 1,
  tanh: 1,
  sqrt: 1,
  min: 2,
  max: 2,
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '^';
export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type LogicalOperator = 'and' | 'or';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | LogicalOperator;

/** An expression as written. Comparisons and `not` give 1 or 0; a condition holds when it is not 0. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly origin: Span }
  | { readonly kind: 'name'; readonly name: string; readonly origin: Span }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | 'not';
      readonly operand: Expression;
      readonly origin: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly origin: Span;
    }
  | {
      readonly kind: 'call';
      readonly function: FunctionName;
      readonly arguments: readonly Expression[];
      readonly origin: Span;
    };

/** `as s24.6 toward-zero wrap`: how integer machines hold the value; real-valued machines hold it unrounded. */
export interface StatedFormat {
  readonly format: Format;
  readonly rounding: Rounding;
  readonly overflow: Overflow;
}

/** `… if cond` or `… on name` (the same as `if name != 0`). */
export interface Condition {
  readonly word: 'if' | 'on';
  readonly expression: Expression;
}

/**
 * `update`: `name <- value [as FORMAT] [if c | on n]`, a variable that machines hold.
 * `define`: `name = value`, a local name of this step.
 */
export type Statement =
  | {
      readonly kind: 'update';
      readonly target: string;
      readonly value: Expression;
      readonly stated?: StatedFormat;
      readonly condition?: Condition;
      readonly origin: Span;
    }
  | {
      readonly kind: 'define';
      readonly target: string;
      readonly value: Expression;
      readonly origin: Span;
    };

export type Scope = 'scalar' | 'neuron' | 'synapse';

/** A parameter; without a default it must be given. Defaults are constant expressions. */
export interface Parameter {
  readonly name: string;
  readonly scope: Scope;
  readonly default?: Expression;
  readonly origin: Span;
}

/** `state v = -65`: a variable with a declared initial value (constant expression; 0 when not declared). */
export interface StateDeclaration {
  readonly name: string;
  readonly initial: Expression;
  readonly origin: Span;
}

/** What follows the weight update, in order. `max` is W / max|W| of the projection (0/0 = 0). */
export type Normalization =
  | { readonly kind: 'clip'; readonly low: number; readonly high: number; readonly origin: Span }
  | { readonly kind: 'decay'; readonly rate: number; readonly origin: Span }
  | { readonly kind: 'max'; readonly origin: Span }
  | { readonly kind: 'pow2'; readonly origin: Span };

export interface NeuronDefinition {
  readonly kind: 'neuron';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly states: readonly StateDeclaration[];
  readonly statements: readonly Statement[];
  readonly origin: Span;
}

/** `dw` is absent in a rule that only normalises or does nothing (`none`). */
export interface RuleDefinition {
  readonly kind: 'rule';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly states: readonly StateDeclaration[];
  readonly statements: readonly Statement[];
  readonly dw?: Expression;
  readonly normalizations: readonly Normalization[];
  readonly origin: Span;
}

export type Definition = NeuronDefinition | RuleDefinition;
