import {
  type BlockRule,
  type BlockScratch,
  emitDelivery,
  emitLearning,
  emitRowStates,
  fanInOf,
  fitRule,
  placeRowStates,
  placeScratch,
  rowsOf,
} from '../../compiler/codegen/wasm/block.js';
import { FunctionBuilder } from '../../compiler/codegen/wasm/function-builder.js';
import type { WasmFunction } from '../../compiler/codegen/wasm/module.js';
import { type NarrowKernel, narrowKernel } from '../../compiler/codegen/wasm/narrow.js';
import { packedBytes, slice } from '../../compiler/codegen/wasm/packed.js';
import { emitNeuronSweep, type SweepField } from '../../compiler/codegen/wasm/sweep.js';
import { computedCount } from '../../compiler/codegen/wasm/vector-network.js';
import type { MicroKernel, MicroOperation } from '../../compiler/levels/micro/micro.js';
import {
  formatOfRange,
  maximumOf,
  minimumOf,
  offsetRange,
  type Range,
  rangeOfFormat,
  unsigned,
} from '../../compiler/levels/numbers/format.js';
import type {
  Program,
  ProgramBlock,
  ProgramCore,
  ProgramGroup,
} from '../../compiler/levels/program/program.js';
import { MemoryFull, type PackedArray, PackedMemory, packedOf } from '../host/packed-memory.js';
import type { IntegerArray } from '../probes.js';
import { type LoadedCode, NotGenerated } from './architecture.js';
import type { GeneratedShared } from './generated-core.js';
import {
  type ChipState,
  type CoreState,
  createChip,
  type GroupState,
  registerRange,
} from './state.js';

/** A chip and code made from the words of its Program, which runs eight neurons or synapses at a time. */
export interface GeneratedChip {
  readonly chip: ChipState;
  readonly shared: GeneratedShared;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Functions of (seed, step) to call before learning, in steps t with (t + 1) mod `every` = 0. */
  readonly draws: readonly { readonly name: string; readonly every: number }[];
}

/** The states of the draws of a projection. */
interface ProjectionDraws extends ReturnType<typeof placeRowStates> {
  readonly rows: number;
  readonly every: number;
}

/** Registers of the neuron programs have 48 bits, products of the rules 53: code that could pass them is not made. */
const REGISTER_BITS = 48;
const PRODUCT_BITS = 53;
/** A bound that no accumulator holds. */
const UNKNOWN_FAN_IN = 2 ** 40;

/**
 * Makes code for every core, equal to the interpreter in state, events and saturations. Throws NotGenerated where that cannot be
 * shown beforehand.
 */
export function generateChip(program: Program, codes: readonly LoadedCode[]): GeneratedChip {
  try {
    return new Generator(program, codes).generate();
  } catch (error) {
    if (error instanceof MemoryFull) throw new NotGenerated(error.message);
    // V8 has limits of its own: locals of a function, depth of a stack, address space.
    if (error instanceof RangeError || error instanceof WebAssembly.CompileError) {
      throw new NotGenerated(`the engine refuses the code (${error.message})`);
    }
    throw error;
  }
}

class Generator {
  private readonly memory = new PackedMemory();
  /** Saturations and active neurons of the kernel that ran last, of every core. */
  private readonly counters: PackedArray;
  private readonly modulator: PackedArray;
  private readonly tables = new Map<readonly number[], number>();
  private readonly programs = new Map<ProgramGroup, NarrowKernel>();
  private readonly scratch = new Map<ProgramCore, BlockScratch>();
  private readonly draws = new Map<number, ProjectionDraws>();

  constructor(
    private readonly program: Program,
    private readonly codes: readonly LoadedCode[],
  ) {
    this.counters = this.memory.allocate(2 * program.cores.length, 4);
    this.modulator = this.memory.allocate(1, 4);
  }

