import type { FixedNetwork, FixedPopulation, FixedProjection } from '../../levels/fixed/fixed.js';
import { type MicroKernel, type MicroProgram, operandsOf } from '../../levels/micro/micro.js';
import { type Format, formatOfRange, maximumOf, minimumOf } from '../../levels/numbers/format.js';
import { emitDrawRow, emitDrawStep, emitDraws, roundingsOf } from './draws.js';
import { FunctionBuilder } from './function-builder.js';
import {
  emitKnownValues,
  emitLaneKernel,
  type KernelPlaces,
  type KnownValues,
  shiftFields,
} from './integer-kernel.js';
import { isNarrow, LaneArithmetic, type Lanes, signedWidth } from './integer-value.js';
import { fitLaneRule } from './lane-rule.js';
import { emitRows } from './lanes.js';
import { Layout, type Placed, VECTOR } from './layout.js';
import type { WasmFunction, WasmModule } from './module.js';
import { narrowKernel, type Range, rangeOfFormat } from './narrow.js';
import { get, i32, i32x4, type Local, load, type Node, operation } from './node.js';
import { StepWriter } from './step.js';

/**
 * Where the state of a FixedNetwork lies: by population or projection, then by field; four lanes each, of 32 bits, or of 16 for
 * synapses where the stride says so.
 */
export interface LaneIntegers {
  readonly module: WasmModule;
  readonly neurons: ReadonlyMap<string, ReadonlyMap<string, Placed>>;
  /** `weight` and the variables of the rule. */
  readonly synapses: ReadonlyMap<string, ReadonlyMap<string, Placed>>;
  /** Of every synapse, by projection and by what learning reads. */
  readonly coefficients: ReadonlyMap<string, ReadonlyMap<string, PlacedCoefficient>>;
  /** What is under way, slot by slot. */
  readonly lines: ReadonlyMap<string, readonly Placed[]>;
  readonly modulator: Placed;
  /** Bytes of the random draws of one step, and a place for them. */
  readonly draws: Placed;
  /** Words to be written once: postsynaptic neurons, row starts, tables. */
  readonly words: readonly { readonly placed: Placed; readonly values: ArrayLike<number> }[];
}

/** What learning reads of the coefficients of a synapse: `mantissa · 2^exponent`, each 1 where there is none, saturated. */
export interface PlacedCoefficient {
  readonly placed: Placed;
  readonly mantissa: string | undefined;
  readonly exponent: string | undefined;
  readonly least: number;
  readonly most: number;
}

/** Why a network cannot run on lanes of 32 bits; undefined when it can. */
export function lanesRefuse({ fixed, kernels }: MicroProgram): string | undefined {
  const wide = (owner: string, name: string, format: Format): string | undefined =>
    isNarrow(format) ? undefined : `${name} of ${owner} has ${format.width} bits`;
  const fields = [
    ...fixed.populations.flatMap((p) => p.fields.map((f) => wide(p.name, f.name, f.format))),
    ...fixed.projections.flatMap((p) =>
      [p.weights, ...p.fields].map((f) => wide(p.name, f.name, f.format)),
    ),
  ];
  const counts = kernels.map((kernel) => {
    const shifts = shiftFields(kernel);
    const varies = kernel.operations.some((o) => {
      const by = o.kind === 'shift-left' ? kernel.operations[o.by] : undefined;
      return by && !(by.kind === 'load' && shifts.has(by.field));
    });
    return varies ? `${kernel.owner} shifts by a computed count` : undefined;
  });
  return [...fields, ...counts].find((reason) => reason !== undefined);
}

/**
 * Generates a quantised network for four lanes, each the integers of `fixed`: `STEP`, and the kernels that it calls, by index in
 * the network: `neurons<p>()`, `deliver<q>(payload, into)` sums a projection into an accumulator, `draw<q>(seed, step, into)`
 * makes the draws of a step, the same for all lanes, and `learn<q>(draws)` runs a rule with them.
 */
