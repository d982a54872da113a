import type { NeuronModel } from '../../../../src/equations/model.js';
import type { Population } from '../../../../src/network/network.js';
import { convert, read } from '../../../analysis/ranged.js';
import type { FixedField, FixedUpdate } from '../../../levels/fixed/fixed.js';
import {
  type Format,
  maximumOf,
  minimumOf,
  signed,
  toReal,
} from '../../../levels/numbers/format.js';
import type { PassContext } from '../../../pass.js';
import { HEADROOM, largestSeen, payloadBits, payloadFormat } from '../formats.js';
import { magnitude, type ProjectionPlan } from '../plan.js';
import { noteFormat, rangeSeen } from '../report.js';
import type { NeuronFormats } from './variable-formats.js';

/** What a population sends. */
export interface Exported {
  /** The field whose integers are the message. */
  readonly payload: FixedField;
  readonly format: Format;
  /** The largest magnitude of its integers. */
  readonly magnitude: number;
  /** What values may reach, in reals, as far as formats count on it. */
  readonly bound: number;
  /** Makes the field from the variable, where that is too wide for the accumulators. */
  readonly narrowed: FixedUpdate | undefined;
}

/** Inputs have the format of their messages: rules read the same integers. */
export function inputExport(
  { name }: Population,
  clip: number | undefined,
  outgoing: readonly ProjectionPlan[],
  context: PassContext,
): Exported {
  const bits = payloadBits(context, gainsOf(outgoing));
  const seen = largestSeen(context, 'variable', name, 'value', 4);
  const bound = clip !== undefined && Number.isFinite(clip) ? clip : seen;
  const format = payloadFormat(bits, bound);
  noteMessages(name, 'value', format, context);
  const payload = field('value', 'payload', format, 'value');
  return { payload, format, magnitude: magnitude(format), bound, narrowed: undefined };
}

/** A neuron sends the variable itself, or, where an accumulator could overflow, the upper bits of it. */
export function exportsOf(
  { name }: Population,
  { value, updates, variables }: NeuronModel,
  { formats }: NeuronFormats,
  outgoing: readonly ProjectionPlan[],
  context: PassContext,
): Exported {
  const own = formats.get(value)!;
  const most = largestInteger(context, gainsOf(outgoing));
  const isEvent = own.width === 2;
  const size = isEvent ? 1 : -minimumOf(own);
  let dropped = 0;
  while (dropped < own.width - 2 && size / 2 ** dropped > most) dropped++;
  const seen = HEADROOM * largestSeen(context, 'variable', name, value);
  const bound = isEvent ? 1 : Math.min(toReal(maximumOf(own), own), seen);
  // Rounding up may reach the power of two itself.
  const format = dropped === 0 ? own : signed(own.width - dropped + 1, own.fraction - dropped);
  if (outgoing.length > 0) noteMessages(name, value, format, context);
  const target = dropped === 0 ? value : `payload:${value}`;
  const origin = (updates.find((u) => u.target === value) ?? variables[0])!.origin;
  const sent = convert(read(value, own, origin), format, 'nearest', 'saturate', origin);
  return {
    payload: field(target, dropped === 0 ? 'variable' : 'payload', format, undefined),
    format,
    magnitude: size / 2 ** dropped,
    bound,
    narrowed: dropped === 0 ? undefined : { target, value: sent.e, origin },
  };
}

const gainsOf = (outgoing: readonly ProjectionPlan[]): number[] =>
  outgoing.map((plan) => plan.fanIn * magnitude(plan.weight));

/** The largest payload with which no accumulator overflows. */
function largestInteger({ capabilities }: PassContext, gains: readonly number[]): number {
  const most = 2 ** (capabilities.neuron.accumulatorBits - 1) - 1;
  return gains.reduce((least, gain) => Math.min(least, Math.floor(most / gain)), Infinity);
}

function noteMessages(name: string, variable: string, format: Format, context: PassContext): void {
  noteFormat(context, `${name} messages`, format, {
    seen: rangeSeen(context, 'variable', name, variable),
    proved: null,
    exact: format.fraction === 0,
  });
}

const field = (
  name: string,
  role: FixedField['role'],
  format: Format,
  symbol: string | undefined,
): FixedField => ({ name, role, format, initial: 0, symbol });
