import {
  combine,
  convert,
  multiply,
  type Ranged,
  read,
  reinterpret,
  shiftLeft,
} from '../../compiler/analysis/ranged.js';
import { checkFixed } from '../../compiler/levels/fixed/check.js';
import type {
  FixedField,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
  FixedUpdate,
} from '../../compiler/levels/fixed/fixed.js';
import { scaleField } from '../../compiler/levels/fixed/scale.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import { type Format, signed } from '../../compiler/levels/numbers/format.js';
import { integersOf } from '../../compiler/levels/numbers/integers.js';
import type { Rounding } from '../../compiler/levels/numbers/rounding.js';
import {
  EXPONENT_FORMAT,
  MANTISSA_FORMAT,
  SCALE_RANGES,
  type ScaleKind,
  scaleFraction,
} from '../../compiler/levels/numbers/scale.js';
import { select } from '../../compiler/passes/select.js';
import { watched } from '../compiler/context.js';

const HERE = { file: 'test', line: 1, column: 1, length: 1 };
const INPUT = signed(8, 4);
const PAYLOAD = signed(10, 4);
const STATE = signed(16, 10);
const COEFFICIENT = signed(8, 6);
/** The coefficients of x·y, x, y and 1. */
export const COEFFICIENTS = ['a', 'b', 'c', 'd'] as const;

export interface LazyProjection {
  readonly pre: 'input' | 'hidden';
  readonly kind: ScaleKind | undefined;
  /** Of weights. */
  readonly format: Format;
  readonly rounding: Rounding;
  readonly delay: number;
  readonly every: number;
  /** Row by row, ascending. */
  readonly synapses: readonly (readonly [pre: number, post: number])[];
  /** Integers of the weights, and of each coefficient, per synapse. */
  readonly weights: readonly number[];
  readonly coefficients: readonly (readonly number[])[];
}

export interface LazyShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly projections: readonly LazyProjection[];
}

/** input → hidden ↺, all learning: dw = a·x·y + b·x + c·y + d, v ← v/2 + I, written by hand in integers. */
export function lazyNetwork({ inputs, hidden, projections }: LazyShape): FixedNetwork {
  const named = projections.map((p, index) => ({ ...p, name: `${p.pre}->hidden`, index }));
  const ports = { mean: 0, deviation: 1, scale: 1, clip: null };
  return checkFixed({
    kind: 'fixed',
    name: 'lazy',
    populations: [
      { name: 'input', size: inputs, input: true, phase: 0, fields: [payload(INPUT)], updates: [] },
      hiddenPopulation(hidden, named),
    ],
    projections: named.map((p) => projectionOf(p, p.pre === 'input' ? inputs : hidden)),
    inputs: [{ population: 'input', field: 'value', format: INPUT, ...ports }],
    outputs: [{ population: 'hidden', field: 'v', format: STATE, ...ports }],
    groups: [
      { population: 'input', first: 0, count: inputs, core: 0 },
      { population: 'hidden', first: 0, count: hidden, core: 0 },
    ],
    modulator: undefined,
  });
}

export const microOf = (fixed: FixedNetwork): MicroProgram =>
  select.run(fixed, watched({}).context);

type Named = LazyProjection & { readonly name: string; readonly index: number };

const field = (
  name: string,
  role: FixedField['role'],
  format: Format,
  initial: FixedField['initial'] = 0,
): FixedField => ({
  name,
  role,
  format,
  initial,
  symbol: role === 'variable' ? name : undefined,
});
const payload = (format: Format): FixedField => field('value', 'payload', format);
const formatOfPayload = (pre: 'input' | 'hidden'): Format => (pre === 'input' ? INPUT : PAYLOAD);
const accumulatorOf = ({ pre, format }: LazyProjection): Format =>
  signed(20, format.fraction + formatOfPayload(pre).fraction);
const update = (target: string, value: Ranged): FixedUpdate => ({
  target,
  value: value.e,
  origin: HERE,
});
const sum = (...parts: readonly Ranged[]): Ranged =>
  parts.reduce((total, part) => combine('add', total, part, HERE));

/** r · value, exactly; `owner` where a neuron reads the scale. */
function scaled(value: Ranged, { kind, format }: LazyProjection, owner?: string): Ranged {
  if (!kind) return value;
  const { mantissa: ofMantissa, exponent: ofExponent } = SCALE_RANGES;
  const mantissa = read(scaleField('mantissa', owner), MANTISSA_FORMAT, HERE, ofMantissa(format));
  const by = read(scaleField('exponent', owner), EXPONENT_FORMAT, HERE, ofExponent(format));
  const product = shiftLeft(multiply(value, mantissa, HERE), by, HERE);
  return reinterpret(product, value.e.format.fraction + scaleFraction(format), HERE);
}

function hiddenPopulation(size: number, projections: readonly Named[]): FixedPopulation {
  const v = read('v', STATE, HERE);
  const currents = projections.map((p) =>
    scaled(read(`I:${p.name}`, accumulatorOf(p), HERE), p, p.name),
  );
  const next = sum(reinterpret(v, STATE.fraction + 1, HERE), ...currents);
  return {
    name: 'hidden',
    size,
    input: false,
    phase: 1,
    fields: [
      ...projections.map((p) => field(`I:${p.name}`, 'current', accumulatorOf(p))),
      field('v', 'variable', STATE),
      payload(PAYLOAD),
    ],
    updates: [
      update('v', convert(next, STATE, 'nearest', 'saturate', HERE)),
      update('value', convert(v, PAYLOAD, 'floor', 'saturate', HERE)),
    ],
  };
}

function projectionOf(p: Named, rows: number): FixedProjection {
  const { name, index, pre, format, delay, every, synapses, weights } = p;
  const x = read('pre.value', formatOfPayload(pre), HERE);
  const y = read('post.v', STATE, HERE);
  const [a, b, c, d] = COEFFICIENTS.map((k) => read(k, COEFFICIENT, HERE));
  const times = (left: Ranged, right: Ranged): Ranged => multiply(left, right, HERE);
  const next = sum(
    scaled(read('weight', format, HERE), p),
    times(a!, times(x, y)),
    times(b!, x),
    times(c!, y),
    d!,
  );
  const rowStart = Uint32Array.from(
    { length: rows + 1 },
    (_, row) => synapses.filter(([from]) => from < row).length,
  );
  return {
    name,
    index,
    pre,
    post: 'hidden',
    rowStart,
    columns: Uint32Array.from(synapses, ([, to]) => to),
    delay,
    weight: 'arrival',
    weights: { ...field('weight', 'variable', format, integersOf(weights, format)), symbol: 'w' },
    payload: 'value',
    accumulator: `I:${name}`,
    fields: [],
    rule: {
      every,
      updates: [update('weight', convert(next, format, p.rounding, 'saturate', HERE))],
      coefficients: COEFFICIENTS.map((k, i) => ({
        name: k,
        format: COEFFICIENT,
        values: integersOf(p.coefficients[i]!, COEFFICIENT),
      })),
      terms: [],
      profiles: Uint32Array.from(synapses, (_, k) => k),
    },
    scale: p.kind,
  };
}
