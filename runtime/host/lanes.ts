import { emitLaneNetwork, type LaneNetwork } from '../../compiler/codegen/wasm/float-network.js';
import type { PlacedPopulation } from '../../compiler/codegen/wasm/lanes.js';
import type { Placed } from '../../compiler/codegen/wasm/layout.js';
import { exp } from '../../src/equations/functions/exp.js';
import { log } from '../../src/equations/functions/log.js';
import { tanh } from '../../src/equations/functions/tanh.js';
import { sentVariable } from '../../src/network/bind.js';
import { checkNetwork } from '../../src/network/check.js';
import type {
  Inputs,
  LaneMachine,
  MachineShape,
  Outputs,
  Probe,
} from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { populationOrder } from '../../src/network/order.js';
import { checkInputs, inputValue, outputValue } from '../../src/network/ports.js';
import { checkWrite, findProbe } from '../../src/network/probes.js';
import { parameterValue } from '../../src/network/reference-state.js';
import { valueAt } from '../../src/network/synapses.js';
import { at, type Kernel, LANES, LaneMemory, type Work } from './lane-memory.js';

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
  private readonly floats: Float32Array;
  /** What `reset` puts into the memory. */
  private readonly initial: Float32Array;
  private readonly neurons: readonly Work[];
  private readonly sends: readonly Work[];
  private readonly rules: readonly { readonly every: number; readonly learn: Kernel }[];
  private readonly inputs: readonly { readonly placed: Placed; readonly index: number }[];
  private readonly stores: readonly LaneStore[];
  private readonly given: readonly Readonly<Record<string, Float64Array>>[];
  private steps = 0;

  constructor(private readonly network: Network) {
    this.placed = emitLaneNetwork(network);
    this.memory = new LaneMemory(this.placed.module, { exp, log, tanh });
    this.floats = this.memory.floats;
    this.neurons = this.planNeurons();
    this.sends = this.planSends();
    this.rules = network.projections.flatMap(({ rule, every }, q) =>
      rule ? [{ every, learn: this.memory.kernel(`learn${q}`) }] : [],
    );
    this.inputs = network.inputs.map((port, index) => ({
      placed: this.payload(port.population),
      index,
    }));
    this.stores = this.collectStores();
    const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
    this.given = Array.from({ length: LANES }, () =>
      Object.fromEntries(
        network.outputs.map((o) => [o.population, new Float64Array(sizeOf(o.population))]),
      ),
    );
    const port = ({ population: name }: { population: string }) => ({ name, size: sizeOf(name) });
    this.shape = {
      machine: 'host (lanes)',
      inputs: network.inputs.map(port),
      outputs: network.outputs.map(port),
      probes: this.stores.map(({ placed: _, ...shape }) => shape),
    };
    this.declareInitial();
    this.initial = this.floats.slice();
  }

  initialise(probe: Probe, lane: number, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    checkWrite(store, values);
    for (let i = 0; i < store.length; i++) this.initial[at(store.placed, i, lane)] = values[i]!;
  }

  /** The seed is unused: real arithmetic rounds to nearest, and no equation draws. */
  reset(_options: { readonly seed: number }): void {
    this.steps = 0;
    this.floats.set(this.initial);
  }

  step(inputs: readonly Inputs[]): void {
    const { steps } = this;
    for (let lane = 0; lane < LANES; lane++) this.takeInputs(inputs[lane]!, lane);
    for (const work of this.neurons) work(steps);
    for (const work of this.sends) work(steps);
    if (this.learning) {
      for (const { every, learn } of this.rules) if ((steps + 1) % every === 0) learn();
    }
    this.steps++;
    for (let lane = 0; lane < LANES; lane++) this.giveOutputs(lane);
  }

  outputs(lane: number): Outputs {
    return this.given[lane]!;
  }

  read(probe: Probe, lane: number): Float64Array {
    const { placed } = findProbe(this.stores, probe);
    return Float64Array.from(
      { length: placed.length },
      (_, i) => this.floats[at(placed, i, lane)]!,
    );
  }

  private takeInputs(inputs: Inputs, lane: number): void {
    checkInputs(inputs, this.shape.inputs);
    for (const { placed, index } of this.inputs) {
      const port = this.network.inputs[index]!;
      const values = inputs.values[port.population]!;
      for (let i = 0; i < placed.length; i++) {
        this.floats[at(placed, i, lane)] = inputValue(port, i, values[i]!);
      }
    }
    this.floats[at(this.placed.modulator, 0, lane)] = inputs.modulator;
  }

  private giveOutputs(lane: number): void {
    for (const port of this.network.outputs) {
      const placed = this.named(port.population).variables.get(port.variable)!;
      const output = this.given[lane]![port.population]!;
      for (let i = 0; i < output.length; i++) {
        output[i] = outputValue(port, this.floats[at(placed, i, lane)]!);
      }
    }
  }

  /** Populations in the order of a step, each after its currents. */
  private planNeurons(): Work[] {
    const { network, memory } = this;
    return populationOrder(network).flatMap((p) => {
      if (!p.neuron) return [];
      const currents = network.projections.flatMap((projection, q): Work[] => {
        if (projection.post !== p.name) return [];
        const deliver = memory.kernel(`deliver${q}`);
        const { delay, pre } = projection;
        const { line } = this.placed.projections[q]!;
        const { offset } = this.payload(pre);
        return [(step) => deliver(delay === 0 ? offset : line[step % delay]!.offset)];
      });
      const run = memory.kernel(`neurons${network.populations.indexOf(p)}`);
      return [...currents, () => run()];
    });
  }

  /** Puts what is sent in a step where it arrives `delay` steps later. */
  private planSends(): Work[] {
    const { network, memory } = this;
    return network.projections.flatMap(({ delay, weight, pre }, q): Work[] => {
      if (delay === 0) return [];
      const { line } = this.placed.projections[q]!;
      const payload = this.payload(pre);
      if (weight !== 'send') return [(step) => memory.copy(payload, line[step % delay]!)];
      const send = memory.kernel(`send${q}`);
      return [(step) => send(payload.offset, line[step % delay]!.offset)];
    });
  }

  private payload(population: string): Placed {
    const placed = this.named(population);
    return placed.variables.get(sentVariable(placed.population))!;
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
    for (const { projection, weights, variables, parameters, rows } of this.placed.projections) {
      const { rule, connectivity } = projection;
      this.fill(weights, projection.initialWeights);
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
      this.floats.fill(valueAt(value, i), start, start + LANES);
    }
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
