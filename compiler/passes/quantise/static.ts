import type { Expression } from '../../../src/equations/ast.js';
import {
  type Arithmetic,
  evaluateInto,
  FLOAT64,
  type ReadInto,
  roomFor,
} from '../../../src/equations/evaluate.js';
import type { ModelParameter } from '../../../src/equations/model.js';
import { namesOf } from '../../../src/equations/names.js';
import type { ParameterValue } from '../../../src/network/network.js';

/**
 * The value of an expression over parameters in float64: a number when only scalars enter, else one number per
 * element. Undefined when it reads a name that is no parameter.
 */
export function evaluateStatic(
  expression: Expression,
  parameters: Readonly<Record<string, ParameterValue>>,
): ParameterValue | undefined {
  for (const name of namesOf(expression)) if (parameters[name] === undefined) return undefined;
  return evaluateOver(expression, parameters, FLOAT64);
}

/**
 * The value of an expression over numbers and arrays of one length, element by element the bits of `evaluate`. Sums, differences,
 * products and quotients, which coefficients and most rules are made of, take whole arrays at a time.
 */
export function evaluateOver(
  e: Expression,
  values: Readonly<Record<string, ParameterValue>>,
  arithmetic: Arithmetic,
): ParameterValue {
  if (e.kind === 'name') return values[e.name]!;
  if (e.kind === 'unary' && e.operator === '-') {
    const value = evaluateOver(e.operand, values, arithmetic);
    return typeof value === 'number' ? -value : negated(value);
  }
  if (e.kind === 'binary' && isCombination(e.operator)) {
    const left = evaluateOver(e.left, values, arithmetic);
    return combined(e.operator, left, evaluateOver(e.right, values, arithmetic), arithmetic);
  }
  return elementwise(e, values, arithmetic);
}

type Combination = '+' | '-' | '*' | '/';
const isCombination = (operator: string): operator is Combination => '+-*/'.includes(operator);

function combined(
  operator: Combination,
  a: ParameterValue,
  b: ParameterValue,
  { round }: Arithmetic,
): ParameterValue {
  const length = typeof a === 'number' ? (typeof b === 'number' ? 1 : b.length) : a.length;
  const [x, y] = [spread(a, length), spread(b, length)];
  const result = new Float64Array(length);
  combineInto(result, operator, x, y);
  // Of float64 every number is one already.
  if (round !== FLOAT64.round) for (let i = 0; i < length; i++) result[i] = round(result[i]!);
  return typeof a === 'number' && typeof b === 'number' ? result[0]! : result;
}

const spread = (value: ParameterValue, length: number): Float64Array =>
  typeof value === 'number' ? new Float64Array(length).fill(value) : value;

function negated(values: Float64Array): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < result.length; i++) result[i] = -values[i]!;
  return result;
}

/** A loop per operator, which looks at nothing but numbers. */
function combineInto(
  result: Float64Array,
  operator: Combination,
  x: Float64Array,
  y: Float64Array,
): void {
  const { length } = result;
  if (operator === '+') for (let i = 0; i < length; i++) result[i] = x[i]! + y[i]!;
  else if (operator === '-') for (let i = 0; i < length; i++) result[i] = x[i]! - y[i]!;
  else if (operator === '*') for (let i = 0; i < length; i++) result[i] = x[i]! * y[i]!;
  else for (let i = 0; i < length; i++) result[i] = x[i]! / y[i]!;
}

function elementwise(
  expression: Expression,
  values: Readonly<Record<string, ParameterValue>>,
  arithmetic: Arithmetic,
): ParameterValue {
  let length: number | undefined;
  for (const name of namesOf(expression)) {
    const value = values[name]!;
    if (typeof value !== 'number') length = value.length;
  }
  let index = 0;
  const read: ReadInto = (name, room, at) => {
    const value = values[name]!;
    room[at] = typeof value === 'number' ? value : value[index]!;
  };
  const room = roomFor(expression);
  const result = new Float64Array(length ?? 1);
  for (; index < result.length; index++) {
    evaluateInto(expression, read, arithmetic, room, 0);
    result[index] = room[0]!;
  }
  return length === undefined ? result[0]! : result;
}

/** The values of per-neuron parameters spread over the synapses (`columns`): every array then has one value per synapse. */
export function expandParameters(
  values: Readonly<Record<string, ParameterValue>>,
  parameters: readonly ModelParameter[],
  columns: () => ArrayLike<number>,
): Record<string, ParameterValue> {
  const perNeuron = new Set(parameters.filter((p) => p.scope === 'neuron').map((p) => p.name));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'number' || !perNeuron.has(name)) return [name, value];
      return [name, Float64Array.from(columns(), (column) => value[column]!)];
    }),
  );
}
