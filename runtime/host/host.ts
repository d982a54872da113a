import { emitFloatNetwork } from '../../compiler/codegen/javascript/float-network.js';
import { own } from '../../compiler/codegen/javascript/float-neuron.js';
import { fusedNormalizations } from '../../compiler/codegen/javascript/float-rule.js';
import { exp } from '../../src/equations/functions/exp.js';
import { log } from '../../src/equations/functions/log.js';
import { tanh } from '../../src/equations/functions/tanh.js';
import { sentVariable } from '../../src/network/bind.js';
import { checkNetwork } from '../../src/network/check.js';
import type { Inputs, Machine, MachineShape, Outputs, Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { normalizeWeights } from '../../src/network/normalize.js';
import { populationOrder } from '../../src/network/order.js';
import { checkInputs, inputValue, outputValue } from '../../src/network/ports.js';
import { checkWrite, findProbe } from '../../src/network/probes.js';
import {
  type PopulationState,
  type ProjectionState,
  populationState,
  projectionState,
  type RealArray,
  type RealStore,
  realStores,
  resetPopulation,
  resetProjection,
} from '../../src/network/reference-state.js';

/** The kernels that generated code provides, as `emitFloatNetwork` says. */
interface Kernels {
  readonly neurons: readonly (() => void)[];
  readonly deliver: readonly ((arrived: RealArray) => void)[];
  readonly send: readonly (((payload: RealArray, slot: RealArray) => void) | undefined)[];
  readonly learn: readonly ((modulator: number) => void)[];
}

/**
 * Runs a network in float32 on JavaScript generated from its equations: the same bits as the reference machine in
 * its float32 mode.
 *
 * @throws DiagnosticsError PL12xx when the network does not pass `checkNetwork`.
 */
export function createHostMachine(network: Network): Machine {
  return new HostMachine(checkNetwork(network));
}

/** A projection at work. */
interface Route {
  readonly state: ProjectionState;
  readonly payload: RealArray;
  readonly deliver: (arrived: RealArray) => void;
  readonly send: ((payload: RealArray, slot: RealArray) => void) | undefined;
  readonly learn: (modulator: number) => void;
}

class HostMachine implements Machine {
  readonly shape: MachineShape;
  learning = true;
  private readonly order: readonly { routes: readonly Route[]; run: () => void }[];
  private readonly delayed: readonly Route[];
  private readonly rules: readonly Route[];
  private readonly populations: ReadonlyMap<string, PopulationState>;
  private readonly projections: ReadonlyMap<string, ProjectionState>;
  private readonly stores: readonly RealStore[];
  private readonly outputs: Readonly<Record<string, Float64Array>>;
  private readonly stepCounter = new Float64Array(1);

  constructor(private readonly network: Network) {
    const allocate = (length: number): RealArray => new Float32Array(length);
    this.populations = new Map(
      network.populations.map((p) => [p.name, populationState(p, allocate)]),
    );
    const sizeOf = (name: string): number => this.populations.get(name)!.population.size;
    this.projections = new Map(
      network.projections.map((p) => [
        p.name,
        projectionState(p, sizeOf(p.pre), sizeOf(p.post), allocate),
      ]),
    );
    const kernels = compileKernels(network, this.populations, this.projections);
    const routes = [...this.projections.values()].map((state, i): Route => {
      const { population, variables } = this.populations.get(state.projection.pre)!;
      return {
        state,
        payload: variables.get(sentVariable(population))!,
        deliver: kernels.deliver[i]!,
        send: kernels.send[i],
        learn: kernels.learn[i]!,
      };
    });
    this.order = populationOrder(network)
      .filter((p) => p.neuron)
      .map((p) => ({
        routes: routes.filter(({ state }) => state.projection.post === p.name),
        run: kernels.neurons[network.populations.indexOf(p)]!,
      }));
    this.delayed = routes.filter(({ state }) => state.projection.delay > 0);
    this.rules = routes.filter(({ state }) => state.projection.rule);
    this.outputs = Object.fromEntries(
      network.outputs.map((port) => [port.population, new Float64Array(sizeOf(port.population))]),
    );
    const counter = { kind: 'counter', name: 'step' } as const;
    this.stores = [
      ...realStores(network, this.populations, this.projections),
      { probe: counter, values: this.stepCounter, length: 1, format: undefined, writable: false },
    ];
    const port = ({ population }: { population: string }) => ({
      name: population,
      size: sizeOf(population),
    });
    this.shape = {
      machine: 'host',
      inputs: network.inputs.map(port),
      outputs: network.outputs.map(port),
      probes: this.stores.map(({ values: _, ...shape }) => shape),
    };
    this.reset({ seed: 0 });
  }

  reset(_options: { readonly seed: number }): void {
    this.stepCounter[0] = 0;
    for (const state of this.populations.values()) resetPopulation(state, Math.fround);
    for (const state of this.projections.values()) resetProjection(state, Math.fround);
  }

  step(inputs: Inputs): Outputs {
    checkInputs(inputs, this.shape.inputs);
    const step = this.stepCounter[0]!;
    for (const port of this.network.inputs) {
      const given = inputs.values[port.population]!;
      const value = this.populations.get(port.population)!.variables.get('value')!;
      for (let i = 0; i < value.length; i++) value[i] = inputValue(port, i, given[i]!);
    }
    for (const { routes, run } of this.order) {
      for (const { state, payload, deliver } of routes) {
        const { delay } = state.projection;
        deliver(delay === 0 ? payload : state.line[step % delay]!);
      }
      run();
    }
    for (const { state, payload, send } of this.delayed) {
      const slot = state.line[step % state.projection.delay]!;
      if (send) send(payload, slot);
      else slot.set(payload);
    }
    if (this.learning) this.learn(step, Math.fround(inputs.modulator));
    this.stepCounter[0] = step + 1;
    for (const port of this.network.outputs) {
      const values = this.populations.get(port.population)!.variables.get(port.variable)!;
      const output = this.outputs[port.population]!;
      for (let i = 0; i < output.length; i++) output[i] = outputValue(port, values[i]!);
    }
    return this.outputs;
  }

  read(probe: Probe): Float64Array {
    return Float64Array.from(findProbe(this.stores, probe).values);
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    checkWrite(store, values);
    store.values.set(values);
  }

  private learn(step: number, modulator: number): void {
    for (const { state, learn } of this.rules) {
      const { rule, every } = state.projection;
      if ((step + 1) % every !== 0) continue;
      learn(modulator);
      for (let n = fusedNormalizations(rule!); n < rule!.normalizations.length; n++) {
        normalizeWeights(rule!.normalizations[n]!, state.weights, state.before, Math.fround);
      }
    }
  }
}

function compileKernels(
  network: Network,
  populations: ReadonlyMap<string, PopulationState>,
  projections: ReadonlyMap<string, ProjectionState>,
): Kernels {
  const named = (...stores: readonly ReadonlyMap<string, RealArray>[]) =>
    Object.fromEntries(
      stores.flatMap((store) => [...store].map(([name, values]) => [own(name), values])),
    );
  const make = new Function(
    'populations',
    'projections',
    'exp',
    'log',
    'tanh',
    emitFloatNetwork(network),
  );
  return make(
    [...populations.values()].map(({ current, variables, parameters }) => ({
      current,
      ...named(variables, parameters),
    })),
    [...projections.values()].map(({ variables, parameters, accumulator, ...arrays }) => ({
      ...arrays,
      sums: accumulator,
      ...named(variables, parameters),
    })),
    exp,
    log,
    tanh,
  );
}
