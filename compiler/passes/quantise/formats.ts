import type { Projection } from '../../../src/network/network.js';
import { type Format, signed, unsigned } from '../../levels/numbers/format.js';
import type { PassContext } from '../../pass.js';
import { sumOfProductsOf } from '../../target.js';
import { clipOf, type TraceFormat } from './rule.js';

/** Beyond these no binary point lies: what is larger saturates, what is smaller is 0, and shifts stay those of registers. */
const POINT = { left: 40, right: 60 };

/** Bits left of the binary point for magnitudes up to `largest` (0 for up to 1, exclusive of the sign). */
export const wholeBits = (largest: number): number =>
  Math.min(POINT.left, Math.max(0, Math.ceil(Math.log2(largest))));

/** What a value may reach when no calibration saw it. */
const UNSEEN = 8;
/** Room above the largest value seen: a chip in use meets states that the calibration did not. */
export const HEADROOM = 2;

/** The largest magnitude that the calibration saw, with `fallback` where it saw none. */
export function largestSeen(
  context: PassContext,
  kind: 'variable' | 'current' | 'local' | 'weight' | 'synapse' | 'change',
  owner: string,
  name: string,
  fallback = UNSEEN,
): number {
  const seen = context.calibration.find(kind, owner, name);
  const largest = seen ? Math.max(Math.abs(seen.minimum), Math.abs(seen.maximum)) : 0;
  return largest > 0 ? largest : fallback;
}

/** A neuron variable: the target's state width, headroom above what was seen and the initial value, at most 16 fraction bits. */
export function stateFormat(
  context: PassContext,
  population: string,
  variable: string,
  initial: number,
): Format {
  const { stateBits } = context.capabilities.neuron;
  const seen = largestSeen(context, 'variable', population, variable);
  const whole = wholeBits(Math.max(HEADROOM * seen, Math.abs(initial)));
  return signed(stateBits, Math.min(16, stateBits - 1 - whole));
}

/** Weights: the asked width; the binary point from the clip of the rule, else from the weights seen. */
export function weightFormat(context: PassContext, projection: Projection): Format {
  const { weightBits } = context.options;
  const { initialWeights, rule } = projection;
  const initial =
    typeof initialWeights === 'number'
      ? Math.abs(initialWeights)
      : initialWeights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  const clip = rule ? clipOf(rule) : undefined;
  const bound = clip ? Math.max(Math.abs(clip.low), Math.abs(clip.high)) : 0;
  // Weights that begin beyond the clip are held until the rule brings them in.
  const clipped = initial <= bound;
  const largest = clip
    ? Math.max(bound, initial)
    : Math.max(initial, rule ? largestSeen(context, 'weight', projection.name, 'w', 1) : 0) || 1;
  // A clip to ±1 is held as ±(1 − one step), which keeps the step small; fixed weights are not cut.
  const whole =
    clip && clipped ? wholeBits(largest) : wholeBits(largest * (1 + 2 ** (1 - weightBits)));
  return signed(weightBits, weightBits - 1 - whole);
}

/** A per-synapse variable, held in the tag: headroom above what was seen, and the initial value. */
export function tagFormat(
  context: PassContext,
  projection: string,
  variable: string,
  initial: number,
): Format {
  const { tag } = sumOfProductsOf(context.capabilities).widths;
  const seen = largestSeen(context, 'synapse', projection, variable, 1);
  return signed(tag, tag - 1 - wholeBits(Math.max(HEADROOM * seen, Math.abs(initial))));
}

/** A trace register: unsigned; signed signals are stored with half the range added, so that the sign is exact. */
export function traceFormatOf(
  context: PassContext,
  field: string,
  largest: number,
  negative: boolean,
): TraceFormat {
  const bits = context.options.traceBits;
  const top = negative ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const fraction = Math.min(
    POINT.right,
    Math.max(-POINT.left, Math.floor(Math.log2(top / largest))),
  );
  return {
    field,
    stored: unsigned(bits, 0),
    format: negative ? signed(bits, fraction) : unsigned(bits, fraction),
    offset: negative ? 2 ** (bits - 1) : 0,
  };
}

/**
 * What a message carries: the target's payload width, fewer bits where the accumulators of the projections that it
 * feeds could otherwise overflow. `synapses` · `weight` is the most that one unit of payload can add.
 */
export function payloadBits(context: PassContext, gains: readonly number[]): number {
  const { accumulatorBits, payloadBits: most } = context.capabilities.neuron;
  let bits = most;
  const limit = 2 ** (accumulatorBits - 1) - 1;
  while (bits > 2 && gains.some((gain) => gain * 2 ** (bits - 1) > limit)) bits--;
  return bits;
}

/** A payload of `bits` bits for magnitudes up to `largest`, which itself is not cut when it rounds up. */
export function payloadFormat(bits: number, largest: number): Format {
  return signed(bits, bits - 1 - wholeBits(largest * (1 + 2 ** (1 - bits))));
}
