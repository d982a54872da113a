import type { Expression } from '../../../src/equations/ast.js';
import { evaluateInto, FLOAT64, type ReadInto, roomFor } from '../../../src/equations/evaluate.js';
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
  if (expression.kind === 'name') return parameters[expression.name];
  let length: number | undefined;
  for (const name of namesOf(expression)) {
    const value = parameters[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'number') length = value.length;
  }
  let index = 0;
  const read: ReadInto = (name, values, at) => {
    const value = parameters[name]!;
    values[at] = typeof value === 'number' ? value : value[index]!;
  };
  const room = roomFor(expression);
  const result = new Float64Array(length ?? 1);
  for (; index < result.length; index++) {
    evaluateInto(expression, read, FLOAT64, room, 0);
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