  generate(): GeneratedChip {
    const { program, memory } = this;
    for (const [c, core] of program.cores.entries()) {
      for (const group of core.groups) {
        this.programs.set(group, this.fitNeurons(core, group, this.codes[c]!));
      }
    }
    const chip = createChip(program, {
      allocate: (length, range) => {
        const format = formatOfRange(...range, 0);
        if (packedBytes(format) === undefined) {
          throw new NotGenerated(`an array holds integers of ${format.width} bits`);
        }
        return memory.integers(length, format);
      },
      traceRange: (group, slot) => this.traceRange(group, slot),
    });
    const functions = chip.cores.flatMap((state, c) => [
      ...state.groups.map((group, g) => this.emitNeurons(chip, group, c, g)),
      ...state.blocks.flatMap((_, b) => this.emitBlock(chip, state, c, b)),
    ]);
    const draws = [...this.draws].map(([projection, { made, rows }]) => {
      const { index } = program.projections[projection]!;
      return emitRowStates(`draw${projection}`, index, rows, made);
    });
    const module = memory.compile([...functions, ...draws]);
    const shared = {
      counters: this.counters,
      modulator: this.modulator,
      traceMessages: program.cores.map(({ groups }) =>
        groups.map((group) => this.traceMessages(group)),
      ),
    };
    const due = [...this.draws].map(([projection, { every }]) => ({
      name: `draw${projection}`,
      every,
    }));
    return { chip, shared, module, memory: memory.memory, draws: due };
  }

  private traceMessages(group: ProgramGroup): number {
    const { operations } = this.programs.get(group)!.kernel;
    const sent = operations.filter((o) => o.kind === 'store' && o.field.startsWith('x'));
    return sent.length * group.count;
  }

  private readonly place = (values: ArrayLike<number>, least?: 1 | 2 | 4) =>
    packedOf(this.memory.constants(values, least));

  private readonly table = (entries: readonly number[]): number => {
    const known = this.tables.get(entries);
    if (known !== undefined) return known;
    const { offset } = this.place(entries, 4);
    this.tables.set(entries, offset);
    return offset;
  };

  /** The program of a group, fitted to its fields. */
  private fitNeurons(core: ProgramCore, group: ProgramGroup, code: LoadedCode): NarrowKernel {
    const population = this.program.populations[group.population]!;
    const ranges = new Map<string, Range>([
      ...group.fields.map(({ format }, i): [string, Range] => [`field${i}`, rangeOfFormat(format)]),
      ...population.traces.map((_, slot): [string, Range] => [
        `x${slot}`,
        registerRange(population, slot),
      ]),
      ['payload', rangeOfFormat(population.payloadFormat)],
    ]);
    const kernel = withActivity(code.liftNeuron(group.entry));
    const fitted = narrowKernel(kernel, { field: (name) => ranges.get(name)!, keepLimits: true });
    checkFitted(`core ${core.index}, neuron code ${group.entry}`, fitted, REGISTER_BITS, ranges);
    return fitted;
  }

  private emitNeurons(
    chip: ChipState,
    { group, fields, traces }: GroupState,
    c: number,
    g: number,
  ): WasmFunction {
    const { kernel } = this.programs.get(group)!;
    const { payload, traces: registers } = chip.mailboxes[group.population]!;
    // Parts of one array for all groups of a population, which other threads may be at.
    const part = (array: IntegerArray): SweepField => ({
      kind: 'post',
      shared: true,
      at: slice(packedOf(array as PackedArray), group.first, group.count),
    });
    const own = (array: IntegerArray): SweepField => ({
      kind: 'post',
      at: packedOf(array as PackedArray),
    });
    const all = new Map<string, SweepField>([
      ...fields.map((array, i): [string, SweepField] => [`field${i}`, own(array)]),
      ...traces.map((array, i): [string, SweepField] => [`y${i}`, own(array)]),
      ...registers.map((array, i): [string, SweepField] => [`x${i}`, part(array)]),
      ['payload', part(payload)],
      ['active', { kind: 'total', word: this.wordOf(c, 1) }],
    ]);
    const f = new FunctionBuilder(`core${c}.neurons${g}`);
    const limited = this.wordOf(c, 0);
    emitNeuronSweep(f, { kernel, fields: all, limited, table: this.table }, group.count);
    return f.finish();
  }

