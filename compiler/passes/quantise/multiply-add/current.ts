import { convert, type Ranged, read } from '../../../analysis/ranged.js';
import { diagnostic } from '../../../diagnostics/catalogue.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { FixedField, FixedUpdate } from '../../../levels/fixed/fixed.js';
import {
  type Format,
  maximumOf,
  minimumOf,
  printFormat,
  signed,
  toReal,
} from '../../../levels/numbers/format.js';
import {
  EXPONENT_FORMAT,
  MANTISSA_FORMAT,
  type ScaleKind,
  scaleFraction,
} from '../../../levels/numbers/scale.js';
import type { PassContext } from '../../../pass.js';
import { multiplyAddOf } from '../../../target.js';
import { wholeBits } from '../formats.js';
import { magnitude, type ProjectionPlan } from '../plan.js';
import { noteFormat } from '../report.js';
import type { NeuronCurrent } from './neuron.js';
import type { Leaf, Term } from './polynomial.js';

/** A projection with what its currents are made of. */
export interface CurrentSource {
  readonly plan: ProjectionPlan;
  readonly payload: Format;
  /** The largest magnitude of the integers that messages carry. */
  readonly payloadMagnitude: number;
  readonly scale: ScaleKind | undefined;
  /** The largest r that formats count on. */
  readonly scaleBound: number;
  /** What the accumulated sum may reach, in reals, as far as formats count on it. */
  readonly bound: number;
}

/**
 * The current of a population: every accumulator is shifted, rounded and saturated to an operand; the sum of these, each times
 * the scale of its projection, is `I`.
 */
export function currentOf(
  sources: readonly CurrentSource[],
  bound: number,
  fractionOfCurrent: number,
  context: PassContext,
  origin: Span,
): NeuronCurrent {
  const fields: FixedField[] = [];
  const updates: FixedUpdate[] = [];
  const sum: Term[] = [];
  for (const source of sources) {
    const { projection } = source.plan;
    const arrived = accumulatorOf(source, context, origin);
    const most = source.scale || sources.length > 1 ? Infinity : fractionOfCurrent;
    const format = operandFormat(arrived, source.bound, most, context);
    const name = `current:${projection.name}`;
    fields.push(
      field(`I:${projection.name}`, 'current', arrived.e.format),
      field(name, 'local', format),
    );
    const value = convert(arrived, format, 'nearest', 'saturate', origin);
    updates.push({ target: name, value: value.e, origin });
    const leaf: Leaf = {
      key: name,
      value: read(name, format, origin),
      bound: Math.min(source.bound, toReal(maximumOf(format), format)),
      special: false,
      subtrahend: true,
    };
    const suffix = `:${projection.name}`;
    const factors = source.scale
      ? [leaf, scaleLeaf(suffix, source.plan.weight, source.scaleBound, origin)]
      : [leaf];
    sum.push({ number: 1, held: undefined, factors });
  }
  return { fields, updates, sum, bound };
}

const field = (name: string, role: FixedField['role'], format: Format): FixedField => ({
  name,
  role,
  format,
  initial: 0,
  symbol: undefined,
});

/** The scale r of a projection as a factor; `suffix` is empty within its own rule. */
export function scaleLeaf(suffix: string, weight: Format, bound: number, origin: Span): Leaf {
  const exponent = read(`scale.exponent${suffix}`, EXPONENT_FORMAT, origin, [0, weight.width - 1]);
  const mantissa = { ...MANTISSA_FORMAT, fraction: scaleFraction(weight) };
  return {
    key: `scale${suffix}`,
    value: read(`scale.mantissa${suffix}`, mantissa, origin, [0, maximumOf(mantissa)]),
    bound,
    special: true,
    subtrahend: false,
    exponent,
  };
}

/** The accumulator with what was proved of it; PL2004 where it can wrap. */
function accumulatorOf(
  { plan, payload, payloadMagnitude }: CurrentSource,
  context: PassContext,
  origin: Span,
): Ranged {
  const { name } = plan.projection;
  const { accumulatorBits } = context.capabilities.neuron;
  const format = signed(accumulatorBits, plan.weight.fraction + payload.fraction);
  const most = plan.fanIn * magnitude(plan.weight) * payloadMagnitude;
  const isSafe = most <= maximumOf(format);
  if (!isSafe) {
    const message = `the current of ${name} can pass ${printFormat(format)} with ${plan.fanIn} synapses on one neuron; it then wraps`;
    context.report(diagnostic('PL2004', message));
  }
  const range: [number, number] = isSafe ? [-most, most] : [minimumOf(format), maximumOf(format)];
  noteFormat(context, `current of ${name}`, format, {
    seen: null,
    proved: [toReal(range[0], format), toReal(range[1], format)],
    exact: true,
  });
  const arrived = read(`I:${name}`, format, origin, range);
  return { ...arrived, e: { ...arrived.e, format } };
}

/** What the accumulator becomes: 16 bits of it, from the lowest that the largest sum leaves room for. */
function operandFormat(arrived: Ranged, bound: number, most: number, context: PassContext): Format {
  const { operandBits } = multiplyAddOf(context.capabilities);
  const { format } = arrived.e;
  const largest = Math.min(bound, toReal(Math.max(-arrived.low, arrived.high), format));
  const fraction = Math.min(format.fraction, most, operandBits - 1 - wholeBits(largest));
  return signed(operandBits, fraction);
}
