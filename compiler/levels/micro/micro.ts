import type { Span } from '../../diagnostics/diagnostic.js';
import type { FixedComparison, FixedNetwork } from '../fixed/fixed.js';
import type { Format } from '../numbers/format.js';
import type { Overflow, Rounding } from '../numbers/rounding.js';

/** What an operation does; operands are numbers of earlier operations of the kernel. */
export type MicroAction =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'load'; readonly field: string }
  | { readonly kind: 'store'; readonly field: string; readonly value: number }
  | {
      readonly kind: 'add' | 'subtract' | 'multiply' | 'minimum' | 'maximum' | 'and' | 'or';
      readonly left: number;
      readonly right: number;
    }
  | { readonly kind: 'negate' | 'absolute' | 'sign' | 'not'; readonly operand: number }
  | {
      readonly kind: 'compare';
      readonly operator: FixedComparison;
      readonly left: number;
      readonly right: number;
    }
  | {
      readonly kind: 'select';
      readonly condition: number;
      readonly then: number;
      readonly otherwise: number;
    }
  /** Drops `bits` low bits; a negative count appends zeros. */
  | {
      readonly kind: 'shift';
      readonly operand: number;
      readonly bits: number;
      readonly rounding: Rounding;
      readonly operation: number;
    }
  | { readonly kind: 'limit'; readonly operand: number; readonly overflow: Overflow }
  | { readonly kind: 'shift-left'; readonly operand: number; readonly by: number }
  | {
      readonly kind: 'table';
      readonly operand: number;
      readonly entries: readonly number[];
      readonly first: number;
      readonly shift: number;
    };

/** One operation of straight-line code: its result has `format`, its cause stands at `origin`. */
export type MicroOperation = MicroAction & { readonly format: Format; readonly origin: Span };

/** The code of one neuron or one synapse. `registers[i]` holds the result of operation i (−1: none), once scheduled. */
export interface MicroKernel {
  readonly kind: 'neuron' | 'synapse';
  /** The population or projection. */
  readonly owner: string;
  readonly operations: readonly MicroOperation[];
  readonly registers: readonly number[] | undefined;
}

/** Kernels for every population and learning projection; shapes, formats and initial values stay in `fixed`. */
export interface MicroProgram {
  readonly kind: 'micro';
  readonly fixed: FixedNetwork;
  readonly kernels: readonly MicroKernel[];
}

/** The operations that an operation reads. */
export function operandsOf(operation: MicroAction): readonly number[] {
  switch (operation.kind) {
    case 'constant':
    case 'load':
      return [];
    case 'store':
      return [operation.value];
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'not':
    case 'shift':
    case 'limit':
    case 'table':
      return [operation.operand];
    case 'shift-left':
      return [operation.operand, operation.by];
    case 'select':
      return [operation.condition, operation.then, operation.otherwise];
    default:
      return [operation.left, operation.right];
  }
}

/** An operation with its operands numbered otherwise. */
export function renumbered(o: MicroOperation, number: (index: number) => number): MicroOperation {
  switch (o.kind) {
    case 'constant':
    case 'load':
      return o;
    case 'store':
      return { ...o, value: number(o.value) };
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'not':
    case 'shift':
    case 'limit':
    case 'table':
      return { ...o, operand: number(o.operand) };
    case 'shift-left':
      return { ...o, operand: number(o.operand), by: number(o.by) };
    case 'select':
      return {
        ...o,
        condition: number(o.condition),
        then: number(o.then),
        otherwise: number(o.otherwise),
      };
    default:
      return { ...o, left: number(o.left), right: number(o.right) };
  }
}