export function emitLaneIntegers(micro: MicroProgram): LaneIntegers {
  return new NetworkWriter(micro).write();
}

class NetworkWriter {
  private readonly layout = new Layout();
  private readonly fixed: FixedNetwork;
  private readonly words: { placed: Placed; values: ArrayLike<number> }[] = [];
  private readonly neurons = new Map<string, Map<string, Placed>>();
  private readonly synapses = new Map<string, Map<string, Placed>>();
  private readonly coefficients = new Map<string, Map<string, PlacedCoefficient>>();
  /** Kernels of rules as they run here. */
  private readonly rules = new Map<string, MicroKernel>();
  private readonly lines = new Map<string, Placed[]>();
  private readonly modulator = this.layout.lanes(1);

  constructor(private readonly micro: MicroProgram) {
    this.fixed = micro.fixed;
  }

  write(): LaneIntegers {
    const { fixed } = this;
    for (const p of fixed.populations) {
      this.neurons.set(p.name, new Map(p.fields.map((f) => [f.name, this.layout.lanes(p.size)])));
    }
    for (const p of fixed.projections) this.placeProjection(p);
    const functions = [
      ...fixed.populations.flatMap((p, i) => this.emitNeurons(p, `neurons${i}`)),
      ...fixed.projections.flatMap((p, i) => [
        this.emitDeliver(p, `deliver${i}`),
        ...this.emitDraw(p, `draw${i}`),
        ...this.emitLearn(p, `learn${i}`),
      ]),
    ];
    const step = this.emitStep(functions);
    const block = fixed.projections.reduce((sum, p) => sum + this.drawBytes(p), 0);
    const draws = this.layout.words(block / 4);
    const { neurons, synapses, coefficients, lines, modulator, words } = this;
    const module = { imports: [], functions: [...functions, step], pages: this.layout.pages };
    return { module, neurons, synapses, coefficients, lines, modulator, draws, words };
  }

  /** Populations by phase, each after what arrives at it; then what is sent; then the rules. */
  private emitStep(functions: readonly WasmFunction[]): WasmFunction {
    const { fixed } = this;
    const writer = new StepWriter(functions);
    const order = [...fixed.populations.entries()].sort(([, a], [, b]) => a.phase - b.phase);
    for (const [index, { name }] of order) {
      for (const [q, p] of fixed.projections.entries()) {
        if (p.post === name) this.emitArrival(writer, p, q);
      }
      writer.call(`neurons${index}`);
    }
    for (const [q, p] of fixed.projections.entries()) {
      if (p.delay === 0) continue;
      const { offset, length } = this.payload(p);
      const slot = writer.slot(this.lines.get(p.name)!, p.delay);
      if (p.weight === 'send') writer.call(`deliver${q}`, i32(offset), slot);
      else writer.copy(i32(offset), slot, length);
    }
    let offset = 0;
    for (const [q, p] of fixed.projections.entries()) {
      if (!p.rule) continue;
      const own = offset;
      writer.learn(p.rule.every, () => {
        const draws = writer.drawn(own, (into) =>
          writer.call(`draw${q}`, get(writer.seed), get(writer.step), into),
        );
        writer.call(`learn${q}`, draws);
      });
      offset += this.drawBytes(p);
    }
    return writer.finish();
  }

  /** What arrives at a population in this step: payloads, or currents that were sent. */
  private emitArrival(writer: StepWriter, p: FixedProjection, index: number): void {
    const into = this.neurons.get(p.post)!.get(p.accumulator)!;
    const line = this.lines.get(p.name)!;
    const arrived = line.length > 0 ? writer.slot(line, 0) : i32(this.payload(p).offset);
    if (p.weight === 'send' && line.length > 0) writer.copy(arrived, i32(into.offset), into.length);
    else writer.call(`deliver${index}`, arrived, i32(into.offset));
  }

