import type { FixedNetwork, FixedPopulation, FixedProjection } from '../../levels/fixed/fixed.js';
import type { MicroKernel, MicroProgram } from '../../levels/micro/micro.js';
import type { Format } from '../../levels/numbers/format.js';
import { emitDrawRow, emitDrawStep, emitDraws, roundingsOf } from './draws.js';
import { FunctionBuilder } from './function-builder.js';
import { emitLaneKernel, shiftFields } from './integer-kernel.js';
import { isNarrow, type LaneArithmetic, type Lanes } from './integer-value.js';
import { emitRows } from './lanes.js';
import { Layout, type Placed, VECTOR } from './layout.js';
import type { WasmFunction, WasmModule } from './module.js';
import { get, i32, i32x4, type Local, load, type Node, operation } from './node.js';

/** Where the state of a FixedNetwork lies: by population or projection, then by field; four lanes each. */
export interface LaneIntegers {
  readonly module: WasmModule;
  readonly neurons: ReadonlyMap<string, ReadonlyMap<string, Placed>>;
  /** `weight` and the variables of the rule. */
  readonly synapses: ReadonlyMap<string, ReadonlyMap<string, Placed>>;
  /** Of every synapse: mantissas as they are, exponents as powers of two. */
  readonly coefficients: ReadonlyMap<string, ReadonlyMap<string, Placed>>;
  /** Coefficients that are held as powers of two, by projection. */
  readonly powers: ReadonlyMap<string, ReadonlySet<string>>;
  /** What is under way, slot by slot. */
  readonly lines: ReadonlyMap<string, readonly Placed[]>;
  readonly modulator: Placed;
  /** Words to be written once: postsynaptic neurons, row starts, tables. */
  readonly words: readonly { readonly placed: Placed; readonly values: ArrayLike<number> }[];
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
 * Generates the kernels of a quantised network for four lanes, each the integers of `fixed`. Functions by index in the network:
 * `neurons<p>()`, `deliver<q>(payload, into)` sums a projection into an accumulator, `learn<q>(seed, step)`.
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
  private readonly coefficients = new Map<string, Map<string, Placed>>();
  private readonly powers = new Map<string, ReadonlySet<string>>();
  private readonly lines = new Map<string, Placed[]>();
  private readonly modulator = this.layout.lanes(1);
  private readonly draws: Placed;