  private emitBlock(chip: ChipState, state: CoreState, c: number, b: number): WasmFunction[] {
    const { core } = state;
    const { block, weights } = state.blocks[b]!;
    const group = core.groups[block.group]!;
    const shape = { ...block, first: group.first };
    const where = `core ${core.index}, block ${b}`;
    const rows = rowsOf(shape, this.place);
    if (!rows) throw new NotGenerated(`${where}: the columns of a row do not ascend`);
    const population = this.program.populations[block.pre]!;
    const { format } = group.fields[block.accumulator]!;
    const range = ({ payloadFormat }: typeof population): Range => [
      minimumOf(payloadFormat),
      maximumOf(payloadFormat),
    ];
    const delivery = {
      weight: rangeOfFormat(block.weightFormat),
      payload: range(population),
      accumulator: format,
      fanIn: this.startsEmpty(core, block) ? fanInOf(shape) : UNKNOWN_FAN_IN,
    };
    const places = {
      weight: packedOf(weights as PackedArray),
      payload: packedOf(chip.mailboxes[block.pre]!.payload as PackedArray),
      sum: packedOf(state.groups[block.group]!.fields[block.accumulator] as PackedArray),
      limited: this.wordOf(c, 0),
    };
    const deliver = emitDelivery(`core${c}.deliver${b}`, rows, delivery, places);
    if (block.entry < 0) return [deliver];
    const rule = this.fitBlock(where, state, c, block);
    const fields = new Map<string, SweepField>([
      ['weight', { kind: 'synapse', at: places.weight }],
      ['tag', { kind: 'synapse', at: packedOf(state.blocks[b]!.tags as PackedArray) }],
      ...chip.mailboxes[block.pre]!.traces.map((array, i): [string, SweepField] => [
        `x${i}`,
        { kind: 'pre', at: packedOf(array as PackedArray) },
      ]),
      // A slot beyond the registers is the modulator.
      ...[0, 1, 2].map((i): [string, SweepField] => [
        `y${i}`,
        { kind: 'scalar', at: packedOf(this.modulator) },
      ]),
      ...state.groups[block.group]!.traces.map((array, i): [string, SweepField] => [
        `y${i}`,
        { kind: 'post', at: packedOf(array as PackedArray) },
      ]),
    ]);
    const learn = emitLearning(`core${c}.learn${b}`, rows, rule, {
      fields,
      first: group.first,
      posts: group.count,
      limited: this.wordOf(c, 0),
      states: this.statesOf(block).states,
      scratch: this.scratchOf(core),
      table: this.table,
    });
    return [deliver, learn];
  }

  /** Whether the accumulator of a block is 0 whenever the block delivers. */
  private startsEmpty(core: ProgramCore, { group: g, accumulator }: ProgramBlock): boolean {
    const group = core.groups[g]!;
    const { clear, initial } = group.fields[accumulator]!;
    const { name } = this.program.populations[group.population]!;
    const sources = core.blocks.filter((b) => b.group === g && b.accumulator === accumulator);
    const written = this.program.symbols.some(
      (s) => s.owner === name && s.memory === 'field' && s.field === accumulator,
    );
    return clear && !written && sources.length === 1 && initial.every((v) => v === 0);
  }

