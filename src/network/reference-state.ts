import type { ModelParameter, ModelVariable, RuleModel } from '../equations/model.js';
import type { Probe, ProbeShape } from './machine.js';
import type { Network, ParameterValue, Population, Projection } from './network.js';
import { columnsOf, rowStarts, synapseCount } from './synapses.js';

/** Rounds a real number to what the machine's arithmetic holds (identity for float64). */
export type Round = (value: number) => number;

/** State is held in float64, or in float32 where the machine computes in it. */
export type RealArray = Float64Array | Float32Array;

/** Makes an array of zeros. */
export type Allocate = (length: number) => RealArray;

/** Named arrays of one population or projection. */
export type Store = ReadonlyMap<string, RealArray>;

/** The state of one population: one value per neuron; a scalar parameter has one in all. */
export interface PopulationState {
  readonly population: Population;
  readonly variables: Store;
  readonly parameters: Store;
  readonly current: RealArray;
}

/** The state of one projection. */
export interface ProjectionState {
  readonly projection: Projection;
  readonly rowStart: Uint32Array;
  readonly columns: Uint32Array;
  readonly weights: RealArray;
  /** The weights before the rule of this step, for `decay`; empty where nothing decays. */
  readonly before: RealArray;
  readonly variables: Store;
  /** One value per synapse, postsynaptic neuron, or in all, as the parameter's scope says. */
  readonly parameters: Store;
  /** One sum per postsynaptic neuron. */
  readonly accumulator: RealArray;
  /** What is under way, slot `step mod delay`: payloads (`arrival`) or sums (`send`). */
  readonly line: readonly RealArray[];
}

/** Allocates the state of a population; `reset` fills it. */
export function populationState(population: Population, allocate: Allocate): PopulationState {
  const { neuron, size } = population;
  const variables = neuron ? neuron.variables.map((v) => v.name) : ['value'];
  return {
    population,
    variables: new Map(variables.map((name) => [name, allocate(size)])),
    parameters: new Map(
      (neuron?.parameters ?? []).map((p) => [p.name, allocate(p.scope === 'scalar' ? 1 : size)]),
    ),
    current: allocate(size),
  };
}

/** Allocates the state of a projection between populations of these sizes; `reset` fills it. */
export function projectionState(
  projection: Projection,
  preSize: number,
  postSize: number,
  allocate: Allocate,
): ProjectionState {
  const { rule, delay } = projection;
  const count = synapseCount(projection, preSize, postSize);
  const lengths = { scalar: 1, neuron: postSize, synapse: count };
  const inFlight = projection.weight === 'send' ? postSize : preSize;
  return {
    projection,
    rowStart: rowStarts(projection, preSize, postSize),
    columns: columnsOf(projection, preSize, postSize),
    weights: allocate(count),
    before: allocate(decays(rule) ? count : 0),
    variables: new Map((rule?.variables ?? []).map((v) => [v.name, allocate(count)])),
    parameters: new Map((rule?.parameters ?? []).map((p) => [p.name, allocate(lengths[p.scope])])),
    accumulator: allocate(postSize),
    line: Array.from({ length: delay }, () => allocate(inFlight)),
  };
}

const decays = (rule: RuleModel | undefined): boolean =>
  rule?.normalizations.some((n) => n.kind === 'decay') ?? false;

/** Puts a population at its declared initial values. */
export function resetPopulation(state: PopulationState, round: Round): void {
  const { population, variables, parameters, current } = state;
  const { neuron } = population;
  current.fill(0);
  if (!neuron) variables.get('value')!.fill(0);
  else resetStores(neuron, population.parameters, variables, parameters, round);
}

/** Puts a projection at its declared initial values, nothing under way. */
export function resetProjection(state: ProjectionState, round: Round): void {
  const { projection, weights, variables, parameters, line, accumulator } = state;
  setValues(weights, projection.initialWeights, round);
  accumulator.fill(0);
  for (const slot of line) slot.fill(0);
  if (projection.rule) {
    resetStores(projection.rule, projection.parameters, variables, parameters, round);
  }
}

/** Every episode resets: this must not allocate. */
function setValues(store: RealArray, value: ParameterValue, round: Round): void {
  if (typeof value === 'number') store.fill(round(value));
  else for (let i = 0; i < store.length; i++) store[i] = round(value[i]!);
}

function resetStores(
  model: {
    readonly parameters: readonly ModelParameter[];
    readonly variables: readonly ModelVariable[];
  },
  given: Readonly<Record<string, ParameterValue>>,
  variables: Store,
  parameters: Store,
  round: Round,
): void {
  for (const { name, initial } of model.variables) variables.get(name)!.fill(round(initial));
  for (const parameter of model.parameters) {
    const store = parameters.get(parameter.name)!;
    setValues(store, parameterValue(parameter, given), round);
  }
}

/** A parameter's value: the given one, else its default; a checked network has one of the two. */
export function parameterValue(
  parameter: ModelParameter,
  given: Readonly<Record<string, ParameterValue>>,
): ParameterValue {
  const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
  if (value === undefined) throw new Error(`parameter ${parameter.name} has no value`);
  return value;
}

/** A probe with the array behind it. */
export interface RealStore extends ProbeShape {
  readonly values: RealArray;
}

/** Every probe of the machine: variables, parameters and currents of populations, then what projections hold. */
export function realStores(
  network: Network,
  populations: ReadonlyMap<string, PopulationState>,
  projections: ReadonlyMap<string, ProjectionState>,
): RealStore[] {
  const stores: RealStore[] = [];
  const add = (probe: Probe, values: RealArray, writable: boolean): void => {
    stores.push({ probe, values, length: values.length, format: undefined, writable });
  };
  for (const { name: population, neuron } of network.populations) {
    const { variables, parameters, current } = populations.get(population)!;
    for (const [name, values] of [...variables, ...parameters]) {
      add({ kind: 'variable', population, name }, values, neuron !== undefined);
    }
    if (neuron) add({ kind: 'current', population }, current, false);
  }
  for (const { name: projection } of network.projections) {
    const { weights, variables, parameters } = projections.get(projection)!;
    add({ kind: 'weight', projection }, weights, true);
    for (const [name, values] of [...variables, ...parameters]) {
      add({ kind: 'synapse', projection, name }, values, true);
    }
  }
  return stores;
}