  constructor(private readonly micro: MicroProgram) {
    this.fixed = micro.fixed;
    const longest = this.fixed.populations.reduce((most, p) => Math.max(most, p.size), 1);
    this.draws = this.layout.words(longest + 4);
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
        ...this.emitLearn(p, `learn${i}`),
      ]),
    ];
    const { neurons, synapses, coefficients, powers, lines, modulator, words } = this;
    const module = { imports: [], functions, pages: this.layout.pages };
    return { module, neurons, synapses, coefficients, powers, lines, modulator, words };
  }

  private placeProjection(p: FixedProjection): void {
    const count = p.columns.length;
    const lanes = (names: readonly string[]): Map<string, Placed> =>
      new Map(names.map((name) => [name, this.layout.lanes(count)]));
    this.synapses.set(p.name, lanes(['weight', ...p.fields.map((f) => f.name)]));
    this.coefficients.set(p.name, lanes((p.rule?.coefficients ?? []).map((c) => c.name)));
    const kernel = this.kernelOf('synapse', p.name);
    this.powers.set(p.name, kernel ? shiftFields(kernel) : new Set());
    const size = this.sizeOf(p.weight === 'send' ? p.post : p.pre);
    const slots = p.delay > 0 ? p.delay + 1 : 0;
    this.lines.set(
      p.name,
      Array.from({ length: slots }, () => this.layout.lanes(size)),
    );
  }

  private emitNeurons(population: FixedPopulation, name: string): WasmFunction[] {
    const kernel = this.kernelOf('neuron', population.name);
    if (!kernel) return [];
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
    const weights = this.synapses.get(p.name)!.get('weight')!.offset;
    const post = this.population(p.post);
    const { format } = post.fields.find((field) => field.name === p.accumulator)!;
    const at = f.keep(get(into), 'at');
    f.loop(post.size, () => {
      f.store(get(at), i32x4(0), 0);
      f.advance(at, VECTOR);
    });
    const from = f.keep(get(payload), 'from');
    const add = (s: Local, synapse: Local, target: Node): void => {
      const product = operation('i32x4.mul', [f.load(get(synapse), weights), get(s)]);
      f.store(target, operation('i32x4.add', [f.load(target, 0), product]), 0);
    };
    const nextPayload = (): Local => {
      const s = f.keep(f.load(get(from), 0), 's');
      f.advance(from, VECTOR);
      return s;
    };
    if (this.isDense(p)) {
      const synapse = f.keep(i32(0), 'synapse');
      f.loop(this.sizeOf(p.pre), () => {
        const s = nextPayload();
        const target = f.keep(get(into), 'target');
        f.loop(post.size, () => {
          add(s, synapse, get(target));
          f.advance(synapse, VECTOR);
          f.advance(target, VECTOR);
        });
      });
    } else {
      emitRows(f, this.rowsOf(p), this.sizeOf(p.pre), {
        row: nextPayload,
        synapse: (s, synapse, column) =>
          add(s, synapse, operation('i32.add', [get(into), get(column)])),
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

  private emitLearn(p: FixedProjection, name: string): WasmFunction[] {
    const kernel = this.kernelOf('synapse', p.name);
    if (!kernel) return [];
    const f = new FunctionBuilder(name);
    const seed = f.parameter('seed');
    const step = f.parameter('step');
    const pre = f.keep(i32(0), 'pre');
    const roundings = roundingsOf(kernel);
    const operations = [...roundings.keys()];
    const scratch = new Map(operations.map((o, i) => [o, i === 0 ? this.draws : this.moreDraws()]));
    const { columns, rowStart } = this.rowsOf(p);
    const steps = new Map(
      operations.map((o) => [o, emitDrawStep(f, { seed: get(seed), step: get(step) }, p.index, o)]),
    );
    const start = f.keep(i32(0), 'start');
    const row = (): { x: Local; draw: Local } => {
      const word = operation('i32.shl', [get(pre), i32(2)]);
      f.set(start, load('i32.load', word, rowStart.offset));
      const count = operation('i32.sub', [load('i32.load', word, rowStart.offset + 4), get(start)]);
      for (const o of operations) {
        const shared = emitDrawRow(f, steps.get(o)!, get(pre));
        const offset = operation('i32.shl', [get(start), i32(2)]);
        const first = operation('i32.add', [i32(columns.offset), offset]);
        emitDraws(f, shared, roundings.get(o)!, { columns: first, count }, scratch.get(o)!);
      }
      const x = f.keep(operation('i32.shl', [get(pre), i32(4)]), 'x');
      f.advance(pre, 1);
      return { x, draw: f.keep(i32(0), 'draw') };
    };
    emitRows(f, this.rowsOf(p), this.sizeOf(p.pre), {
      row,
      synapse: ({ x, draw }, synapse, column) => {
        const place = (field: string): { placed: Placed; at: Node } => {
          if (field.startsWith('pre.')) {
            return { placed: this.neurons.get(p.pre)!.get(field.slice(4))!, at: get(x) };
          }
          if (field.startsWith('post.')) {
            return { placed: this.neurons.get(p.post)!.get(field.slice(5))!, at: get(column) };
          }
          if (field === 'modulator') return { placed: this.modulator, at: i32(0) };
          const own = this.coefficients.get(p.name)!.get(field);
          return { placed: own ?? this.synapses.get(p.name)!.get(field)!, at: get(synapse) };
        };
        const loadField = (field: string, a: LaneArithmetic): Lanes => {
          const { placed, at } = place(field);
          return a.of(32, [f.load(at, placed.offset)]);
        };
        emitLaneKernel(f, kernel, {
          lanes: 4,
          load: loadField,
          power: loadField,
          store: (field, value, a) =>
            f.store(get(synapse), get(a.to(value, 32).parts[0]!), place(field).placed.offset),
          random: (o, bits, a) => {
            const words = load('v128.load32_splat', get(draw), scratch.get(o)!.offset);
            return a.high(a.of(32, [words]), bits);
          },
          table: (entries) => this.constants(entries).offset,
        });
        f.advance(draw, 4);
      },
    });
    return [f.finish()];
  }

  private moreDraws(): Placed {
    return this.layout.words(this.draws.length);
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

function notHere(): never {
  throw new Error('neurons draw no random numbers and shift by constants');
}