  private payload(p: FixedProjection): Placed {
    return this.neurons.get(p.pre)!.get(p.payload)!;
  }

  private placeProjection(p: FixedProjection): void {
    const own = [p.weights, ...p.fields];
    this.synapses.set(p.name, new Map(own.map((f) => [f.name, this.placeSynapses(p, f.format)])));
    this.placeCoefficients(p);
    const size = this.sizeOf(p.weight === 'send' ? p.post : p.pre);
    const slots = p.delay > 0 ? p.delay + 1 : 0;
    this.lines.set(
      p.name,
      Array.from({ length: slots }, () => this.layout.lanes(size)),
    );
  }

  private placeSynapses(p: FixedProjection, format: Format): Placed {
    const short = this.isPaired(p) && signedWidth(format) <= 16;
    return short ? this.layout.halfLanes(p.columns.length) : this.layout.lanes(p.columns.length);
  }

  /** Fits the rule of a projection, and places what it reads of its coefficients. */
  private placeCoefficients(p: FixedProjection): void {
    const placed = new Map<string, PlacedCoefficient>();
    this.coefficients.set(p.name, placed);
    const kernel = this.kernelOf('synapse', p.name);
    if (!kernel || !p.rule) return;
    const formats = new Map(p.rule.coefficients.map((c) => [c.name, c.format]));
    const rule = fitLaneRule(kernel, formats, (name) => this.formatOf(p, name));
    this.rules.set(p.name, rule.kernel);
    for (const [field, { mantissa, exponent, format }] of rule.coefficients) {
      const [least, most] = rangeOfFormat(format);
      const own = this.placeSynapses(p, format);
      placed.set(field, { placed: own, mantissa, exponent, least, most });
    }
  }

  /** The format of a field that a rule reads, other than a coefficient. */
  private formatOf(p: FixedProjection, name: string): Format {
    const { modulator } = this.fixed;
    // The offset is added to what the format holds.
    if (name === 'modulator')
      return formatOfRange(
        minimumOf(modulator!.format) + modulator!.offset,
        maximumOf(modulator!.format) + modulator!.offset,
        0,
      );
    const [side, ...rest] = name.split('.');
    const own = [p.weights, ...p.fields].find((f) => f.name === name);
    if (own) return own.format;
    const fields = this.population(side === 'pre' ? p.pre : p.post).fields;
    return fields.find((f) => f.name === rest.join('.'))!.format;
  }

  private emitNeurons(population: FixedPopulation, name: string): WasmFunction[] {
    const written = this.kernelOf('neuron', population.name);
    if (!written) return [];
    const range = (name: string): Range =>
      rangeOfFormat(population.fields.find((field) => field.name === name)!.format);
    const { kernel } = narrowKernel(written, { field: range });
    const f = new FunctionBuilder(name);
    const fields = this.neurons.get(population.name)!;
    const at = f.keep(i32(0), 'at');
    f.loop(population.size, () => {
      emitLaneKernel(f, kernel, {
        lanes: 4,
        load: (field, a) => a.of(32, [f.load(get(at), fields.get(field)!.offset)]),
        store: (field, value, a) =>
          f.store(get(at), get(a.to(value, 32).parts[0]!), fields.get(field)!.offset),
        power: notHere,
        random: notHere,
        table: (entries) => this.constants(entries).offset,
      });
      f.advance(at, VECTOR);
    });
    return [f.finish()];
  }

