import type { MicroKernel } from '../../levels/micro/micro.js';
import type { FunctionBuilder } from './function-builder.js';
import { get, i32, type Local, load, type Node, operation } from './node.js';
import type { Packed } from './packed.js';
import { SweepWriter, VECTOR_LANES } from './sweep-writer.js';

/**
 * Where a field of a kernel lies. `pre` has one integer per row, `post` one per postsynaptic neuron, `synapse` one per synapse,
 * `scalar` one; what is stored to a `total` is added up in a 32-bit word. `base` is an address that a function is given, to
 * which `at.offset` is added.
 */
export type SweepField = PlacedField | { readonly kind: 'total'; readonly word: number };

export interface PlacedField {
  readonly kind: 'pre' | 'post' | 'synapse' | 'scalar';
  readonly at: Packed;
  readonly base?: Local;
  /** Whether others may write what lies behind the last element meanwhile: it is then stored lane by lane. */
  readonly shared?: boolean;
}

/** Synapses by presynaptic row. `dense`: every row ends on the same `count` neurons from `start` on. */
export type Rows = { readonly pre: number } & (
  | { readonly kind: 'dense'; readonly start: number; readonly count: number }
  /** `rowStart`, `columns`: 32-bit words; the columns of a row differ. */
  | {
      readonly kind: 'sparse';
      readonly rowStart: Packed;
      readonly columns: Packed;
      readonly masks: Packed;
    }
);

/** Bits of every presynaptic and every postsynaptic neuron, a byte each. */
export interface Gate {
  readonly pre: Packed;
  readonly post: Packed;
  /** Neurons that have a byte in `post`. */
  readonly posts: number;
  readonly all: Local;
}

/** The draws of a sweep: the number of the first postsynaptic neuron, and by the number of a draw where they come from. */
export interface SweepDraws {
  readonly first: number;
  readonly rows: number;
  readonly of: (draw: number) => DrawPlaces;
}

/** Words with the state of every row, and room for the bytes of one. */
export interface DrawPlaces {
  readonly a: Packed;
  readonly b: Packed;
  readonly bytes: Packed;
}

export interface Sweep {
  readonly kernel: MicroKernel;
  readonly fields: ReadonlyMap<string, SweepField>;
  /** Where limits that changed a value are counted; nowhere when absent. */
  readonly limited?: number;
  readonly draws?: SweepDraws;
  /** Synapses whose sides have no bit in common are passed over, unless `all` is not 0. */
  readonly gate?: Gate;
  /** The byte offset of a table's entries, 32 bits each. */
  table(entries: readonly number[]): number;
}

/** Runs a kernel for every neuron of a group, eight at a time. */
export function emitNeuronSweep(f: FunctionBuilder, sweep: Sweep, count: number): void {
  const writer = new SweepWriter(f, sweep);
  writer.begin();
  const at = f.keep(i32(0), 'neuron');
  writer.vectors(count, at, (mask) =>
    writer.body({ post: at, synapse: at, mask, count: count % VECTOR_LANES }),
  );
  writer.end();
}

/**
 * Runs a kernel for every synapse, row by row, eight at a time. With `when`, a field of the row, rows where it is 0 may be left
 * out, for they change nothing, and the synapses of the others are counted in the result.
 */
export function emitSynapseSweep(
  f: FunctionBuilder,
  sweep: Sweep,
  rows: Rows,
  when?: string,
): Local {
  const none = rows.kind === 'dense' && rows.count === 0;
  if (none) return f.keep(i32(0), 'visited');
  const writer = new SweepWriter(f, sweep, rows.kind === 'dense' ? rows : undefined);
  writer.begin();
  const visited = f.keep(i32(0), 'visited');
  const row = f.keep(i32(0), 'row');
  const synapse = f.keep(i32(0), 'synapse');
  f.loop(rows.pre, () => {
    const all = rows.kind === 'dense' ? denseRow(f, rows, synapse) : sparseRow(f, rows, row);
    const body = (): void => writer.row(row, () => all.visit(writer));
    if (when === undefined) body();
    else if (writer.single) {
      // A vector costs less than a branch that nobody foresees; it adds zeros.
      const active = operation('i32.ne', [writer.scalar(when, row), i32(0)]);
      f.advance(visited, operation('i32.mul', [active, get(all.count)]));
      body();
    } else {
      f.if(writer.scalar(when, row), () => {
        f.advance(visited, get(all.count));
        body();
      });
    }
    f.advance(row, 1);
    if (rows.kind === 'dense') f.advance(synapse, rows.count);
  });
  writer.end();
  return visited;
}

interface RowVisit {
  readonly count: Local;
  visit(writer: SweepWriter): void;
}

function denseRow(
  f: FunctionBuilder,
  { start, count }: Rows & { kind: 'dense' },
  first: Local,
): RowVisit {
  return {
    count: f.keep(i32(count), 'count'),
    visit: (writer) => {
      const post = f.keep(i32(start), 'post');
      const synapse = f.keep(get(first), 'synapse');
      writer.vectors(count, post, (mask) => {
        writer.body({ post, synapse, mask });
        f.advance(synapse, VECTOR_LANES);
      });
    },
  };
}

function sparseRow(
  f: FunctionBuilder,
  { rowStart, columns, masks }: Rows & { kind: 'sparse' },
  row: Local,
): RowVisit {
  const word = operation('i32.shl', [get(row), i32(2)]);
  const synapse = f.keep(load('i32.load', word, rowStart.offset), 'synapse');
  const end = f.keep(load('i32.load', word, rowStart.offset + 4), 'end');
  const left = (): Node => operation('i32.sub', [get(end), get(synapse)]);
  return {
    count: f.keep(left(), 'count'),
    visit: (writer) => {
      const full = (): Node => operation('i32.gt_s', [left(), i32(VECTOR_LANES - 1)]);
      f.if(full(), () => {
        f.repeat(() => {
          writer.body({ synapse, columns });
          f.advance(synapse, VECTOR_LANES);
        }, full);
      });
      f.if(left(), () => {
        const address = operation('i32.shl', [left(), i32(4)]);
        const mask = f.keep(load('v128.load', address, masks.offset), 'mask');
        writer.body({ synapse, columns, mask, end });
      });
    },
  };
}
