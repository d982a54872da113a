import { emitLaneNetwork, type LaneNetwork } from '../../compiler/codegen/wasm/float-network.js';
import { SETTLE } from '../../compiler/codegen/wasm/float-rule.js';
import type { PlacedPopulation } from '../../compiler/codegen/wasm/lanes.js';
import type { Placed } from '../../compiler/codegen/wasm/layout.js';
import { floatPorts } from '../../compiler/codegen/wasm/ports.js';
import { emitWorld } from '../../compiler/codegen/wasm/world.js';
import { sentVariable } from '../../src/network/bind.js';
import { checkNetwork } from '../../src/network/check.js';
import type {
  Inputs,
  LaneMachine,
  MachineShape,
  Outputs,
  Probe,
} from '../../src/network/machine.js';
import type { Network, OutputPort } from '../../src/network/network.js';
import { checkWrite, findProbe } from '../../src/network/probes.js';
import { parameterValue } from '../../src/network/reference-state.js';
import { valueAt } from '../../src/network/synapses.js';
import type { LaneWorld, World } from '../../src/network/world.js';
import { at, type Kernel, LANES, LaneMemory } from './lane-memory.js';
import { LaneInputs, LaneOutputs } from './lane-ports.js';
import { LaneEpisodes } from './lane-world.js';

/**
 * Runs four copies of a network on WebAssembly generated from its equations: in every lane the bits of the reference machine in
 * float32.
 *
 * @throws DiagnosticsError PL12xx when the network does not pass `checkNetwork`.
 */
export function createLaneMachine(network: Network): LaneMachine {
  return new FloatLanes(checkNetwork(network));
}

interface LaneStore {
  readonly probe: Probe;
  readonly length: number;
  readonly format: undefined;
  readonly writable: boolean;
  readonly placed: Placed;
}

class FloatLanes implements LaneMachine {
  readonly shape: MachineShape;
  readonly lanes = LANES;
  learning = true;
  private readonly placed: LaneNetwork;
  private readonly memory: LaneMemory;
  /** What `reset` puts into the memory. */
  private readonly initial: Float32Array;
  /** The parts of it that a step changes. */
  private readonly changing: readonly Float32Array[];
  /** Whether the memory still has parameters of an earlier `initial`. */
  private stale = false;
  private readonly advance: Kernel;
  /** Completes the weights before they are read. */
  private readonly settle: Kernel;
  private readonly inputs: LaneInputs;
  private readonly stores: readonly LaneStore[];
  private readonly given: LaneOutputs;
  private steps = 0;

  constructor(private readonly network: Network) {
    this.placed = emitLaneNetwork(network);
    this.memory = new LaneMemory(this.placed.module);
    this.advance = this.memory.kernel('step');
    this.settle = this.memory.kernel(SETTLE);
    this.inputs = new LaneInputs(
      network.inputs.map((port) => ({ port, placed: this.payload(port.population) })),
      this.placed.modulator,
    );
    this.given = new LaneOutputs(
      network.outputs.map((port) => ({ port, placed: this.variable(port) })),
      LANES,
    );
    this.stores = this.collectStores();
    const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
    const port = ({ population: name }: { population: string }) => ({ name, size: sizeOf(name) });
    this.shape = {
      machine: 'host (lanes)',
      inputs: network.inputs.map(port),
      outputs: network.outputs.map(port),
      probes: this.stores.map(({ placed: _, ...shape }) => shape),
    };
    this.declareInitial();
    this.initial = this.memory.floats.slice();
    this.changing = this.findChanging();
  }

  initialise(probe: Probe, lane: number, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    checkWrite(store, values);
    this.stale = true;
    for (let i = 0; i < store.length; i++) this.initial[at(store.placed, i, lane)] = values[i]!;
  }

  keepInitial(): () => void {
    const kept = this.initial.slice();
    return () => {
      this.initial.set(kept);
      this.stale = true;
    };
  }

  /** The seed is unused: real arithmetic rounds to nearest, and no equation draws. */
  reset(_options: { readonly seed: number }): void {
    this.steps = 0;
    const { floats } = this.memory;
    if (this.stale) floats.set(this.initial);
    else for (const part of this.changing) floats.set(part, part.byteOffset / 4);
    this.stale = false;
  }

  step(inputs: readonly Inputs[]): void {
    const { steps } = this;
    const { floats } = this.memory;
    for (let lane = 0; lane < LANES; lane++) this.inputs.take(inputs[lane]!, lane, floats);
    this.advance(0, steps, this.learning ? 1 : 0, 0, 0);
    this.steps++;
    this.given.give(floats);
  }

