import { type Arithmetic, evaluate, FLOAT32, FLOAT64 } from '../equations/evaluate.js';
import type { RuleModel, Update } from '../equations/model.js';
import { sentVariable } from './bind.js';
import { checkNetwork } from './check.js';
import type { Inputs, Machine, MachineShape, Outputs, Probe } from './machine.js';
import type { Network } from './network.js';
import { normalizeWeights } from './normalize.js';
import { populationOrder } from './order.js';
import { checkInputs, inputValue, outputValue } from './ports.js';
import { checkWrite, findProbe } from './probes.js';
import {
  type PopulationState,
  type ProjectionState,
  populationState,
  projectionState,
  type RealArray,
  type RealStore,
  type Round,
  realStores,
  resetPopulation,
  resetProjection,
} from './reference-state.js';

/** What the reference machine computes with: every operation rounded to this precision. */
export interface ReferenceOptions {
  readonly precision?: 'float64' | 'float32';
}

/**
 * The obviously right machine: straight loops over the equations of a network, in float64 or with every
 * operation, parameter, weight and input rounded to float32.
 *
 * Normative order of the sums: I starts at 0; for each incoming projection in network order an accumulator
 * starts at 0, and for pre ascending, for its synapses, `acc[post] = round(acc[post] + round(w · s))`, rows whose
 * payload s is 0 skipped; then `I = round(I + acc)`.
 *
 * @throws DiagnosticsError PL12xx when the network does not pass `checkNetwork`.
 */
export function createReferenceMachine(network: Network, options: ReferenceOptions = {}): Machine {
  return new ReferenceMachine(checkNetwork(network), options.precision ?? 'float64');
}

class ReferenceMachine implements Machine {
  readonly shape: MachineShape;
  learning = true;
  private readonly arithmetic: Arithmetic;
  private readonly round: Round;
  private readonly order: readonly PopulationState[];
  private readonly populations: ReadonlyMap<string, PopulationState>;
  private readonly projections: ReadonlyMap<string, ProjectionState>;
  private readonly stores: readonly RealStore[];
  private readonly outputs: Readonly<Record<string, Float64Array>>;
  private readonly stepCounter = new Float64Array(1);

  constructor(
    private readonly network: Network,
    precision: 'float64' | 'float32',
  ) {
    this.arithmetic = precision === 'float32' ? FLOAT32 : FLOAT64;
    this.round = precision === 'float32' ? Math.fround : (value) => value;
    const allocate = (length: number): RealArray => new Float64Array(length);
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
    this.order = populationOrder(network).map((p) => this.populations.get(p.name)!);
    this.outputs = Object.fromEntries(
      network.outputs.map((port) => [port.population, new Float64Array(sizeOf(port.population))]),
    );
    this.stores = [
      ...realStores(network, this.populations, this.projections),
      {
        probe: { kind: 'counter', name: 'step' },
        values: this.stepCounter,
        length: 1,
        format: undefined,
        writable: false,
      },
    ];
    const port = ({ population }: { population: string }) => ({
      name: population,
      size: sizeOf(population),
    });
    this.shape = {
      machine: precision === 'float32' ? 'reference float32' : 'reference',
      inputs: network.inputs.map(port),
      outputs: network.outputs.map(port),
      probes: this.stores.map(({ values: _, ...shape }) => shape),
    };
    this.reset({ seed: 0 });
  }

  /** The seed is unused: real arithmetic rounds to nearest, and no equation draws. */
  reset(_options: { readonly seed: number }): void {
    this.stepCounter[0] = 0;
    for (const state of this.populations.values()) resetPopulation(state, this.round);
    for (const state of this.projections.values()) resetProjection(state, this.round);
  }

  step(inputs: Inputs): Outputs {
    checkInputs(inputs, this.shape.inputs);
    const step = this.stepCounter[0]!;
    this.takeInputs(inputs);
    for (const state of this.order) {
      if (!state.population.neuron) continue;
      this.sumCurrents(state, step);
      this.runNeurons(state);
    }
    for (const state of this.projections.values()) this.send(state, step);
    if (this.learning) {
      const modulator = this.round(inputs.modulator);
      for (const state of this.projections.values()) {
        const { rule, every } = state.projection;
        if (rule && (step + 1) % every === 0) this.learn(state, rule, modulator);
      }
    }
    this.stepCounter[0] = step + 1;
    this.giveOutputs();
    return this.outputs;
  }

  read(probe: Probe): Float64Array {
    return Float64Array.from(findProbe(this.stores, probe).values);
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    checkWrite(store, values);
    for (let i = 0; i < store.length; i++) store.values[i] = this.round(values[i]!);
  }

  private takeInputs(inputs: Inputs): void {
    for (const port of this.network.inputs) {
      const given = inputs.values[port.population]!;
      const value = this.populations.get(port.population)!.variables.get('value')!;
      for (let i = 0; i < value.length; i++) value[i] = this.round(inputValue(port, i, given[i]!));
    }
  }

  private sumCurrents({ population, current }: PopulationState, step: number): void {
    current.fill(0);
    for (const state of this.projections.values()) {
      if (state.projection.post !== population.name) continue;
      const sums = this.arriving(state, step);
      for (let j = 0; j < current.length; j++) current[j] = this.round(current[j]! + sums[j]!);
    }
  }

