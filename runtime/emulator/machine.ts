import { decodeOutputs, encodeInputs } from '../../compiler/levels/numbers/codec.js';
import { type Format, maximumOf, minimumOf, toReal } from '../../compiler/levels/numbers/format.js';
import { toInteger } from '../../compiler/levels/numbers/rounding.js';
import type {
  Program,
  ProgramPlace,
  ProgramPopulation,
  ProgramPort,
  ProgramSymbol,
} from '../../compiler/levels/program/program.js';
import type { ChipMachine } from '../../compiler/target.js';
import type { Inputs, MachineShape, Outputs, Probe } from '../../src/network/machine.js';
import { checkInputs } from '../../src/network/ports.js';
import { findProbe } from '../../src/network/probes.js';
import { kernelsOf } from '../host/packed-memory.js';
import { type IntegerArray, type IntegerStore, integersToWrite, symbolProbe } from '../probes.js';
import { Accounting } from './accounting.js';
import { type Architecture, type LoadedCode, NotGenerated } from './architecture.js';
import { Core, type CoreKernels } from './core.js';
import { type Crew, OneThread } from './crew.js';
import { type GeneratedChip, generateChip } from './generated.js';
import { GeneratedCore } from './generated-core.js';
import { INTERPRETER_MEMORY, Interpreter } from './interpreter.js';
import { type ChipState, type CoreState, createChip, resetChip } from './state.js';
import { Threads } from './threads.js';

export interface EmulatorOptions {
  /** Runs the words one by one, for comparison: slow. */
  readonly interpret?: boolean;
  /** Threads for the cores, 1 when absent; results are the same. Fewer where there are fewer cores or no generated code. */
  readonly threads?: number;
}

/** State, and who works on it. */
interface Whole {
  readonly chip: ChipState;
  readonly crew: Crew;
  /** What is drawn for all cores before they learn. */
  readonly draw: () => void;
}

/** Executes a Program as an architecture reads it. Sees the bytes' content only, never an equation. */
export function createEmulator(
  program: Program,
  architecture: Architecture,
  options: EmulatorOptions = {},
): Emulator {
  return new Emulator(program, architecture, options);
}

/** A value that is spread over cores: where each part of a probe's array lies. */
interface Part {
  readonly values: IntegerArray;
  /** Position in the probe's array of each element. */
  readonly at: Uint32Array;
}

/** What the emulator counts. */
const COUNTERS = [
  'step',
  'cycles',
  'spikes',
  'saturations',
  'packets',
  'hops',
  'decipicojoules',
] as const;

/** Outputs of one group. */
interface OutputPart {
  readonly port: ProgramPort;
  readonly fields: IntegerArray;
  readonly out: Float64Array;
}

interface SpreadStore extends Omit<IntegerStore, 'values'> {
  readonly length: number;
  readonly parts: readonly Part[];
}

export class Emulator implements ChipMachine {
  readonly shape: MachineShape;
  readonly accounting: Accounting;
  readonly counters = COUNTERS;
  learning = true;
  /** Why the words are interpreted one by one although nobody asked for it; undefined when they are not. */
  readonly interpreted: string | undefined;
  private readonly chip: ChipState;
  private readonly crew: Crew;
  private readonly draw: () => void;
  private readonly stores: readonly SpreadStore[];
  private readonly outputs: Record<string, Float64Array> = {};
  /** Parts of the outputs, group by group. */
  private readonly ports: readonly OutputPart[];

  constructor(
    readonly program: Program,
    architecture: Architecture,
    options: EmulatorOptions = {},
  ) {
    const { threads = 1 } = options;
    this.accounting = new Accounting(program, architecture.timing);
    const codes = program.cores.map((core) => architecture.load(core, program));
    const made = options.interpret ? undefined : generated(program, codes);
    this.interpreted = typeof made === 'string' ? made : undefined;
    const whole =
      typeof made === 'object' ? this.generated(made, codes, threads) : this.interpret(codes);
    this.chip = whole.chip;
    this.crew = whole.crew;
    this.draw = whole.draw;
    this.stores = program.symbols.map((symbol) => this.storeOf(symbol));
    const port = ({ population }: { population: number }): { name: string; size: number } => {
      const { name, size } = program.populations[population]!;
      return { name, size };
    };
    for (const output of program.outputs) {
      const { name, size } = port(output);
      this.outputs[name] = new Float64Array(size);
    }
    this.ports = program.outputs.flatMap((port) => this.outputParts(port));
    this.shape = {
      machine: 'emulator',
      inputs: program.inputs.map(port),
      outputs: program.outputs.map(port),
      probes: this.stores.map(({ parts: _, ...shape }) => shape),
    };
    this.reset({ seed: 0 });
  }

