import { extremesOf } from '../../analysis/extremes.js';
import type { MicroKernel } from '../../levels/micro/micro.js';
import type { Range } from '../../levels/numbers/format.js';
import { type Delivery, deliveryKernel } from './delivery.js';
import { emitDrawRows, emitDrawStep } from './draws.js';
import { FunctionBuilder } from './function-builder.js';
import { shiftFields } from './integer-kernel.js';
import type { WasmFunction } from './module.js';
import { type KernelRanges, type NarrowKernel, narrowKernel } from './narrow.js';
import { get } from './node.js';
import type { Packed, PackedBytes } from './packed.js';
import { quietOf } from './quiet.js';
import { emitNeuronSweep, emitSynapseSweep, type Rows, type SweepField } from './sweep.js';
import { TAIL_MASKS } from './sweep-writer.js';

/** Puts integers that never change into the memory. */
export type PlaceConstants = (values: ArrayLike<number>, least?: PackedBytes) => Packed;

/** Synapses by row, and the neurons on which they end, numbered from `first` of the arrays of their group. */
export interface BlockShape {
  readonly rowStart: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
  readonly first: number;
}

/** How the rows of synapses are walked; undefined where a row has two synapses on one neuron. */
export function rowsOf(shape: BlockShape, place: PlaceConstants): Rows | undefined {
  const { rowStart, columns, first } = shape;
  const pre = rowStart.length - 1;
  const start = columns.length === 0 ? 0 : columns[0]! - first;
  const count = pre === 0 ? 0 : rowStart[1]! - rowStart[0]!;
  let dense = true;
  for (let row = 0; row < pre; row++) {
    const from = rowStart[row]!;
    const size = rowStart[row + 1]! - from;
    if (size !== count) dense = false;
    for (let k = from; k < rowStart[row + 1]!; k++) {
      if (k > from && columns[k]! <= columns[k - 1]!) return undefined;
      if (columns[k]! - first !== start + k - from) dense = false;
    }
  }
  if (dense) return { kind: 'dense', pre, start, count };
  return {
    kind: 'sparse',
    pre,
    rowStart: place(rowStart, 4),
    columns: place(
      Int32Array.from(columns, (c) => c - first),
      4,
    ),
    masks: place(TAIL_MASKS, 2),
  };
}

/** The most synapses that end on one neuron. */
export function fanInOf({ columns, first }: BlockShape): number {
  const counts = new Map<number, number>();
  for (let k = 0; k < columns.length; k++) {
    const post = columns[k]! - first;
    counts.set(post, (counts.get(post) ?? 0) + 1);
  }
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return most;
}

/** `NAME(payload, into)`: delivers payloads over synapses into accumulators, both by address; gives the synapses that had work. */
export function emitDelivery(
  name: string,
  rows: Rows,
  delivery: Delivery,
  places: {
    readonly weight: Packed;
    readonly payload: Packed;
    readonly sum: Packed;
    readonly limited?: number;
  },
): WasmFunction {
  const f = new FunctionBuilder(name);
  const payload = f.parameter('payload');
  const into = f.parameter('into');
  const fields = new Map<string, SweepField>([
    ['payload', { kind: 'pre', at: { ...places.payload, offset: 0 }, base: payload }],
    ['sum', { kind: 'post', at: { ...places.sum, offset: 0 }, base: into }],
    ['weight', { kind: 'synapse', at: places.weight }],
  ]);
  const { limited } = places;
  const sweep = {
    kernel: deliveryKernel(delivery),
    fields,
    ...(limited === undefined ? {} : { limited }),
    table: noTable,
  };
  const visited = emitSynapseSweep(f, sweep, rows, 'payload');
  return f.finish(get(visited));
}

function noTable(): never {
  throw new Error('a delivery looks nothing up');
}

/** Room that blocks use one after the other: bytes of the draws of a row, bits of both sides. */
export interface BlockScratch {
  readonly bytes: (draw: number) => Packed;
  readonly pre: Packed;
  readonly post: Packed;
}

/** Room for blocks of at most so many rows and postsynaptic neurons. */
export function placeScratch(
  blocks: readonly { readonly rows: number; readonly posts: number }[],
  place: PlaceConstants,
): BlockScratch {
  const most = (of: (block: { rows: number; posts: number }) => number): number =>
    blocks.reduce((m, block) => Math.max(m, of(block)), 0);
  const bytes = new Map<number, Packed>();
  return {
    bytes: (draw) => {
      // Of a row, sixteen at a time from a multiple of 4 on; or of all rows, eight each, four rows at a time.
      const room = most(({ rows, posts }) => Math.max(posts + 32, 8 * (rows + 4)));
      const known = bytes.get(draw) ?? place(new Int8Array(room), 1);
      bytes.set(draw, known);
      return known;
    },
    pre: place(new Int8Array(most((b) => b.rows)), 1),
    post: place(new Int8Array(most((b) => b.posts)), 1),
  };
}

/** The states of the draws of every row of a projection, by the number of the draw: two arrays of words. */
export type RowStates = (draw: number) => { readonly a: Packed; readonly b: Packed };

