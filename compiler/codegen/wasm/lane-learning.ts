import { type MicroKernel, operandsOf } from '../../levels/micro/micro.js';
import { FunctionBuilder } from './function-builder.js';
import {
  emitKnownValues,
  emitLaneKernel,
  type KernelPlaces,
  type KnownValues,
} from './integer-kernel.js';
import { LaneArithmetic, type Lanes } from './integer-value.js';
import { emitRows } from './lanes.js';
import { type Placed, VECTOR } from './layout.js';
import type { WasmFunction } from './module.js';
import { get, i32, type Local, load, type Node, operation } from './node.js';

/** Where a rule of four members finds things. */
export interface LearningPlaces {
  /** Fields of the neurons before and after. */
  pre(field: string): Placed;
  post(field: string): Placed;
  /** Fields of the synapses: of 16 bits per lane only where `post` is even and the projection dense. */
  own(field: string): Placed;
  readonly modulator: Placed;
  /** Of a sparse projection. */
  readonly rows: { readonly rowStart: Placed; readonly columns: Placed } | undefined;
  readonly sizes: { readonly pre: number; readonly post: number };
  /** By the number of a rounding, how many bytes after the step's draws its own start. */
  readonly draws: ReadonlyMap<number, number>;
  /** Room for four lanes of 32 bits per element. */
  scratch(length: number): Placed;
  table(entries: readonly number[]): number;
}

/** The function that runs a rule on all synapses of a projection; it takes the address of the step's draws. */
export function emitLaneLearning(
  name: string,
  kernel: MicroKernel,
  places: LearningPlaces,
): WasmFunction {
  return new LearningWriter(name, kernel, places).write();
}

class LearningWriter {
  private readonly f: FunctionBuilder;
  private readonly draw: Local;
  /** The offset of the presynaptic neuron. */
  private readonly x: Local;

  constructor(
    name: string,
    private readonly kernel: MicroKernel,
    private readonly places: LearningPlaces,
  ) {
    this.f = new FunctionBuilder(name);
    this.draw = this.f.parameter('draws');
    this.x = this.f.keep(i32(0), 'x');
  }

  write(): WasmFunction {
    const { f, places, x, draw } = this;
    const { rows, sizes } = places;
    if (rows) {
      emitRows(f, rows, sizes.pre, {
        row: () => {
          const known = this.emitRow(1);
          f.advance(x, VECTOR);
          return known;
        },
        synapse: (known, at, column) => {
          this.emitSynapses(known, { at, half: at, column, count: 1, ahead: 0 });
          f.advance(draw, 4);
        },
      });
      return f.finish();
    }
    const size = sizes.post;
    // Two synapses of four members are eight lanes.
    const count = size % 2 === 0 ? 2 : 1;
    const at = f.keep(i32(0), 'synapse');
    const half = f.keep(i32(0), 'half');
    const posts = count === 2 ? this.emitPosts() : [];
    f.loop(sizes.pre, () => {
      const known = this.emitRow(count);
      f.advance(x, VECTOR);
      const column = f.keep(i32(0), 'column');
      const pointers = [
        ...[at, column].map((local) => ({ local, stride: count * VECTOR })),
        { local: half, stride: (count * VECTOR) / 2 },
        { local: draw, stride: count * 4 },
      ];
      f.unrolled(size / count, pointers, (element) => {
        const ahead = element * count;
        const values = known.values.slice();
        for (const { index, load } of posts) values[index] = load(column, ahead);
        const all = { ...known, values };
        this.emitSynapses(all, { at, half, column, count, ahead });
      });
    });
    return f.finish();
  }

  /** What all synapses of a row share, computed once. */
  private emitRow(count: SynapseCount): KnownValues {
    const { f, kernel, x } = this;
    const places: KernelPlaces = {
      lanes: count === 2 ? 8 : 4,
      load: (field, a) => {
        const { offset } =
          field === 'modulator' ? this.places.modulator : this.places.pre(field.slice(4));
        const vector = f.keep(f.load(field === 'modulator' ? i32(0) : get(x), offset), field);
        return a.of(
          32,
          Array.from({ length: count }, () => get(vector)),
        );
      },
      store: notInRow,
      power: notInRow,
      random: notInRow,
      table: this.places.table,
    };
    const isKnown = (field: string): boolean => field === 'modulator' || field.startsWith('pre.');
    return emitKnownValues(f, kernel, places, isKnown);
  }