  reset({ seed }: { readonly seed: number }): void {
    resetChip(this.chip, seed);
    this.accounting.reset();
  }

  step(inputs: Inputs): Outputs {
    this.encode(inputs);
    for (let phase = 0; phase < this.program.phases; phase++) {
      this.crew.runPhase(phase);
      this.accounting.barrier(phase);
    }
    this.sendDelayed();
    if (this.learning) this.draw();
    this.crew.finish(this.learning);
    this.accounting.barrier(this.program.phases);
    this.chip.step++;
    return this.decode();
  }

  read(probe: Probe): Float64Array {
    if (probe.kind === 'counter') return Float64Array.of(this.counter(probe));
    const { length, parts, format } = findProbe(this.stores, probe);
    const reals = new Float64Array(length);
    for (const { values, at } of parts) {
      for (let i = 0; i < at.length; i++) reals[at[i]!] = toReal(values[i]!, format);
    }
    return reals;
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    const integers = integersToWrite({ ...store, values: store }, values);
    this.chip.edits++;
    for (const { values: part, at } of store.parts) {
      for (let i = 0; i < at.length; i++) part[i] = integers[at[i]!]!;
    }
  }

  get nanosecondsPerCycle(): number {
    return this.accounting.timing.nanosecondsPerCycle;
  }

  coreCycles(): readonly number[] {
    return this.accounting.cores.map(({ cycles }) => cycles);
  }

  /** Ends the threads that the emulator has beside this one; it runs no more steps. */
  close(): void {
    this.crew.close();
  }

  private generated(made: GeneratedChip, codes: readonly LoadedCode[], threads: number): Whole {
    const { chip, module, memory, shared } = made;
    const own = kernelsOf(module, memory);
    const draws = made.draws.map(({ name, every }) => ({ run: own(name), every }));
    const draw = (): void => {
      for (const { run, every } of draws) {
        if ((chip.step + 1) % every === 0) run(chip.seed, chip.step);
      }
    };
    const count = Math.min(threads, chip.cores.length);
    if (count > 1) {
      const products = chip.cores.map(
        ({ blocks }, c) =>
          new Map(
            blocks
              .filter(({ block }) => block.entry >= 0)
              .map(({ block }) => [block.entry, codes[c]!.products(block.entry)]),
          ),
      );
      const crew = new Threads({ ...made, products }, count, this.accounting);
      return { chip, crew, draw };
    }
    const limited = (n: number): void => {
      this.accounting.saturations += n;
    };
    const kernels = (state: CoreState, c: number): CoreKernels =>
      new GeneratedCore(state, c, chip, own, shared, limited);
    return { chip, crew: this.oneThread(chip, codes, kernels), draw };
  }

  private interpret(codes: readonly LoadedCode[]): Whole {
    const chip = createChip(this.program, INTERPRETER_MEMORY);
    const kernels = (state: CoreState, c: number): CoreKernels =>
      new Interpreter(state, codes[c]!, chip, this.saturated);
    return { chip, crew: this.oneThread(chip, codes, kernels), draw: () => undefined };
  }

  private oneThread(
    chip: ChipState,
    codes: readonly LoadedCode[],
    kernels: (state: CoreState, c: number) => CoreKernels,
  ): Crew {
    const cores = chip.cores.map((state, c) => {
      const products = (entry: number): number => codes[c]!.products(entry);
      return new Core(state, kernels(state, c), products, chip, this.accounting);
    });
    return new OneThread(cores);
  }

  private counter(probe: Probe & { readonly kind: 'counter' }): number {
    const { accounting } = this;
    const probes = COUNTERS.map((name) => ({ name, probe: { kind: 'counter', name } as const }));
    const { name } = findProbe(probes, probe);
    return name === 'step' ? this.chip.step : accounting[name];
  }

  private readonly saturated = (): void => {
    this.accounting.saturations++;
  };