/** Places the states of a projection as they are asked for; `made` has those that were. */
export function placeRowStates(
  rows: number,
  place: PlaceConstants,
): { readonly states: RowStates; readonly made: ReadonlyMap<number, ReturnType<RowStates>> } {
  const made = new Map<number, ReturnType<RowStates>>();
  const words = (): Packed => place(new Int32Array(rows + 4), 4);
  const states: RowStates = (draw) => {
    const known = made.get(draw) ?? { a: words(), b: words() };
    made.set(draw, known);
    return known;
  };
  return { states, made };
}

/** `NAME(seed, step)`: the states of the draws of all rows of a projection, before its blocks learn. */
export function emitRowStates(
  name: string,
  projection: number,
  rows: number,
  made: ReadonlyMap<number, ReturnType<RowStates>>,
): WasmFunction {
  const f = new FunctionBuilder(name);
  const words = { seed: get(f.parameter('seed')), step: get(f.parameter('step')) };
  for (const [draw, into] of made) {
    emitDrawRows(f, emitDrawStep(f, words, projection, draw), rows, into);
  }
  return f.finish();
}

/** The coefficients of synapses: by name one integer per profile, and the profile of each synapse. */
export interface BlockCoefficients {
  readonly values: ReadonlyMap<string, ArrayLike<number>>;
  readonly profiles: ArrayLike<number>;
}

/** A rule made for the coefficients of a block: its kernel, and the arrays that it reads. */
export interface BlockRule extends NarrowKernel {
  readonly coefficients: ReadonlyMap<string, Packed>;
}

/** Fits a rule to the coefficients of its synapses, and places those that vary. */
export function fitRule(
  rule: MicroKernel,
  given: BlockCoefficients,
  fields: (name: string) => Range,
  place: PlaceConstants,
  keepLimits = false,
): BlockRule {
  const scaled = new Map<string, Float64Array>();
  const spans = new Map<string, Range>();
  const spanOf = (name: string, values: ArrayLike<number>): Range => {
    const known = spans.get(name);
    if (known) return known;
    const span = values.length === 0 ? ([0, 0] as const) : extremesOf(values);
    spans.set(name, span);
    return span;
  };
  const ranges: KernelRanges = {
    keepLimits,
    field: (name) => {
      const values = given.values.get(name) ?? scaled.get(name);
      return values ? spanOf(name, values) : fields(name);
    },
    scaled: (mantissa, exponent) => {
      const [m, e] = [given.values.get(mantissa), given.values.get(exponent)];
      if (!m || !e) return undefined;
      const name = `${mantissa} · 2^${exponent}`;
      scaled.set(
        name,
        Float64Array.from(m, (value, profile) => value * 2 ** e[profile]!),
      );
      return name;
    },
  };
  const narrow = narrowKernel(rule, ranges);
  const { kernel } = narrow;
  const powers = shiftFields(kernel);
  const coefficients = new Map<string, Packed>();
  for (const o of kernel.operations) {
    if (o.kind !== 'load' || coefficients.has(o.field)) continue;
    const values = given.values.get(o.field) ?? scaled.get(o.field);
    if (!values) continue;
    const value = powers.has(o.field)
      ? (profile: number): number => 2 ** values[profile]!
      : (profile: number): number => values[profile]!;
    coefficients.set(o.field, place(Float64Array.from(given.profiles, value)));
  }
  return { ...narrow, coefficients };
}

/**
 * `NAME(all)`: runs a rule on every synapse. Where `all` is 0, synapses that the rule leaves as they are may be passed over:
 * those must have been brought into the rule's bounds before.
 */
export function emitLearning(
  name: string,
  rows: Rows,
  rule: BlockRule,
  places: {
    readonly fields: ReadonlyMap<string, SweepField>;
    /** The number of the first postsynaptic neuron, and how many there are. */
    readonly first: number;
    readonly posts: number;
    readonly limited?: number;
    readonly states: RowStates;
    readonly scratch: BlockScratch;
    table(entries: readonly number[]): number;
  },
): WasmFunction {
  const f = new FunctionBuilder(name);
  const all = f.parameter('all');
  const { first, posts, limited, table, scratch, states } = places;
  const fields = new Map<string, SweepField>(places.fields);
  for (const [field, at] of rule.coefficients) fields.set(field, { kind: 'synapse', at });
  const quiet = quietOf(rule.kernel, (field) => {
    const { kind } = fields.get(field)!;
    if (kind === 'total') throw new Error(`${field} is never read`);
    return kind;
  });
  const bits = (kernel: MicroKernel, side: 'pre' | 'post', count: number): void => {
    const own = new Map<string, SweepField>([['bits', { kind: 'post', at: scratch[side] }]]);
    for (const [field, place] of fields) {
      if (place.kind === side) own.set(field, { kind: 'post', at: place.at });
      else if (place.kind === 'scalar') own.set(field, place);
    }
    emitNeuronSweep(f, { kernel, fields: own, table }, count);
  };
  if (quiet) {
    bits(quiet.pre, 'pre', rows.pre);
    bits(quiet.post, 'post', posts);
  }
  const sweep = {
    kernel: rule.kernel,
    fields,
    ...(quiet ? { gate: { pre: scratch.pre, post: scratch.post, posts, all } } : {}),
    draws: {
      first,
      rows: rows.pre,
      of: (draw: number) => ({ ...states(draw), bytes: scratch.bytes(draw) }),
    },
    ...(limited === undefined ? {} : { limited }),
    table,
  };
  emitSynapseSweep(f, sweep, rows);
  return f.finish();
}
