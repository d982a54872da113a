import type { Expression } from '../equations/ast.js';
import {
  type Arithmetic,
  evaluateInto,
  FLOAT32,
  FLOAT64,
  type ReadInto,
  roomFor,
} from '../equations/evaluate.js';
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

/** One pass over the neurons of a population or the synapses of a rule. */
type Sweep = () => void;

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
  private readonly neurons: ReadonlyMap<PopulationState, Sweep>;
  private readonly rules: ReadonlyMap<ProjectionState, Sweep>;
  private readonly stepCounter = new Float64Array(1);
  private readonly modulator = new Float64Array(1);

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
    this.neurons = new Map(
      [...this.populations.values()].flatMap((state) =>
        state.population.neuron ? [[state, this.neuronSweep(state)] as const] : [],
      ),
    );
    this.rules = new Map(
      [...this.projections.values()].flatMap((state) => {
        const { rule } = state.projection;
        return rule ? [[state, this.ruleSweep(state, rule)] as const] : [];
      }),
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
      const run = this.neurons.get(state);
      if (!run) continue;
      this.sumCurrents(state, step);
      run();
    }
    for (const state of this.projections.values()) this.send(state, step);
    if (this.learning) {
      this.modulator[0] = this.round(inputs.modulator);
      for (const [{ projection }, run] of this.rules) {
        if ((step + 1) % projection.every === 0) run();
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

  /** The neurons of a population, one after the other; what they read is found once. */
  private neuronSweep({ population, variables, parameters, current }: PopulationState): Sweep {
    const { updates, variables: declared } = population.neuron!;
    const locals = localsOf(updates);
    let i = 0;
    const read: ReadInto = (name, values, at) => {
      const parameter = parameters.get(name);
      if (name === 'I') values[at] = current[i]!;
      else if (parameter) values[at] = parameter[parameter.length === 1 ? 0 : i]!;
      else values[at] = known(variables.get(name), locals.get(name), i, name);
    };
    const run = this.updater(updates, declared, variables, locals, read);
    return () => {
      for (i = 0; i < population.size; i++) run(i);
    };
  }

  /** The rule of a projection, one synapse after the other. */
  private ruleSweep(state: ProjectionState, rule: RuleModel): Sweep {
    const { projection, rowStart, columns, weights, before, variables, parameters } = state;
    const locals = localsOf(rule.updates);
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
    const read: ReadInto = (name, values, at) => {
      const signal = signals.get(name);
      const scope = scopes.get(name);
      if (name === 'w') values[at] = weights[k]!;
      else if (name === 'm') values[at] = this.modulator[0]!;
      else if (signal) values[at] = signal.values[signal.side === 'pre' ? i : j]!;
      else if (scope)
        values[at] = parameters.get(name)![scope === 'synapse' ? k : scope === 'neuron' ? j : 0]!;
      else values[at] = known(variables.get(name), locals.get(name), k, name);
    };
    const run = this.updater(rule.updates, rule.variables, variables, locals, read);
    const dw = rule.dw && this.evaluator(rule.dw, read);
    return () => {
      if (before.length > 0) before.set(weights);
      for (i = 0; i + 1 < rowStart.length; i++) {
        for (k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
          j = columns[k]!;
          run(k);
          const change = dw ? this.round(dw()[0]!) : 0;
          weights[k] = this.round(weights[k]! + change);
        }
      }
      for (const normalization of rule.normalizations) {
        normalizeWeights(normalization, weights, before, this.round);
      }
    };
  }

  /** Evaluates an expression when called; its value is the first of what comes back. */
  private evaluator(expression: Expression, read: ReadInto): () => Float64Array {
    const values = roomFor(expression);
    return () => {
      evaluateInto(expression, read, this.arithmetic, values, 0);
      return values;
    };
  }

  /** Runs the assignments of one neuron or synapse, in order, as `Update` in equations/model.ts says. */
  private updater(
    updates: readonly Update[],
    declared: readonly { readonly name: string; readonly persistent: boolean }[],
    variables: ReadonlyMap<string, RealArray>,
    locals: ReadonlyMap<string, Float64Array>,
    read: ReadInto,
  ): (index: number) => void {
    const persistent = new Set(declared.filter((v) => v.persistent).map((v) => v.name));
    const steps = updates.map(({ target, local, value, condition }, i) => ({
      value: this.evaluator(value, read),
      condition: condition && this.evaluator(condition, read),
      store: local ? locals.get(target)! : variables.get(target)!,
      local,
      // Where nothing was assigned yet, what does not persist is 0.
      clears: !persistent.has(target) && !updates.slice(0, i).some((u) => u.target === target),
    }));
    return (index) => {
      for (const local of locals.values()) local[0] = Number.NaN;
      for (const { value, condition, store, local, clears } of steps) {
        const at = local ? 0 : index;
        if (condition?.()[0] !== 0) store[at] = this.round(value()[0]!);
        else if (clears) store[at] = 0;
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

/** One value for each local name; NaN until it is assigned. */
const localsOf = (updates: readonly Update[]): ReadonlyMap<string, Float64Array> =>
  new Map(updates.filter((u) => u.local).map((u) => [u.target, new Float64Array(1)]));

/** A variable or a local; a checked model names only what exists. */
function known(
  variable: RealArray | undefined,
  local: Float64Array | undefined,
  index: number,
  name: string,
): number {
  if (variable) return variable[index]!;
  if (!local) throw new Error(`the equations read ${name}, which nothing defines`);
  return local[0]!;
}
