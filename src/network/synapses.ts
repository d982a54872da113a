import type { ParameterValue, Projection } from './network.js';

/** Where each row starts: synapses of presynaptic neuron p are `starts[p] … starts[p + 1] − 1`; length preSize + 1. */
export function rowStarts(projection: Projection, preSize: number, postSize: number): Uint32Array {
  const { connectivity } = projection;
  if (connectivity.kind === 'sparse') return connectivity.rowStart;
  return Uint32Array.from({ length: preSize + 1 }, (_, pre) => pre * postSize);
}

/** The postsynaptic neuron of each synapse, in synapse order. */
export function columnsOf(projection: Projection, preSize: number, postSize: number): Uint32Array {
  const { connectivity } = projection;
  if (connectivity.kind === 'sparse') return connectivity.columns;
  return Uint32Array.from({ length: preSize * postSize }, (_, synapse) => synapse % postSize);
}

/** How many synapses a projection has. */
export function synapseCount(projection: Projection, preSize: number, postSize: number): number {
  const { connectivity } = projection;
  return connectivity.kind === 'sparse' ? connectivity.columns.length : preSize * postSize;
}

/** A fresh array of `length` values: the one number repeated, or a copy of the array. */
export function expand(value: ParameterValue, length: number): Float64Array {
  return typeof value === 'number'
    ? new Float64Array(length).fill(value)
    : Float64Array.from(value);
}

/** The value for one neuron or synapse. */
export function valueAt(value: ParameterValue, index: number): number {
  return typeof value === 'number' ? value : value[index]!;
}