  /** What depends on a postsynaptic neuron alone, computed for pairs of them before all rows: the operations, and their loads. */
  private emitPosts(): readonly KnownPost[] {
    const { f, kernel } = this;
    const size = this.places.sizes.post;
    const column = f.keep(i32(0), 'column');
    const vectors = (bytes: number, offset: number): Node[] =>
      Array.from({ length: bytes / VECTOR }, (_, i) => f.load(get(column), offset + i * VECTOR));
    const places: KernelPlaces = {
      lanes: 8,
      load: (field, a) => {
        const { offset } = this.places.post(field.slice(5));
        return a.of(32, vectors(2 * VECTOR, offset));
      },
      store: notInRow,
      power: notInRow,
      random: notInRow,
      table: this.places.table,
    };
    const arithmetic = new LaneArithmetic(f, 8);
    const posts: KnownPost[] = [];
    f.loop(size / 2, () => {
      const { values } = emitKnownValues(f, kernel, places, (field) => field.startsWith('post.'));
      for (const [index, value] of values.entries()) {
        const read = kernel.operations.some((o, i) => !values[i] && operandsOf(o).includes(index));
        if (!value || value.bits === 64 || !read) continue;
        const { offset } = this.places.scratch(size);
        for (const [i, part] of value.parts.entries()) {
          f.store(get(column), get(part), offset + i * VECTOR);
        }
        const load = (at: Local, ahead: number): Lanes =>
          arithmetic.of(
            value.bits,
            value.parts.map((_, i) => f.load(get(at), offset + (ahead + i) * VECTOR)),
          );
        posts.push({ index, load });
      }
      f.advance(column, 2 * VECTOR);
    });
    return posts;
  }

  /** Learns one synapse, or two that lie side by side, of all members. */
  private emitSynapses(known: KnownValues, { at, half, column, count, ahead }: Synapses): void {
    const { f, kernel, draw } = this;
    const { own, draws } = this.places;
    const vectors = (address: Local, { offset }: Placed): Node[] =>
      Array.from({ length: count }, (_, i) => f.load(get(address), offset + (ahead + i) * VECTOR));
    const lanes = (field: string, a: LaneArithmetic): Lanes => {
      if (!field.startsWith('post.')) {
        const placed = own(field);
        if (placed.stride === VECTOR) return a.of(32, vectors(at, placed));
        return a.of(16, [f.load(get(half), placed.offset + ahead * placed.stride)]);
      }
      return a.of(32, vectors(column, this.places.post(field.slice(5))));
    };
    const places: KernelPlaces = {
      lanes: count === 2 ? 8 : 4,
      load: lanes,
      power: lanes,
      store: (field, value, a) => {
        const { offset, stride } = own(field);
        const short = stride !== VECTOR;
        for (const [i, part] of a.to(value, short ? 16 : 32).parts.entries()) {
          f.store(get(short ? half : at), get(part), offset + ahead * stride + i * VECTOR);
        }
      },
      random: (o, bits, a) => {
        const offset = draws.get(o)! + ahead * 4;
        if (count === 2 && bits < 16) {
          const pair = f.keep(load('v128.load64_splat', get(draw), offset), 'pair');
          const high = operation('i8x16.shuffle', [get(pair), get(pair)], HIGH_HALVES);
          return a.of(16, [operation('i16x8.shr_u', [high, i32(16 - bits)])]);
        }
        const words = Array.from({ length: count }, (_, i) =>
          load('v128.load32_splat', get(draw), offset + i * 4),
        );
        return a.high(a.of(32, words), bits);
      },
      table: this.places.table,
    };
    emitLaneKernel(f, kernel, places, known);
  }
}

type SynapseCount = 1 | 2;

/** A value of a rule that lies in memory, for two neurons `ahead` of the offset of one. */
interface KnownPost {
  readonly index: number;
  load(column: Local, ahead: number): Lanes;
}

/** Synapses that are learned at once: `ahead` of the locals that hold the offsets of the first and of its neuron. */
interface Synapses {
  readonly at: Local;
  /** Half of `at`: where lanes have 16 bits. */
  readonly half: Local;
  readonly column: Local;
  readonly count: SynapseCount;
  readonly ahead: number;
}

/** The high halves of two words, each four times. */
const HIGH_HALVES = [2, 3, 2, 3, 2, 3, 2, 3, 6, 7, 6, 7, 6, 7, 6, 7];

function notInRow(): never {
  throw new Error('what synapses share is loaded and computed');
}
