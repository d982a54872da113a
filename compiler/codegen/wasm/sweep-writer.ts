import { SHARED_BITS } from '../../levels/numbers/draw.js';
import {
  emitDrawBytes,
  emitDrawPairs,
  emitDrawPost,
  emitDrawRounding,
  type RowVectors,
  roundingsOf,
} from './draws.js';
import type { FunctionBuilder } from './function-builder.js';
import { type KernelPlaces, KernelWriter } from './integer-kernel.js';
import { LaneArithmetic, type Lanes } from './integer-value.js';
import {
  get,
  i32,
  i32x4,
  i64,
  type Local,
  lanesOf16,
  lanesOf32,
  load,
  type Node,
  operation,
  store,
} from './node.js';
import type { Packed } from './packed.js';

import type { Gate, PlacedField, Sweep } from './sweep.js';

/** Neurons or synapses that a vector holds. */
export const VECTOR_LANES = 8;

const LOADS = { 1: 'i32.load8_s', 2: 'i32.load16_s', 4: 'i32.load' } as const;
const STORES = { 1: 'i32.store8', 2: 'i32.store16', 4: 'i32.store' } as const;

/** The masks that `Rows.masks` points to: of the first n of eight 16-bit lanes, for n from 0 to 7. */
export const TAIL_MASKS: readonly number[] = Array.from(
  { length: VECTOR_LANES * VECTOR_LANES },
  (_, i) => (i % VECTOR_LANES < Math.floor(i / VECTOR_LANES) ? -1 : 0),
);

/** Eight neurons or synapses: element numbers, and which of them exist when not all do. */
export interface Place {
  readonly post?: Local;
  readonly synapse: Local;
  /** Postsynaptic neurons by synapse. */
  readonly columns?: Packed;
  readonly mask?: Local | undefined;
  /** How many exist, where that is known beforehand. */
  readonly count?: number;
  readonly end?: Local;
}