  /** Inputs enter from outside: the payload, and the traces that the encoder derives from it. */
  private encode(inputs: Inputs): void {
    checkInputs(inputs, this.shape.inputs);
    for (const port of this.program.inputs) {
      const population = this.program.populations[port.population]!;
      const given = inputs.values[population.name]!;
      const { payload, traces } = this.chip.mailboxes[port.population]!;
      encodeInputs(port, given, payload, this.saturated);
      let messages = 0;
      for (let i = 0; i < payload.length; i++) {
        if (payload[i] !== 0) messages++;
      }
      for (let slot = 0; slot < traces.length; slot++) {
        tracesOf(payload, population.payloadFormat, population.traces[slot]!, traces[slot]!);
      }
      const perStep = messages + population.traces.length * payload.length;
      this.accounting.sent(port.population, -1, perStep);
    }
    const { modulator } = this.program;
    if (modulator)
      this.chip.modulator = toInteger(inputs.modulator, modulator.format) + modulator.offset;
  }

  private sendDelayed(): void {
    for (const { payload, delayed } of this.chip.mailboxes) {
      for (const [delay, line] of delayed)
        line[(this.chip.step + delay) % line.length]!.set(payload);
    }
  }

  private decode(): Outputs {
    for (const { port, fields, out } of this.ports) decodeOutputs(port, fields, out);
    return this.outputs;
  }

  private outputParts(port: ProgramPort): OutputPart[] {
    const out = this.outputs[this.program.populations[port.population]!.name]!;
    return this.chip.cores.flatMap(({ groups }) =>
      groups.flatMap(({ group, fields }) =>
        group.population === port.population
          ? [
              {
                port,
                fields: fields[port.field]!,
                out: out.subarray(group.first, group.first + group.count),
              },
            ]
          : [],
      ),
    );
  }

  private storeOf(symbol: ProgramSymbol): SpreadStore {
    const { kind, format, memory } = symbol;
    const parts = kind === 'variable' ? this.neuronParts(symbol) : this.synapseParts(symbol);
    const length = parts.reduce((sum, p) => sum + p.at.length, 0);
    return {
      probe: symbolProbe(symbol),
      format,
      writable: memory !== 'payload',
      length,
      parts,
    };
  }

  private neuronParts({ owner, memory, field, places }: ProgramSymbol): Part[] {
    if (memory === 'payload') {
      const population = this.program.populations.findIndex((p) => p.name === owner);
      const values = this.chip.mailboxes[population]!.payload;
      return [{ values, at: Uint32Array.from(values, (_, i) => i) }];
    }
    return places.map((place) => {
      const { group, fields } = this.coreOf(place).groups[place.index]!;
      return {
        values: fields[field]!,
        at: Uint32Array.from({ length: group.count }, (_, i) => group.first + i),
      };
    });
  }

  private coreOf({ core }: ProgramPlace): CoreState {
    return this.chip.cores[this.program.cores.findIndex((c) => c.index === core)]!;
  }

  /** Blocks hold rows of a projection cut by core: where the synapses of each lie in the rows of the whole. */
  private synapseParts({ memory, places }: ProgramSymbol): Part[] {
    const states = places.map((place) => this.coreOf(place).blocks[place.index]!);
    const parts = states.map(({ weights, tags, block }) => ({
      values: memory === 'tags' ? tags : weights,
      at: new Uint32Array(block.columns.length),
    }));
    const rows = (states[0]?.block.rowStart.length ?? 1) - 1;
    let position = 0;
    for (let row = 0; row < rows; row++) {
      const cuts = states
        .map(({ block }, part) => {
          const [start, end] = [block.rowStart[row]!, block.rowStart[row + 1]!];
          return { part, start, end, first: block.columns[start]!, columns: block.columns };
        })
        .filter(({ start, end }) => start < end)
        .sort((a, b) => a.first - b.first);
      for (const { part, start, end } of cuts) {
        const { at } = parts[part]!;
        for (let k = start; k < end; k++) at[k] = position++;
      }
    }
    return parts;
  }
}

/** Code made from the words, or why there is none. */
function generated(program: Program, codes: readonly LoadedCode[]): GeneratedChip | string {
  try {
    return generateChip(program, codes);
  } catch (error) {
    if (error instanceof NotGenerated) return error.message;
    throw error;
  }
}

/** The x registers of an input: its payloads in the format of the trace, nearest and saturated, with the offset. */
function tracesOf(
  payload: IntegerArray,
  from: Format,
  { format, offset }: ProgramPopulation['traces'][number],
  into: IntegerArray,
): void {
  const bits = from.fraction - format.fraction;
  const unit = 2 ** bits;
  const half = bits > 0 ? unit / 2 : 0;
  const [low, high] = [minimumOf(format), maximumOf(format)];
  for (let i = 0; i < into.length; i++) {
    const nearest = Math.floor((payload[i]! + half) / unit);
    into[i] = Math.max(low, Math.min(high, nearest)) + offset;
  }
}