  /** Sums modulo 2^32, then cut to the accumulator: the same as wrapping after every addition. */
  private emitDeliver(p: FixedProjection, name: string): WasmFunction {
    const f = new FunctionBuilder(name);
    const payload = f.parameter('payload');
    const into = f.parameter('into');
    const weights = this.synapses.get(p.name)!.get('weight')!;
    const post = this.population(p.post);
    const { format } = post.fields.find((field) => field.name === p.accumulator)!;
    const at = f.keep(get(into), 'at');
    if (this.isDense(p)) this.emitDenseSums(f, p, payload, into);
    else {
      f.loop(post.size, () => {
        f.store(get(at), i32x4(0), 0);
        f.advance(at, VECTOR);
      });
      const from = f.keep(get(payload), 'from');
      emitRows(f, this.rowsOf(p), this.sizeOf(p.pre), {
        row: () => {
          const s = f.keep(f.load(get(from), 0), 's');
          f.advance(from, VECTOR);
          return s;
        },
        synapse: (s, synapse, column) => {
          const target = f.keep(operation('i32.add', [get(into), get(column)]), 'target');
          const product = operation('i32x4.mul', [f.load(get(synapse), weights.offset), get(s)]);
          f.store(get(target), operation('i32x4.add', [f.load(get(target), 0), product]), 0);
        },
      });
    }
    const unused = i32(32 - format.width);
    f.set(at, get(into));
    f.loop(post.size, () => {
      const up = operation('i32x4.shl', [f.load(get(at), 0), unused]);
      f.store(get(at), operation('i32x4.shr_s', [up, unused]), 0);
      f.advance(at, VECTOR);
    });
    return f.finish();
  }

  /** A few columns at once, each sum in a local. */
  private emitDenseSums(f: FunctionBuilder, p: FixedProjection, payload: Local, into: Local): void {
    const size = this.sizeOf(p.post);
    const { offset, stride } = this.synapses.get(p.name)!.get('weight')!;
    const name = stride === VECTOR ? 'v128.load' : 'v128.load16x4_s';
    const tile = f.keep(i32(0), 'tile');
    const first = f.keep(i32(0), 'first');
    const emitTile = (width: number): void => {
      const sums = Array.from({ length: width }, (_, c) => f.keep(i32x4(0), `sum${c}`));
      const weights = f.keep(get(first), 'weights');
      const from = f.keep(get(payload), 'from');
      f.loop(this.sizeOf(p.pre), () => {
        const s = f.keep(f.load(get(from), 0), 's');
        for (const [c, sum] of sums.entries()) {
          const weight = load(name, get(weights), offset + c * stride);
          const product = operation('i32x4.mul', [weight, get(s)]);
          f.set(sum, operation('i32x4.add', [get(sum), product]));
        }
        f.advance(weights, size * stride);
        f.advance(from, VECTOR);
      });
      const target = f.keep(operation('i32.add', [get(into), get(tile)]), 'target');
      for (const [c, sum] of sums.entries()) f.store(get(target), get(sum), c * VECTOR);
    };
    f.loop(Math.floor(size / TILE), () => {
      emitTile(TILE);
      f.advance(tile, TILE * VECTOR);
      f.advance(first, TILE * stride);
    });
    if (size % TILE > 0) emitTile(size % TILE);
  }

  /** Operations of a rule that draw random numbers, with the bits that they round. */
  private drawing(p: FixedProjection): ReadonlyMap<number, number> {
    const kernel = this.kernelOf('synapse', p.name);
    return kernel ? roundingsOf(kernel) : new Map();
  }

  /** Bytes of the draws of one operation: a word per synapse, and what vectors write beyond the last. */
  private operationBytes(p: FixedProjection): number {
    return Math.ceil((p.columns.length + 4) / 4) * VECTOR;
  }

  private drawBytes(p: FixedProjection): number {
    return this.drawing(p).size * this.operationBytes(p);
  }

