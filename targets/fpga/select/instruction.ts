import type { Span } from '../../../compiler/diagnostics/diagnostic.js';

/** What an instruction of the core reads; names are those of the FixedNetwork. */
export type Operand =
  | { readonly kind: 'zero' | 'one' | 'weight' | 'modulator' }
  /** The variable of the synapse; behind the instruction that writes it, what was written. */
  | { readonly kind: 'variable' }
  | { readonly kind: 'immediate'; readonly value: number }
  /** The result of an earlier instruction; each number is written once. */
  | { readonly kind: 'temporary'; readonly index: number }
  /** A field of the neuron; of the postsynaptic one (`post.NAME` without `post.`) in rules. */
  | { readonly kind: 'field'; readonly name: string }
  /** What the presynaptic neuron sent for learning: its field. */
  | { readonly kind: 'pre'; readonly name: string }
  | { readonly kind: 'coefficient'; readonly name: string }
  /** The mantissa of the scale of a projection; its exponent is taken off both shifts. */
  | { readonly kind: 'scale'; readonly projection: string };

export type Destination =
  | { readonly kind: 'temporary'; readonly index: number }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'weight' }
  | { readonly kind: 'variable' };

export type Operation = 'mac' | 'lt' | 'le' | 'eq' | 'tern' | 'abs';

/** An instruction of the core (README) before it has a place in a pass. */
export interface Instruction {
  readonly op: Operation;
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
  readonly e: Operand;
  readonly d: Destination;
  readonly p: number;
  readonly s: number;
  readonly rounding: 'none' | 'nearest' | 'stochastic';
  /** Which draw of the synapse, where the rounding is stochastic. */
  readonly operation: number;
  readonly origin: Span;
}

export const ZERO: Operand = { kind: 'zero' };
export const ONE: Operand = { kind: 'one' };

/** An operand as a word: equal ones are equal. */
export function operandKey(o: Operand): string {
  switch (o.kind) {
    case 'immediate':
      return `#${o.value}`;
    case 'temporary':
      return `t${o.index}`;
    case 'field':
    case 'pre':
    case 'coefficient':
      return `${o.kind} ${o.name}`;
    case 'scale':
      return `scale ${o.projection}`;
    default:
      return o.kind;
  }
}

/** Whether an operand takes the place `special`, of which an instruction has one. */
export const isSpecial = ({ kind }: Operand): boolean =>
  kind === 'immediate' || kind === 'scale' || kind === 'modulator';
