import {
  emitLaneIntegers,
  type LaneIntegers,
} from '../../compiler/codegen/wasm/integer-network.js';
import type { Placed } from '../../compiler/codegen/wasm/layout.js';
import { integerPorts } from '../../compiler/codegen/wasm/ports.js';
import { emitWorld } from '../../compiler/codegen/wasm/world.js';
import type { FixedNetwork, FixedPort } from '../../compiler/levels/fixed/fixed.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import { decodeOutputs, encodeInputs } from '../../compiler/levels/numbers/codec.js';
import { type Format, toReal } from '../../compiler/levels/numbers/format.js';
import { toInteger } from '../../compiler/levels/numbers/rounding.js';
import type { CoefficientArrays } from '../../compiler/passes/quantise/coefficients.js';
import type {
  Inputs,
  LaneMachine,
  MachineShape,
  Outputs,
  Probe,
} from '../../src/network/machine.js';
import { checkInputs } from '../../src/network/ports.js';
import { findProbe } from '../../src/network/probes.js';
import type { LaneWorld, World } from '../../src/network/world.js';
import { integersToWrite } from '../probes.js';
import { at, type Kernel, LANES, LaneMemory } from './lane-memory.js';
import { LaneEpisodes } from './lane-world.js';

/** A lane machine whose coefficients can be replaced lane by lane: what `train --on` runs. */
export interface IntegerLanes extends LaneMachine {
  /** Replaces the coefficients of a projection in one lane, from the next reset on. */
  initialiseCoefficients(projection: string, arrays: CoefficientArrays, lane: number): void;
}

/** Runs a quantised network on WebAssembly generated from its micro-operations; `lanesRefuse` says which it cannot. */
export function createIntegerLanes(
  micro: MicroProgram,
  options: IntegerLanesOptions = {},
): IntegerLanes {
  return new GeneratedIntegers(micro, options);
}

export interface IntegerLanesOptions {
  /** Bytes that the random draws of an episode may take to be kept for the next one with its seed; 64 MiB when absent. */
  readonly keptDraws?: number;
}

/** Lanes count no saturations. */
const uncounted = (): void => undefined;

interface LaneStore {
  readonly probe: Probe;
  readonly length: number;
  readonly format: Format;
  readonly writable: boolean;
  readonly placed: Placed;
}

class GeneratedIntegers implements IntegerLanes {
  readonly shape: MachineShape;
  readonly lanes = LANES;
  learning = true;
  private readonly fixed: FixedNetwork;
  private readonly placed: LaneIntegers;
  private readonly memory: LaneMemory;
  /** What `reset` puts into the memory: all that is not made anew in each step. */
  private initial: Int32Array;
  /** Whether somebody keeps `initial` to return to it. */
  private isKept = false;
  private readonly advance: Kernel;
  private readonly stores: readonly LaneStore[];
  private readonly given: readonly Readonly<Record<string, Float64Array>>[];
  private seed = 0;
  private steps = 0;

  constructor(
    micro: MicroProgram,
    private readonly options: IntegerLanesOptions,
  ) {
    const { fixed } = micro;
    this.fixed = fixed;
    this.placed = emitLaneIntegers(micro);
    this.memory = new LaneMemory(this.placed.module);
    this.advance = this.memory.kernel('step');
    this.stores = this.collectStores();
    const port = ({ population: name }: { population: string }) => ({
      name,
      size: fixed.populations.find((p) => p.name === name)!.size,
    });
    this.given = Array.from({ length: LANES }, () =>
      Object.fromEntries(fixed.outputs.map((o) => [o.population, new Float64Array(port(o).size)])),
    );
    this.shape = {
      machine: 'host (integers, lanes)',
      inputs: fixed.inputs.map(port),
      outputs: fixed.outputs.map(port),
      probes: this.stores.map(({ placed: _, ...shape }) => shape),
    };
    this.declareInitial();
    this.initial = this.memory.words.slice(0, this.placed.draws.offset / 4);
    this.declareCoefficients();
    this.reset({ seed: 0 });
  }

  initialise(probe: Probe, lane: number, values: ArrayLike<number>): void {
    const { placed, ...store } = findProbe(this.stores, probe);
    const integers = integersToWrite({ ...store, values: placed }, values);
    const { values: memory, first, step } = lanesOf(this.ownInitial(), placed);
    for (let i = 0; i < integers.length; i++) memory[first + i * step + lane] = integers[i]!;
  }

  initialiseCoefficients(projection: string, arrays: CoefficientArrays, lane: number): void {
    const own = this.placed.coefficients.get(projection)!;
    const memory = this.ownInitial();
    for (const { placed, mantissa, exponent, least, most } of own.values()) {
      const mantissas = mantissa === undefined ? undefined : arrays.get(mantissa)!;
      const exponents = exponent === undefined ? undefined : arrays.get(exponent)!;
      const { values, first, step } = lanesOf(memory, placed);
      for (let k = 0, i = first + lane; k < placed.length; k++, i += step) {
        const value = (mantissas ? mantissas[k]! : 1) << (exponents ? exponents[k]! : 0);
        values[i] = Math.max(least, Math.min(most, value));
      }
    }
  }

  keepInitial(): () => void {
    const kept = this.initial;
    this.isKept = true;
    return () => {
      this.initial = kept;
      this.isKept = true;
    };
  }

  /** `initial`, to be changed: a copy where it is kept as it is. */
  private ownInitial(): Int32Array {
    if (this.isKept) this.initial = this.initial.slice();
    this.isKept = false;
    return this.initial;
  }

