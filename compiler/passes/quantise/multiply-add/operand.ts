import type { Span } from '../../../diagnostics/diagnostic.js';
import { wholeBits } from '../formats.js';
import type { Emitted } from './emitted.js';
import type { Node } from './plan.js';

/** What an instruction reads: a node of a plan, or a value that was made already. */
export type Operand = Node | { readonly kind: 'done'; readonly emitted: Emitted };

const OPERAND_BITS = 16;

/** The most fraction bits with which an operand fits; of leaves and made values, the ones that they have. */
export function fractionOf(o: Operand): number {
  switch (o.kind) {
    case 'number':
      return Math.floor(Math.log2((2 ** (OPERAND_BITS - 1) - 1) / Math.abs(o.value)));
    case 'leaf':
      return o.leaf.value.e.format.fraction - o.shift;
    case 'held':
      return o.coefficient.fraction - o.shift;
    case 'mac':
      return OPERAND_BITS - 1 - wholeBits(o.bound);
    case 'done':
      return o.emitted.value.e.format.fraction;
  }
}

/** The largest magnitude that formats count on. */
export function aboveOf(o: Operand | undefined): number {
  switch (o?.kind) {
    case undefined:
      return 0;
    case 'number':
      return Math.abs(o.value);
    case 'leaf':
      return o.leaf.bound * 2 ** o.shift;
    case 'held':
      return o.coefficient.bound * 2 ** o.shift;
    case 'mac':
      return o.bound;
    case 'done':
      return o.emitted.bound;
  }
}

/** Where an operand stands in the equations. */
export const spanOf = (o: Operand, around: Span): Span =>
  o.kind === 'leaf' ? o.leaf.value.e.origin : around;