/** Writes what a sweep does at a row and at a vector of its neurons or synapses. */
export class SweepWriter {
  private readonly arithmetic: LaneArithmetic;
  private readonly rowValues = new Map<string, Lanes>();
  /** By the number of a draw: the bits that it rounds, and the state of a row. */
  private readonly roundings: ReadonlyMap<number, number>;
  private readonly rowDraws = new Map<number, RowVectors>();
  private readonly totals = new Map<number, Local>();
  /** With a gate: the bits of all postsynaptic neurons together, and those of a row. */
  private postBits: Local | undefined;
  private rowBits: Local | undefined;
  /** Fields that the kernel reads. */
  private readonly read: ReadonlySet<string>;
  /** Whether a vector holds all neurons on which rows end: their fields then stay in locals from row to row. */
  readonly single: boolean;
  private readonly held = new Map<string, Lanes>();
  private rowNumber: Local | undefined;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly sweep: Sweep,
    /** The neurons on which every row ends, where they are the same. */
    private readonly dense?: { readonly start: number; readonly count: number },
  ) {
    this.arithmetic = new LaneArithmetic(f, VECTOR_LANES);
    this.roundings = roundingsOf(sweep.kernel);
    this.single = dense !== undefined && dense.count <= VECTOR_LANES;
    const { operations } = sweep.kernel;
    this.read = new Set(operations.flatMap((o) => (o.kind === 'load' ? [o.field] : [])));
  }

  /** Starts totals, and reads what is the same everywhere. */
  begin(): void {
    const { f, sweep } = this;
    const totals = [...sweep.fields.values()].flatMap((p) => (p.kind === 'total' ? [p.word] : []));
    if (sweep.limited !== undefined) totals.push(sweep.limited);
    for (const word of totals) {
      const local: Local = { name: 'total', type: 'v128' };
      f.set(local, i32x4(0));
      this.totals.set(word, local);
    }
    const zero = f.keep(i32(0), 'zero');
    for (const [name, field] of sweep.fields) {
      if (field.kind === 'scalar' && this.read.has(name))
        this.rowValues.set(name, this.splat(name, zero));
    }
    if (sweep.gate) this.postBits = this.gatherBits(sweep.gate);
    if (this.single) this.hold();
  }

  /** Reads the fields of the only vector of neurons, and draws for all rows at once. */
  private hold(): void {
    const { f, sweep, dense, read } = this;
    const start = f.keep(i32(dense!.start), 'start');
    for (const [name, field] of sweep.fields) {
      if (field.kind !== 'post' || !read.has(name)) continue;
      const { bits, parts } = this.read8(field, get(start));
      this.held.set(name, { bits, parts: parts.map((part) => f.keep(get(part), name)) });
    }
    for (const draw of this.roundings.keys()) {
      if (!this.drawsFlat(draw)) continue;
      const { a, b, bytes } = sweep.draws!.of(draw);
      emitDrawPairs(f, { a, b, rows: sweep.draws!.rows }, this.alignment(dense!).first, bytes);
    }
  }

  /** Whether a draw has two words in every row, made for all rows before the sweep. */
  private drawsFlat(draw: number): boolean {
    const { dense, sweep, roundings } = this;
    if (!this.single || sweep.gate || roundings.get(draw)! > SHARED_BITS) return false;
    return this.alignment(dense!).skipped === 0;
  }

  /** All bits of the postsynaptic neurons, in a byte of 64 bits or another. */
  private gatherBits({ post, posts }: Gate): Local {
    const { f } = this;
    const all = f.keep(i64(0), 'bits');
    const at = f.keep(i32(0), 'at');
    f.loop(Math.ceil(posts / VECTOR_LANES), () => {
      f.set(all, operation('i64.or', [get(all), load('i64.load', get(at), post.offset)]));
      f.advance(at, VECTOR_LANES);
    });
    return all;
  }

  /** Adds totals to their words. */
  end(): void {
    const { f } = this;
    this.release();
    for (const [word, total] of this.totals) {
      const lane = (n: number): Node => operation('i32x4.extract_lane', [get(total)], [n]);
      const sum = [1, 2, 3].reduce((s, n) => operation('i32.add', [s, lane(n)]), lane(0));
      const old = load('i32.load', i32(0), word);
      f.add(store('i32.store', i32(0), operation('i32.add', [old, sum]), word));
    }
  }

  /** Puts what was held back where it belongs, where the kernel stores it. */
  private release(): void {
    const { f, sweep, dense } = this;
    const stored = new Set(
      sweep.kernel.operations.flatMap((o) => (o.kind === 'store' ? [o.field] : [])),
    );
    for (const [name, value] of this.held) {
      if (!stored.has(name)) continue;
      this.held.delete(name);
      const post = f.keep(i32(dense!.start), 'start');
      this.store(name, value, { post, synapse: post, mask: this.tailMask(dense!.count) });
    }
  }

  /** Which lanes of the last vector of `count` elements exist; undefined when all do. */
  private tailMask(count: number): Local | undefined {
    const rest = count % VECTOR_LANES;
    if (rest === 0) return undefined;
    const masks = TAIL_MASKS.slice(rest * VECTOR_LANES, (rest + 1) * VECTOR_LANES);
    return this.f.constant(lanesOf16(masks));
  }

  /** `count` elements from where `at` stands, in vectors; the last one has a mask when it is not full. */
  vectors(count: number, at: Local, body: (mask?: Local) => void): void {
    const { f } = this;
    f.loop(Math.floor(count / VECTOR_LANES), () => {
      body();
      f.advance(at, VECTOR_LANES);
    });
    const mask = this.tailMask(count);
    if (mask) body(mask);
  }

  /** Reads what a row has, its fields and the state of its draws, and goes through its synapses. */
  row(row: Local, synapses: () => void): void {
    const { f, sweep } = this;
    this.rowNumber = row;
    const visit = (): void => {
      for (const [name, field] of sweep.fields) {
        if (field.kind === 'pre' && this.read.has(name))
          this.rowValues.set(name, this.splat(name, row));
      }
      this.drawRow(row);
      synapses();
    };
    const { gate } = sweep;
    if (!gate) return visit();
    // The byte of the row, eight times.
    const byte = operation('i64.extend_i32_u', [load('i32.load8_u', get(row), gate.pre.offset)]);
    this.rowBits = f.keep(operation('i64.mul', [byte, i64(0x0101010101010101n)]), 'bits');
    f.if(this.open(gate, get(this.postBits!)), visit);
  }

  /** Whether a row and some neurons have a bit in common, or all synapses are visited. */
  private open({ all }: Gate, bits: Node): Node {
    const common = operation('i64.and', [bits, get(this.rowBits!)]);
    return operation('i32.or', [operation('i64.ne', [common, i64(0)]), get(all)]);
  }

  /** One integer of a field. */
  scalar(name: string, index: Local): Node {
    const field = this.field(name);
    const { at } = field;
    return load(LOADS[at.bytes], this.address(field, get(index)), at.offset);
  }

  body(place: Place): void {
    const { f, sweep } = this;
    const limited: Lanes[] = [];
    const writer = new KernelWriter(f, sweep.kernel, this.placesOf(place, limited));
    const write = (): void => {
      writer.write();
      const [first, ...more] = limited;
      if (!first) return;
      const all = more.reduce((sum, mask) => this.arithmetic.sum(sum, mask), first);
      this.count(sweep.limited!, all, place, 'i32x4.sub');
    };
    const { gate } = sweep;
    if (!gate || !place.post) return write();
    f.if(this.open(gate, load('i64.load', get(place.post), gate.post.offset)), write);
  }

  /** Where a kernel finds things at a place. */
  private placesOf(place: Place, limited: Lanes[]): KernelPlaces {
    const { sweep } = this;
    return {
      lanes: VECTOR_LANES,
      load: (name) => this.load(name, place),
      power: (name) => this.load(name, place),
      store: (name, value) => this.store(name, value, place),
      random: (draw, bits) => this.random(draw, bits, place),
      table: (entries) => sweep.table(entries),
      ...(sweep.limited === undefined
        ? {}
        : { limited: (mask: Lanes): number => limited.push(this.arithmetic.to(mask, 16)) }),
    };
  }

  private splat(name: string, index: Local): Lanes {
    return this.arithmetic.splat(
      this.scalar(name, index),
      this.field(name).at.bytes === 4 ? 32 : 16,
    );
  }

  private load(name: string, place: Place): Lanes {
    const known = this.rowValues.get(name);
    if (known) return known;
    const held = this.held.get(name);
    if (held) return { ...held, parts: held.parts.map((part) => this.f.keep(get(part), name)) };
    const field = this.field(name);
    if (field.kind === 'post' && place.columns) return this.gather(field, place);
    return this.read8(field, get(this.element(field, place)));
  }

  /** Eight integers from an element on. */
  private read8(field: PlacedField, element: Node): Lanes {
    const { bytes, offset } = field.at;
    const address = this.address(field, element);
    if (bytes === 1) return this.arithmetic.of(16, [load('v128.load8x8_s', address, offset)]);
    if (bytes === 2) return this.arithmetic.of(16, [load('v128.load', address, offset)]);
    return this.arithmetic.of(32, [
      load('v128.load', address, offset),
      load('v128.load', address, offset + 16),
    ]);
  }

  private store(name: string, value: Lanes, place: Place): void {
    const found = this.sweep.fields.get(name);
    if (found?.kind === 'total') {
      this.count(found.word, this.arithmetic.to(value, 16), place, 'i32x4.add');
      return;
    }
    const { f, arithmetic } = this;
    const held = this.held.get(name);
    if (held) {
      const { parts } = arithmetic.to(value, held.bits);
      for (const [i, part] of held.parts.entries()) f.set(part, get(parts[i]!));
      return;
    }
    const field = this.field(name);
    if (field.kind === 'post' && place.columns) return this.scatter(field, value, place);
    const { bytes, offset } = field.at;
    const address = this.address(field, get(this.element(field, place)));
    if (place.mask && field.shared) return this.storeLanes(field, value, place);
    const mask = place.mask && { bits: 16 as const, parts: [place.mask] };
    const kept = mask ? arithmetic.select(mask, value, this.load(name, place)) : value;
    const { parts } = arithmetic.to(kept, bytes === 4 ? 32 : 16);
    const [first, second] = parts.map((part) => get(part)) as [Node, Node];
    if (bytes === 1) {
      const narrow = operation('i8x16.narrow_i16x8_s', [first, first]);
      f.add(store('v128.store64_lane', address, narrow, offset));
      return;
    }
    f.store(address, first, offset);
    if (bytes === 4) f.store(address, second, offset + 16);
  }

  /** Stores the lanes that exist and touches nothing else. */
  private storeLanes(field: PlacedField, value: Lanes, place: Place): void {
    const { bytes, offset } = field.at;
    const address = this.address(field, get(this.element(field, place)));
    const { parts } = this.arithmetic.to(value, 32);
    for (let lane = 0; lane < place.count!; lane++) {
      const entry = operation('i32x4.extract_lane', [get(parts[lane >> 2]!)], [lane & 3]);
      this.f.add(store(STORES[bytes], address, entry, offset + lane * bytes));
    }
  }

  /** Adds what eight 16-bit lanes hold to a total. */
  private count(
    word: number,
    value: Lanes,
    { mask }: Place,
    name: 'i32x4.add' | 'i32x4.sub',
  ): void {
    const all = get(value.parts[0]!);
    const counted = mask ? operation('v128.and', [all, get(mask)]) : all;
    const total = this.totals.get(word)!;
    const pairs = operation('i32x4.extadd_pairwise_i16x8_s', [counted]);
    this.f.set(total, operation(name, [get(total), pairs]));
  }

  private gather(field: PlacedField, place: Place): Lanes {
    const { bytes, offset } = field.at;
    const entry = (lane: number): Node =>
      load(LOADS[bytes], this.address(field, this.column(place, lane)), offset);
    if (bytes < 4) {
      let vector: Node = operation('i16x8.splat', [entry(0)]);
      for (let lane = 1; lane < VECTOR_LANES; lane++) {
        vector = operation('i16x8.replace_lane', [vector, entry(lane)], [lane]);
      }
      return this.arithmetic.of(16, [vector]);
    }
    const half = (first: number): Node => {
      let vector: Node = operation('i32x4.splat', [entry(first)]);
      for (let lane = 1; lane < 4; lane++) {
        vector = operation('i32x4.replace_lane', [vector, entry(first + lane)], [lane]);
      }
      return vector;
    };
    return this.arithmetic.of(32, [half(0), half(4)]);
  }

  private scatter(field: PlacedField, value: Lanes, place: Place): void {
    const { f } = this;
    const { bytes, offset } = field.at;
    const { parts } = this.arithmetic.to(value, 32);
    for (let lane = 0; lane < VECTOR_LANES; lane++) {
      const entry = operation('i32x4.extract_lane', [get(parts[lane >> 2]!)], [lane & 3]);
      const address = this.address(field, this.column(place, lane));
      const put = (): void => f.add(store(STORES[bytes], address, entry, offset));
      if (!place.end) put();
      else {
        const number = operation('i32.add', [get(place.synapse), i32(lane)]);
        f.if(operation('i32.lt_s', [number, get(place.end)]), put);
      }
    }
  }

  private column({ synapse, columns }: Place, lane: number): Node {
    const word = operation('i32.shl', [get(synapse), i32(2)]);
    return load('i32.load', word, columns!.offset + 4 * lane);
  }

  /** Reads the states of a row; draws its bytes at once where no synapse is passed over. */
  private drawRow(row: Local): void {
    const { f, sweep, dense } = this;
    for (const [draw, bits] of this.roundings) {
      if (this.drawsFlat(draw)) continue;
      const { a, b, bytes } = sweep.draws!.of(draw);
      const word = operation('i32.shl', [get(row), i32(2)]);
      const state = {
        a: get(f.keep(load('v128.load32_splat', word, a.offset), 'a')),
        b: get(f.keep(load('v128.load32_splat', word, b.offset), 'b')),
      };
      this.rowDraws.set(draw, state);
      if (!dense || sweep.gate || bits > SHARED_BITS) continue;
      const { first, skipped } = this.alignment(dense);
      emitDrawBytes(f, state, first, dense.count + skipped, bytes);
    }
  }

  /** The multiple of 4 from which the bytes of a row are drawn, and how many of them come before its first neuron. */
  private alignment({ start }: { readonly start: number }): { first: number; skipped: number } {
    const post = this.sweep.draws!.first + start;
    return { first: post - (post % 4), skipped: post % 4 };
  }

  private random(draw: number, bits: number, place: Place): Lanes {
    const { f, arithmetic, sweep, dense } = this;
    if (this.drawsFlat(draw)) {
      const pair = operation('i32.shl', [get(this.rowNumber!), i32(3)]);
      const drawn = load('v128.load8x8_u', pair, sweep.draws!.of(draw).bytes.offset);
      return arithmetic.of(16, [operation('i16x8.shr_u', [drawn, i32(SHARED_BITS - bits)])]);
    }
    const row = this.rowDraws.get(draw)!;
    const { post, columns } = place;
    if (columns || !dense) return arithmetic.high(this.sparseDraws(row, bits, place), bits);
    if (bits > SHARED_BITS) {
      const posts = (half: number): Node => this.denseNumbers(post!, sweep.draws!.first + 4 * half);
      const words = [emitDrawPost(f, row, posts(0)), emitDrawPost(f, row, posts(1))];
      return arithmetic.high(arithmetic.of(32, words), bits);
    }
    const { first, skipped } = this.alignment(dense);
    let bytes: Node;
    if (sweep.gate) {
      // Sixteen bytes from the word of the first neuron on.
      const word = operation('i32.shr_u', [
        operation('i32.add', [get(post!), i32(first - dense.start)]),
        i32(2),
      ]);
      const numbers = operation('i32x4.add', [
        operation('i32x4.splat', [word]),
        get(f.constant(lanesOf32([0, 1, 2, 3]))),
      ]);
      const drawn = f.keep(emitDrawPost(f, row, numbers), 'drawn');
      const order = Array.from({ length: 16 }, (_, i) => (i + skipped) % 16);
      const aligned =
        skipped === 0 ? get(drawn) : operation('i8x16.shuffle', [get(drawn), get(drawn)], order);
      bytes = operation('i16x8.extend_low_i8x16_u', [aligned]);
    } else {
      const { offset } = sweep.draws!.of(draw).bytes;
      bytes = load('v128.load8x8_u', get(post!), offset + skipped - dense.start);
    }
    return arithmetic.of(16, [operation('i16x8.shr_u', [bytes, i32(SHARED_BITS - bits)])]);
  }

  private sparseDraws(row: RowVectors, bits: number, { synapse, columns }: Place): Lanes {
    const { f, arithmetic, sweep } = this;
    const word = operation('i32.shl', [get(synapse), i32(2)]);
    const words = [0, 1].map((half) => {
      const read = load('v128.load', word, columns!.offset + 16 * half);
      const posts = operation('i32x4.add', [read, i32x4(sweep.draws!.first)]);
      return emitDrawRounding(f, row, posts, bits);
    });
    return arithmetic.of(32, words);
  }

  /** Four neurons from an element on. */
  private denseNumbers(post: Local, first: number): Node {
    const numbers = this.f.constant(lanesOf32([first, first + 1, first + 2, first + 3]));
    return operation('i32x4.add', [operation('i32x4.splat', [get(post)]), get(numbers)]);
  }

  private field(name: string): PlacedField {
    const field = this.sweep.fields.get(name);
    if (!field || field.kind === 'total') throw new Error(`there is no field ${name}`);
    return field;
  }

  private element({ kind }: PlacedField, place: Place): Local {
    return kind === 'post' ? place.post! : place.synapse;
  }

  /** The address of an element, without the offset. */
  private address({ at, base }: PlacedField, index: Node): Node {
    const shift = { 1: 0, 2: 1, 4: 2 }[at.bytes];
    const scaled = shift === 0 ? index : operation('i32.shl', [index, i32(shift)]);
    return base ? operation('i32.add', [get(base), scaled]) : scaled;
  }
}