  /** The sums that a projection brings in this step, one per postsynaptic neuron. */
  private arriving(state: ProjectionState, step: number): RealArray {
    const { delay, weight } = state.projection;
    if (delay === 0) return this.accumulate(state, this.payload(state), state.accumulator);
    const slot = state.line[step % delay]!;
    return weight === 'send' ? slot : this.accumulate(state, slot, state.accumulator);
  }

  /** Puts what was sent in this step where `arriving` finds it `delay` steps later. */
  private send(state: ProjectionState, step: number): void {
    const { delay, weight } = state.projection;
    if (delay === 0) return;
    const slot = state.line[step % delay]!;
    if (weight === 'send') this.accumulate(state, this.payload(state), slot);
    else slot.set(this.payload(state));
  }

  private payload({ projection }: ProjectionState): RealArray {
    const { population, variables } = this.populations.get(projection.pre)!;
    return variables.get(sentVariable(population))!;
  }

  private accumulate(
    { rowStart, columns, weights }: ProjectionState,
    payload: RealArray,
    sums: RealArray,
  ): RealArray {
    const { round } = this;
    sums.fill(0);
    for (let i = 0; i < payload.length; i++) {
      if (payload[i] === 0) continue;
      for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
        const j = columns[k]!;
        sums[j] = round(sums[j]! + round(weights[k]! * payload[i]!));
      }
    }
    return sums;
  }

  private runNeurons({ population, variables, parameters, current }: PopulationState): void {
    const { updates, variables: declared } = population.neuron!;
    const locals = new Map<string, number>();
    let i = 0;
    const read = (name: string): number => {
      if (name === 'I') return current[i]!;
      const variable = variables.get(name);
      if (variable) return variable[i]!;
      const parameter = parameters.get(name);
      if (parameter) return parameter.length === 1 ? parameter[0]! : parameter[i]!;
      return known(locals.get(name), name);
    };
    const run = this.updater(updates, declared, variables, locals, read);
    for (; i < population.size; i++) run(i);
  }

  private learn(state: ProjectionState, rule: RuleModel, modulator: number): void {
    const { projection, rowStart, columns, weights, before, variables, parameters } = state;
    const locals = new Map<string, number>();
    const pre = this.populations.get(projection.pre)!;
    const post = this.populations.get(projection.post)!;
    const signals = new Map(
      projection.bindings.map(({ signal, side, variable }) => [
        signal,
        { side, values: (side === 'pre' ? pre : post).variables.get(variable)! },
      ]),
    );
    const scopes = new Map(rule.parameters.map((p) => [p.name, p.scope]));
    let i = 0;
    let j = 0;
    let k = 0;
    const read = (name: string): number => {
      if (name === 'w') return weights[k]!;
      if (name === 'm') return modulator;
      const signal = signals.get(name);
      if (signal) return signal.values[signal.side === 'pre' ? i : j]!;
      const variable = variables.get(name);
      if (variable) return variable[k]!;
      const scope = scopes.get(name);
      if (scope)
        return parameters.get(name)![scope === 'synapse' ? k : scope === 'neuron' ? j : 0]!;
      return known(locals.get(name), name);
    };
    const run = this.updater(rule.updates, rule.variables, variables, locals, read);
    if (before.length > 0) before.set(weights);
    for (i = 0; i + 1 < rowStart.length; i++) {
      for (k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
        j = columns[k]!;
        run(k);
        const dw = rule.dw ? this.round(evaluate(rule.dw, read, this.arithmetic)) : 0;
        weights[k] = this.round(weights[k]! + dw);
      }
    }
    for (const normalization of rule.normalizations) {
      normalizeWeights(normalization, weights, before, this.round);
    }
  }

  /** Runs the assignments of one neuron or synapse, in order, as `Update` in equations/model.ts says. */
  private updater(
    updates: readonly Update[],
    declared: readonly { readonly name: string; readonly persistent: boolean }[],
    variables: ReadonlyMap<string, RealArray>,
    locals: Map<string, number>,
    read: (name: string) => number,
  ): (index: number) => void {
    const persistent = new Map(declared.map((v) => [v.name, v.persistent]));
    const assigned = new Set<string>();
    return (index) => {
      assigned.clear();
      locals.clear();
      for (const { target, local, value, condition } of updates) {
        const holds = !condition || evaluate(condition, read, this.arithmetic) !== 0;
        const store = local ? undefined : variables.get(target)!;
        if (holds) {
          const result = this.round(evaluate(value, read, this.arithmetic));
          if (store) store[index] = result;
          else locals.set(target, result);
        } else if (!assigned.has(target) && !persistent.get(target)) {
          if (store) store[index] = 0;
          else locals.set(target, 0);
        }
        assigned.add(target);
      }
    };
  }

  private giveOutputs(): void {
    for (const port of this.network.outputs) {
      const values = this.populations.get(port.population)!.variables.get(port.variable)!;
      const output = this.outputs[port.population]!;
      for (let i = 0; i < output.length; i++) output[i] = outputValue(port, values[i]!);
    }
  }
}

/** A checked model names only what exists. */
function known(value: number | undefined, name: string): number {
  if (value === undefined) throw new Error(`the equations read ${name}, which nothing defines`);
  return value;
}