  private emitDraw(p: FixedProjection, name: string): WasmFunction[] {
    const operations = this.drawing(p);
    if (operations.size === 0) return [];
    const f = new FunctionBuilder(name);
    const [seed, step, into] = [f.parameter('seed'), f.parameter('step'), f.parameter('into')];
    const words = { seed: get(seed), step: get(step) };
    const steps = [...operations].map(([o, bits]) => ({
      step: emitDrawStep(f, words, p.index, o),
      bits,
    }));
    const { columns, rowStart } = this.rowsOf(p);
    const pre = f.keep(i32(0), 'pre');
    f.loop(this.sizeOf(p.pre), () => {
      const word = operation('i32.shl', [get(pre), i32(2)]);
      const start = f.keep(load('i32.load', word, rowStart.offset), 'start');
      const end = load('i32.load', word, rowStart.offset + 4);
      const count = f.keep(operation('i32.sub', [end, get(start)]), 'count');
      const from = operation('i32.shl', [get(start), i32(2)]);
      for (const [i, draws] of steps.entries()) {
        const row = emitDrawRow(f, draws.step, get(pre));
        const first = operation('i32.add', [i32(columns.offset), from]);
        const base = operation('i32.add', [get(into), i32(i * this.operationBytes(p))]);
        const address = operation('i32.add', [base, from]);
        emitDraws(f, row, draws.bits, { columns: first, count: get(count) }, address);
      }
      f.advance(pre, 1);
    });
    return [f.finish()];
  }