  reset({ seed }: { readonly seed: number }): void {
    this.seed = seed | 0;
    this.steps = 0;
    this.memory.words.set(this.initial);
  }

  step(inputs: readonly Inputs[]): void {
    const { steps } = this;
    for (let lane = 0; lane < LANES; lane++) this.encode(inputs[lane]!, lane);
    this.advance(this.seed, steps, this.learning ? 1 : 0, this.placed.draws.offset, 1);
    this.steps++;
    this.decode();
  }

  inhabit(world: World): LaneWorld {
    const { fixed, placed } = this;
    const [input] = fixed.inputs;
    const [output] = fixed.outputs;
    if (!input || !output) throw new Error('a world has one input and one output');
    const field = (port: FixedPort): Placed =>
      placed.neurons.get(port.population)!.get(port.field)!;
    const episode = emitWorld(
      world,
      integerPorts(input, output, fixed.modulator, {
        input: field(input),
        modulator: placed.modulator,
        output: field(output),
      }),
      this.memory.words.byteLength,
    );
    const { offset, length, stride } = placed.draws;
    const block = { offset, bytes: length * stride };
    const { keptDraws } = this.options;
    const episodes = new LaneEpisodes(this.memory, episode, world.steps, block, keptDraws);
    return {
      run: (conditions, seed, scores) => {
        this.reset({ seed });
        this.steps = episodes.run(conditions, this.seed, this.learning, scores);
        this.decode();
      },
    };
  }

  outputs(lane: number): Outputs {
    return this.given[lane]!;
  }

  read(probe: Probe, lane: number): Float64Array {
    const { placed, format } = findProbe(this.stores, probe);
    const { values, first, step } = lanesOf(this.memory.words, placed);
    return Float64Array.from({ length: placed.length }, (_, i) =>
      toReal(values[first + i * step + lane]!, format),
    );
  }

  private decode(): void {
    for (const port of this.fixed.outputs) {
      const placed = this.placed.neurons.get(port.population)!.get(port.field)!;
      for (let lane = 0; lane < LANES; lane++) {
        const output = this.given[lane]![port.population]!;
        const first = at(placed, 0, lane);
        decodeOutputs(port, this.memory.words, output, first, placed.stride / 4);
      }
    }
  }

  private encode(inputs: Inputs, lane: number): void {
    checkInputs(inputs, this.shape.inputs);
    for (const port of this.fixed.inputs) {
      const given = inputs.values[port.population]!;
      const placed = this.placed.neurons.get(port.population)!.get(port.field)!;
      encodeInputs(
        port,
        given,
        this.memory.words,
        uncounted,
        at(placed, 0, lane),
        placed.stride / 4,
      );
    }
    const { modulator } = this.fixed;
    if (!modulator) return;
    this.memory.words[at(this.placed.modulator, 0, lane)] =
      toInteger(inputs.modulator, modulator.format) + modulator.offset;
  }

  private declareInitial(): void {
    const { fixed, placed } = this;
    for (const { placed: words, values } of placed.words)
      this.memory.words.set(values, words.offset / 4);
    for (const { name, fields } of fixed.populations) {
      for (const f of fields) this.fill(placed.neurons.get(name)!.get(f.name)!, f.initial);
    }
    for (const { name, weights, fields } of fixed.projections) {
      const own = placed.synapses.get(name)!;
      for (const f of [weights, ...fields]) this.fill(own.get(f.name)!, f.initial);
    }
    this.fill(placed.modulator, fixed.modulator?.offset ?? 0);
  }

  private declareCoefficients(): void {
    for (const { name, rule } of this.fixed.projections) {
      const arrays = new Map(
        (rule?.coefficients ?? []).map((c) => [
          c.name,
          Int32Array.from(rule!.profiles, (profile) => c.values[profile]!),
        ]),
      );
      for (let lane = 0; lane < LANES; lane++) this.initialiseCoefficients(name, arrays, lane);
    }
  }

  private fill(placed: Placed, value: number | ArrayLike<number>): void {
    const { values, first, step } = lanesOf(this.memory.words, placed);
    for (let i = 0; i < placed.length; i++) {
      const start = first + i * step;
      values.fill(typeof value === 'number' ? value : value[i]!, start, start + LANES);
    }
  }

  private collectStores(): LaneStore[] {
    const stores: LaneStore[] = [];
    const add = (probe: Probe, placed: Placed, format: Format, writable: boolean): void => {
      stores.push({ probe, placed, length: placed.length, format, writable });
    };
    for (const { name: population, fields } of this.fixed.populations) {
      for (const { name, symbol, format, role } of fields) {
        if (symbol === undefined) continue;
        const placed = this.placed.neurons.get(population)!.get(name)!;
        add({ kind: 'variable', population, name: symbol }, placed, format, role !== 'payload');
      }
    }
    for (const { name: projection, weights, fields } of this.fixed.projections) {
      const own = this.placed.synapses.get(projection)!;
      add({ kind: 'weight', projection }, own.get('weight')!, weights.format, true);
      for (const { name, symbol, format } of fields) {
        if (symbol === undefined) continue;
        add({ kind: 'synapse', projection, name: symbol }, own.get(name)!, format, true);
      }
    }
    return stores;
  }
}

/** The lanes of a place as numbers of a memory: those of element i start at `first + i · step`. */
function lanesOf(
  words: Int32Array,
  { offset, stride }: Placed,
): { readonly values: Int32Array | Int16Array; readonly first: number; readonly step: number } {
  const bytes = stride / LANES;
  const values = bytes === 2 ? new Int16Array(words.buffer) : words;
  return { values, first: offset / bytes, step: LANES };
}
