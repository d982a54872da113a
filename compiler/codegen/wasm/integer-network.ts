import type { FixedNetwork, FixedPopulation, FixedProjection } from '../../levels/fixed/fixed.js';
import { lazyProjection } from '../../levels/fixed/scale.js';
import type { MicroKernel, MicroProgram } from '../../levels/micro/micro.js';
import {
  type Format,
  formatOfRange,
  maximumOf,
  minimumOf,
  type Range,
  rangeOfFormat,
} from '../../levels/numbers/format.js';
import { emitDrawRow, emitDrawStep, emitDraws, roundingsOf } from './draws.js';
import { FunctionBuilder } from './function-builder.js';
import { emitLaneKernel, shiftFields } from './integer-kernel.js';
import { isNarrow, signedWidth } from './integer-value.js';
import { emitLaneLearning, type LearningPlaces } from './lane-learning.js';
import { fitLaneRule } from './lane-rule.js';
import { emitRows } from './lanes.js';
import { Layout, type Placed, VECTOR } from './layout.js';
import type { WasmFunction, WasmModule } from './module.js';
import { narrowKernel } from './narrow.js';
import { get, i32, i32x4, type Local, load, operation } from './node.js';
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
  return [lazyProjection(fixed), ...fields, ...counts].find((reason) => reason !== undefined);
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
    const neuron = (population: string, field: string): Placed =>
      this.neurons.get(population)!.get(field)!;
    const draws = [...this.drawing(p).keys()];
    const places: LearningPlaces = {
      pre: (field) => neuron(p.pre, field),
      post: (field) => neuron(p.post, field),
      own: (field) =>
        this.coefficients.get(p.name)!.get(field)?.placed ?? this.synapses.get(p.name)!.get(field)!,
      modulator: this.modulator,
      rows: this.isDense(p) ? undefined : this.rowsOf(p),
      sizes: { pre: this.sizeOf(p.pre), post: this.sizeOf(p.post) },
      draws: new Map(draws.map((o, i) => [o, i * this.operationBytes(p)])),
      scratch: (length) => this.layout.lanes(length),
      table: (entries) => this.constants(entries).offset,
    };
    return [emitLaneLearning(name, kernel, places)];
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

/** Columns summed at once. */
const TILE = 8;

function notHere(): never {
  throw new Error('neurons draw no random numbers and shift by constants');
}
