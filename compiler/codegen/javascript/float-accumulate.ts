import type { Projection } from '../../../src/network/network.js';
import { literal } from './float-expression.js';

/** What the accumulating kernel of a projection needs to know. */
export interface AccumulateShape {
  readonly preSize: number;
  readonly postSize: number;
  /** Whether the payload only ever is −1, 0 or 1. */
  readonly unitPayload: boolean;
  /** Whether it is the first of its population's incoming projections: it sets the current, others add to it. */
  readonly first: boolean;
}

/** Columns summed at once, each in a local variable. */
const TILE = 8;
/** Beyond this many synapses rows are walked whole, in the order in which they lie in memory. */
const TILED_SYNAPSES = 16384;

/**
 * The statements that sum a projection: for each postsynaptic neuron the products of pre ascending, from 0, rows
 * with payload 0 skipped. `payload`, `weights`, `current` (and for `whole` rows `sums`) are in scope; the sums go into
 * `current` as `shape.first` says.
 */
export function emitSums(projection: Projection, shape: AccumulateShape): string[] {
  const { preSize, postSize } = shape;
  if (projection.connectivity.kind === 'dense' && preSize * postSize <= TILED_SYNAPSES) {
    return emitTiles(shape);
  }
  const add = `sums[j] = ${addition('sums[j]', 'weights[k]', shape)};`;
  const row =
    projection.connectivity.kind === 'dense'
      ? `for (let j = 0, k = i * ${postSize}; j < ${postSize}; j++, k++) ${add}`
      : `for (let k = rowStart[i], last = rowStart[i + 1]; k < last; k++) { const j = columns[k]; ${add} }`;
  return [
    'sums.fill(0);',
    `for (let i = 0; i < ${preSize}; i++) {`,
    '  const s = payload[i];',
    '  if (s === 0) continue;',
    `  ${row}`,
    '}',
    `for (let j = 0; j < ${postSize}; j++) ${intoCurrent('j', 'sums[j]', shape)}`,
  ];
}

function addition(sum: string, weight: string, { unitPayload }: AccumulateShape): string {
  return unitPayload ? `f(${sum} + ${weight} * s)` : `f(${sum} + f(${weight} * s))`;
}

/** `current[j]` with one more projection's sum. */
export function intoCurrent(
  j: string,
  sum: string,
  { first }: Pick<AccumulateShape, 'first'>,
): string {
  return first ? `current[${j}] = ${sum};` : `current[${j}] = f(current[${j}] + ${sum});`;
}

function emitTiles(shape: AccumulateShape): string[] {
  const { postSize } = shape;
  const whole = postSize - (postSize % TILE);
  const lines: string[] = [];
  if (whole > 0) {
    lines.push(`for (let j = 0; j < ${whole}; j += ${TILE}) {`, ...emitTile('j', TILE, shape), '}');
  }
  if (whole < postSize) lines.push('{', ...emitTile(literal(whole), postSize - whole, shape), '}');
  return lines;
}

function emitTile(start: string, width: number, shape: AccumulateShape): string[] {
  const { preSize, postSize } = shape;
  const columns = Array.from({ length: width }, (_, c) => c);
  const at = (base: string, c: number): string => (c === 0 ? base : `${base} + ${c}`);
  return [
    `  let ${columns.map((c) => `s${c} = 0`).join(', ')};`,
    `  for (let i = 0, k = ${start}; i < ${preSize}; i++, k += ${postSize}) {`,
    '    const s = payload[i];',
    '    if (s === 0) continue;',
    ...columns.map((c) => `    s${c} = ${addition(`s${c}`, `weights[${at('k', c)}]`, shape)};`),
    '  }',
    ...columns.map((c) => `  ${intoCurrent(at(start, c), `s${c}`, shape)}`),
  ];
}