  outputs(lane: number): Outputs {
    return this.given.of(lane);
  }

  read(probe: Probe, lane: number): Float64Array {
    const { placed } = findProbe(this.stores, probe);
    if (probe.kind === 'weight') this.settle();
    return Float64Array.from(
      { length: placed.length },
      (_, i) => this.memory.floats[at(placed, i, lane)]!,
    );
  }

  inhabit(world: World): LaneWorld {
    const [input] = this.network.inputs;
    const [output] = this.network.outputs;
    if (!input || !output) throw new Error('a world has one input and one output');
    const placed = emitWorld(
      world,
      floatPorts(input, output, {
        input: this.payload(input.population),
        modulator: this.placed.modulator,
        output: this.variable(output),
      }),
      this.memory.words.byteLength,
    );
    const episodes = new LaneEpisodes(this.memory, placed, world.steps, { offset: 0, bytes: 0 });
    return {
      run: (conditions, seed, scores) => {
        this.reset({ seed });
        this.steps = episodes.run(conditions, seed, this.learning, scores);
        this.given.give(this.memory.floats);
      },
    };
  }

  private payload(population: string): Placed {
    const placed = this.named(population);
    return placed.variables.get(sentVariable(placed.population))!;
  }

  private variable({ population, variable }: OutputPort): Placed {
    return this.named(population).variables.get(variable)!;
  }

  private named(population: string): PlacedPopulation {
    return this.placed.populations.find((p) => p.population.name === population)!;
  }

  private declareInitial(): void {
    for (const { population, variables, parameters } of this.placed.populations) {
      const { neuron } = population;
      for (const v of neuron?.variables ?? []) this.fill(variables.get(v.name)!, v.initial);
      for (const p of neuron?.parameters ?? []) {
        this.fill(parameters.get(p.name)!, parameterValue(p, population.parameters));
      }
    }
    for (const placed of this.placed.projections) {
      const { projection, weights, divisor, variables, parameters, rows } = placed;
      const { rule, connectivity } = projection;
      this.fill(weights, projection.initialWeights);
      if (divisor) this.fill(divisor, 1);
      for (const v of rule?.variables ?? []) this.fill(variables.get(v.name)!, v.initial);
      for (const p of rule?.parameters ?? []) {
        this.fill(parameters.get(p.name)!, parameterValue(p, projection.parameters));
      }
      if (!rows || connectivity.kind !== 'sparse') continue;
      this.memory.words.set(connectivity.rowStart, rows.rowStart.offset / 4);
      this.memory.words.set(connectivity.columns, rows.columns.offset / 4);
    }
  }

  private fill(placed: Placed, value: number | Float64Array): void {
    for (let i = 0; i < placed.length; i++) {
      const start = at(placed, i, 0);
      this.memory.floats.fill(valueAt(value, i), start, start + LANES);
    }
  }

  /** All but parameters, most of the memory where synapses have coefficients of their own. */
  private findChanging(): Float32Array[] {
    const { populations, projections } = this.placed;
    const fixed = [...populations, ...projections]
      .flatMap(({ parameters }) => [...parameters.values()])
      .sort((a, b) => a.offset - b.offset);
    const parts: Float32Array[] = [];
    let start = 0;
    for (const placed of fixed) {
      const first = at(placed, 0, 0);
      if (first > start) parts.push(this.initial.subarray(start, first));
      start = at(placed, placed.length, 0);
    }
    parts.push(this.initial.subarray(start));
    return parts;
  }

  private collectStores(): LaneStore[] {
    const stores: LaneStore[] = [];
    const add = (probe: Probe, placed: Placed, writable = true): void => {
      stores.push({ probe, placed, length: placed.length, format: undefined, writable });
    };
    for (const { population, variables, parameters, current } of this.placed.populations) {
      const owner = population.name;
      for (const [name, placed] of [...variables, ...parameters]) {
        add({ kind: 'variable', population: owner, name }, placed, population.neuron !== undefined);
      }
      if (population.neuron) add({ kind: 'current', population: owner }, current, false);
    }
    for (const { projection, weights, variables, parameters } of this.placed.projections) {
      const owner = projection.name;
      add({ kind: 'weight', projection: owner }, weights);
      for (const [name, placed] of [...variables, ...parameters]) {
        add({ kind: 'synapse', projection: owner, name }, placed);
      }
    }
    return stores;
  }
}