  /** The rule of a block, fitted to its registers and coefficients. */
  private fitBlock(where: string, state: CoreState, c: number, block: ProgramBlock): BlockRule {
    const { weightFormat, tagFormat, coefficients, wordsPerProfile, profiles } = block;
    const widths = { weight: weightFormat.width, tag: tagFormat?.width ?? 0 };
    const kernel = this.codes[c]!.liftSynapse(block.entry, widths);
    const words = Array.from({ length: wordsPerProfile }, (_, w): [string, Float64Array] => [
      `${w % 2 === 0 ? 'm' : 'e'}${w >> 1}`,
      Float64Array.from(
        { length: coefficients.length / wordsPerProfile },
        (_, profile) => coefficients[profile * wordsPerProfile + w]!,
      ),
    ]);
    const population = this.program.populations[block.pre]!;
    const ranges = new Map<string, Range>([
      ['weight', rangeOfFormat(weightFormat)],
      ...population.traces.map((_, slot): [string, Range] => [
        `x${slot}`,
        registerRange(population, slot),
      ]),
      ...[0, 1, 2].map((slot): [string, Range] => [`y${slot}`, this.modulatorRange()]),
      ...state.groups[block.group]!.traces.map((_, slot): [string, Range] => [
        `y${slot}`,
        this.traceRange(state.groups[block.group]!.group, slot),
      ]),
    ]);
    if (tagFormat) ranges.set('tag', rangeOfFormat(tagFormat));
    const rule = fitRule(
      kernel,
      { values: new Map(words), profiles },
      (name) => ranges.get(name)!,
      this.place,
      true,
    );
    checkFitted(where, rule, PRODUCT_BITS, ranges);
    return rule;
  }

  /** The states of the draws of a projection, which its blocks on all cores read. */
  private statesOf({ projection, pre, every }: ProgramBlock): ProjectionDraws {
    const rows = this.program.populations[pre]!.size;
    const known = this.draws.get(projection) ?? {
      ...placeRowStates(rows, this.place),
      rows,
      every,
    };
    this.draws.set(projection, known);
    return known;
  }

  /** Scratch of a core: its blocks learn one after the other. */
  private scratchOf(core: ProgramCore): BlockScratch {
    const known = this.scratch.get(core);
    if (known) return known;
    const blocks = core.blocks.map((b) => ({
      rows: this.program.populations[b.pre]!.size,
      posts: core.groups[b.group]!.count,
    }));
    const scratch = placeScratch(blocks, this.place);
    this.scratch.set(core, scratch);
    return scratch;
  }

  /** What a y register holds: 0 at first, then what its neurons write. */
  private traceRange(group: ProgramGroup, slot: number): Range {
    const [low, high] = this.programs.get(group)!.stored.get(`y${slot}`) ?? [0, 0];
    return [Math.min(0, low), Math.max(0, high)];
  }

  private modulatorRange(): Range {
    const { modulator } = this.program;
    if (!modulator) return [0, 0];
    const range = offsetRange(modulator);
    if (packedBytes(formatOfRange(...range, 0)) === undefined) {
      throw new NotGenerated(`the modulator has ${modulator.format.width} bits`);
    }
    return range;
  }

  private wordOf(c: number, which: 0 | 1): number {
    return this.counters.byteOffset + 4 * (2 * c + which);
  }
}

/** Adds up the neurons whose last payload is not 0. */
function withActivity(kernel: MicroKernel): MicroKernel {
  const last = kernel.operations.findLast((o) => o.kind === 'store' && o.field === 'payload');
  if (last?.kind !== 'store') return kernel;
  const operations: MicroOperation[] = [...kernel.operations];
  const { origin } = last;
  const format = unsigned(1, 0);
  const zero = operations.push({ kind: 'constant', value: 0, format, origin }) - 1;
  const sends =
    operations.push({
      kind: 'compare',
      operator: '!=',
      left: last.value,
      right: zero,
      format,
      origin,
    }) - 1;
  operations.push({ kind: 'store', field: 'active', value: sends, format, origin });
  return { ...kernel, operations };
}

/** Refuses code that could leave its registers or what it writes. */
function checkFitted(
  where: string,
  { kernel, stored, widest }: NarrowKernel,
  bits: number,
  ranges: ReadonlyMap<string, Range>,
): void {
  if (widest > bits) throw new NotGenerated(`${where}: a value may have more than ${bits} bits`);
  const computed =
    kernel.kind === 'neuron'
      ? kernel.operations.some((o) => o.kind === 'shift-left')
      : computedCount(kernel) !== undefined;
  if (computed) throw new NotGenerated(`${where}: a shift by a computed count`);
  for (const [field, [low, high]] of stored) {
    const range = ranges.get(field);
    if (!range || (low >= range[0] && high <= range[1])) continue;
    throw new NotGenerated(`${where}: ${field} may be given ${low < range[0] ? low : high}`);
  }
}