  private emitLearn(p: FixedProjection, name: string): WasmFunction[] {
    const kernel = this.rules.get(p.name);
    if (!kernel) return [];
    const f = new FunctionBuilder(name);
    const draw = f.parameter('draws');
    const x = f.keep(i32(0), 'x');
    const rule = { p, kernel, f, draw, x };
    if (!this.isDense(p)) {
      emitRows(f, this.rowsOf(p), this.sizeOf(p.pre), {
        row: () => {
          const known = this.emitRow(rule, 1);
          f.advance(x, VECTOR);
          return known;
        },
        synapse: (known, at, column) => {
          this.emitSynapses(rule, known, { at, half: at, column, count: 1, ahead: 0 });
          f.advance(draw, 4);
        },
      });
      return [f.finish()];
    }
    const size = this.sizeOf(p.post);
    // Two synapses of four members are eight lanes.
    const count = this.isPaired(p) ? 2 : 1;
    const at = f.keep(i32(0), 'synapse');
    const half = f.keep(i32(0), 'half');
    const posts = count === 2 ? this.emitPosts(rule) : [];
    f.loop(this.sizeOf(p.pre), () => {
      const known = this.emitRow(rule, count);
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
        this.emitSynapses(rule, all, { at, half, column, count, ahead });
      });
    });
    return [f.finish()];
  }

  /** What all synapses of a row share, computed once. */
  private emitRow({ p, kernel, f, x }: LaneRule, count: SynapseCount): KnownValues {
    const places: KernelPlaces = {
      lanes: count === 2 ? 8 : 4,
      load: (field, a) => {
        const { offset } =
          field === 'modulator' ? this.modulator : this.neurons.get(p.pre)!.get(field.slice(4))!;
        const vector = f.keep(f.load(field === 'modulator' ? i32(0) : get(x), offset), field);
        return a.of(
          32,
          Array.from({ length: count }, () => get(vector)),
        );
      },
      store: notInRow,
      power: notInRow,
      random: notInRow,
      table: (entries) => this.constants(entries).offset,
    };
    const isKnown = (field: string): boolean => field === 'modulator' || field.startsWith('pre.');
    return emitKnownValues(f, kernel, places, isKnown);
  }

  /** What depends on a postsynaptic neuron alone, computed for pairs of them before all rows: the operations, and their loads. */
  private emitPosts({ p, kernel, f }: LaneRule): readonly KnownPost[] {
    const column = f.keep(i32(0), 'column');
    const vectors = (bytes: number, offset: number): Node[] =>
      Array.from({ length: bytes / VECTOR }, (_, i) => f.load(get(column), offset + i * VECTOR));
    const places: KernelPlaces = {
      lanes: 8,
      load: (field, a) => {
        const { offset } = this.neurons.get(p.post)!.get(field.slice(5))!;
        return a.of(32, vectors(2 * VECTOR, offset));
      },
      store: notInRow,
      power: notInRow,
      random: notInRow,
      table: (entries) => this.constants(entries).offset,
    };
    const arithmetic = new LaneArithmetic(f, 8);
    const posts: KnownPost[] = [];
    f.loop(this.sizeOf(p.post) / 2, () => {
      const { values } = emitKnownValues(f, kernel, places, (field) => field.startsWith('post.'));
      for (const [index, value] of values.entries()) {
        const read = kernel.operations.some((o, i) => !values[i] && operandsOf(o).includes(index));
        if (!value || value.bits === 64 || !read) continue;
        const { offset } = this.layout.lanes(this.sizeOf(p.post));
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
  private emitSynapses(
    { p, kernel, f, draw }: LaneRule,
    known: KnownValues,
    { at, half, column, count, ahead }: Synapses,
  ): void {
    const operations = [...this.drawing(p).keys()];
    const own = (field: string): Placed =>
      this.coefficients.get(p.name)!.get(field)?.placed ?? this.synapses.get(p.name)!.get(field)!;
    const vectors = (address: Local, { offset }: Placed): Node[] =>
      Array.from({ length: count }, (_, i) => f.load(get(address), offset + (ahead + i) * VECTOR));
    const lanes = (field: string, a: LaneArithmetic): Lanes => {
      if (!field.startsWith('post.')) {
        const placed = own(field);
        if (placed.stride === VECTOR) return a.of(32, vectors(at, placed));
        return a.of(16, [f.load(get(half), placed.offset + ahead * placed.stride)]);
      }
      return a.of(32, vectors(column, this.neurons.get(p.post)!.get(field.slice(5))!));
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
        const offset = operations.indexOf(o) * this.operationBytes(p) + ahead * 4;
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
      table: (entries) => this.constants(entries).offset,
    };
    emitLaneKernel(f, kernel, places, known);
  }

  private readonly rows = new Map<string, { rowStart: Placed; columns: Placed }>();

  private rowsOf(p: FixedProjection): { rowStart: Placed; columns: Placed } {
    const known = this.rows.get(p.name);
    if (known) return known;
    // Draws read columns in fours: the last vector may reach beyond the end.
    const columns = this.layout.words(p.columns.length + 4);
    const rowStart = this.layout.words(p.rowStart.length);
    this.words.push(
      { placed: columns, values: p.columns },
      { placed: rowStart, values: p.rowStart },
    );
    this.rows.set(p.name, { rowStart, columns });
    return { rowStart, columns };
  }

  private constants(values: readonly number[]): Placed {
    const placed = this.layout.words(values.length);
    this.words.push({ placed, values });
    return placed;
  }

  private isDense(p: FixedProjection): boolean {
    const size = this.sizeOf(p.post);
    return (
      p.columns.length === this.sizeOf(p.pre) * size && p.columns.every((c, k) => c === k % size)
    );
  }

  /** Whether two synapses of a row, side by side, are learned at once. */
  private isPaired(p: FixedProjection): boolean {
    return this.sizeOf(p.post) % 2 === 0 && this.isDense(p);
  }

  private kernelOf(kind: MicroKernel['kind'], owner: string): MicroKernel | undefined {
    return this.micro.kernels.find((k) => k.kind === kind && k.owner === owner);
  }

  private population(name: string): FixedPopulation {
    return this.fixed.populations.find((p) => p.name === name)!;
  }

  private sizeOf(name: string): number {
    return this.population(name).size;
  }
}

/** A rule as it is being written: the address of its draws, and the offset of the presynaptic neuron. */
interface LaneRule {
  readonly p: FixedProjection;
  readonly kernel: MicroKernel;
  readonly f: FunctionBuilder;
  readonly draw: Local;
  readonly x: Local;
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

/** Columns summed at once. */
const TILE = 8;

function notInRow(): never {
  throw new Error('what synapses share is loaded and computed');
}

function notHere(): never {
  throw new Error('neurons draw no random numbers and shift by constants');
}
