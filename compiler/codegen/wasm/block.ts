import { extremesOf } from '../../analysis/extremes.js';
import type { MicroKernel } from '../../levels/micro/micro.js';
import { type Delivery, deliveryKernel } from './delivery.js';
import { FunctionBuilder } from './function-builder.js';
import { shiftFields } from './integer-kernel.js';
import type { WasmFunction } from './module.js';
import { type KernelRanges, type NarrowKernel, narrowKernel, type Range } from './narrow.js';
import { get } from './node.js';
import type { Packed, PackedBytes } from './packed.js';
import { quietOf } from './quiet.js';
import {
  type DrawScratch,
  emitSynapseSweep,
  type Rows,
  type SweepField,
  TAIL_MASKS,
} from './sweep.js';

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
  const start = (columns[0] ?? 0) - first;
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
  return Math.max(0, ...counts.values());
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

/** Scratch for the draws of blocks that run one after the other, by the number of the draw. */
export function placeScratch(
  blocks: readonly { readonly rows: number; readonly count: number }[],
  place: PlaceConstants,
): (draw: number) => DrawScratch {
  const most = (of: (block: { rows: number; count: number }) => number): number =>
    blocks.reduce((m, block) => Math.max(m, of(block)), 0);
  const rows = most((b) => b.rows) + 4;
  // Bytes are drawn sixteen at a time, from a multiple of 4 on.
  const count = most((b) => b.count) + 32;
  const known = new Map<number, DrawScratch>();
  return (draw) => {
    const found = known.get(draw);
    if (found) return found;
    const scratch = {
      a: place(new Int32Array(rows), 4),
      b: place(new Int32Array(rows), 4),
      bytes: place(new Int8Array(count), 1),
    };
    known.set(draw, scratch);
    return scratch;
  };
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
 * `NAME(seed, step, all)`: runs a rule on every synapse. Where `all` is 0, synapses that the rule leaves as they are may be
 * passed over: those must have been brought into the rule's bounds before.
 */
export function emitLearning(
  name: string,
  rows: Rows,
  rule: BlockRule,
  places: {
    readonly fields: ReadonlyMap<string, SweepField>;
    readonly projection: number;
    readonly first: number;
    readonly limited?: number;
    readonly scratch: (draw: number) => DrawScratch;
    table(entries: readonly number[]): number;
  },
): WasmFunction {
  const f = new FunctionBuilder(name);
  const seed = f.parameter('seed');
  const step = f.parameter('step');
  const all = f.parameter('all');
  const { fields, projection, first, limited, table } = places;
  const known = new Map<string, SweepField>(fields);
  for (const [field, at] of rule.coefficients) known.set(field, { kind: 'synapse', at });
  const when = quietOf(rule.kernel, (field) => {
    const { kind } = known.get(field)!;
    if (kind === 'total') throw new Error(`${field} is never read`);
    return kind;
  });
  const sweep = {
    kernel: rule.kernel,
    fields: known,
    ...(when ? { quiet: { when, all } } : {}),
    draws: { seed, step, projection, first, scratch: places.scratch },
    ...(limited === undefined ? {} : { limited }),
    table,
  };
  emitSynapseSweep(f, sweep, rows);
  return f.finish();
}
