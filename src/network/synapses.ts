import type { ParameterValue, Projection } from './network.js';

/** Where each row starts: synapses of presynaptic neuron p are `starts[p] … starts[p + 1] − 1`; length preSize + 1. */
export function rowStarts(projection: Projection, preSize: number, postSize: number): Uint32Array {
  const { connectivity } = projection;
  if (connectivity.kind === 'sparse') return connectivity.rowStart;
  const starts = new Uint32Array(preSize + 1);
  for (let pre = 0; pre <= preSize; pre++) starts[pre] = pre * postSize;
  return starts;
}

/** The postsynaptic neuron of each synapse, in synapse order. */
export function columnsOf(projection: Projection, preSize: number, postSize: number): Uint32Array {
  const { connectivity } = projection;
  if (connectivity.kind === 'sparse') return connectivity.columns;
  const columns = new Uint32Array(preSize * postSize);
  for (let post = 0; post < postSize; post++) columns[post] = post;
  // Rows in blocks of twice the length: a copy of memory, where a loop would visit every synapse.
  for (let filled = postSize; filled < columns.length; filled *= 2) {
    columns.copyWithin(filled, 0, filled);
  }
  return columns;
}

/** How many synapses end on each postsynaptic neuron. */
export function fanIns(projection: Projection, preSize: number, postSize: number): Uint32Array {
  const { connectivity } = projection;
  const counts = new Uint32Array(postSize);
  if (connectivity.kind === 'dense') return counts.fill(preSize);
  for (const column of connectivity.columns) counts[column]!++;
  return counts;
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
