import { sentVariable } from '../../../src/network/bind.js';
import type { Network, Population, Projection } from '../../../src/network/network.js';
import { populationOrder } from '../../../src/network/order.js';
import { synapseCount } from '../../../src/network/synapses.js';
import { holds, MATH } from './float-expression.js';
import { dividesLast, emitLanesRule, emitSettle, keepsBefore } from './float-rule.js';
import { FunctionBuilder } from './function-builder.js';
import {
  emitRows,
  emitUpdates,
  isDue,
  type PlacedPopulation,
  type PlacedProjection,
  weightAt,
} from './lanes.js';
import { Layout, type Placed, VECTOR } from './layout.js';
import type { WasmFunction, WasmModule } from './module.js';
import { f32x4, get, i32, type Local, type Node, operation } from './node.js';
import { StepWriter } from './step.js';

/** A network as a module that runs four members of a population at once, one in each lane. */
export interface LaneNetwork {
  readonly module: WasmModule;
  readonly populations: readonly PlacedPopulation[];
  readonly projections: readonly PlacedProjection[];
  /** One modulator per lane. */
  readonly modulator: Placed;
}

/**
 * Generates a network in float32 for four lanes, each the bits of `reference` in float32: `STEP`, and the kernels that it
 * calls, by index in the network: `neurons<p>()`, `deliver<q>(address)` adds to the current what arrives over a projection
 * (payloads, or sums where it sends currents), `send<q>(payload, slot)`, `learn<q>()`. Weights of every lane are its own.
 * `SETTLE` completes the weights, which may wait for a division when a step ends.
 */
export function emitLaneNetwork(network: Network): LaneNetwork {
  const layout = new Layout();
  const modulator = layout.lanes(1);
  const populations = network.populations.map((p) => placePopulation(p, layout));
  const projections = network.projections.map((p) => placeProjection(network, p, layout));
  const named = (name: string): PlacedPopulation =>
    populations.find((p) => p.population.name === name)!;
  const functions: WasmFunction[] = [
    ...populations.flatMap((p, i) => (p.population.neuron ? [emitNeurons(p, `neurons${i}`)] : [])),
    ...projections.flatMap((p, i) => {
      const { pre, post, rule } = p.projection;
      const first = network.projections.findIndex((q) => q.post === post) === i;
      const ends = [named(pre), named(post)] as const;
      return [
        ...emitDelivery(p, ends, i, first),
        ...(rule ? [emitLanesRule(p, ends, rule, modulator, `learn${i}`)] : []),
      ];
    }),
  ];
  functions.push(emitSettle(projections));
  const step = emitStep(network, functions, populations, projections);
  const module = {
    imports: Object.values(MATH),
    functions: [...functions, step],
    pages: layout.pages,
  };
  return { module, populations, projections, modulator };
}

/** Populations in the order of a step, each after its currents; then what is sent; then the rules. */
function emitStep(
  network: Network,
  functions: readonly WasmFunction[],
  populations: readonly PlacedPopulation[],
  projections: readonly PlacedProjection[],
): WasmFunction {
  const writer = new StepWriter(functions);
  const payload = (name: string): Placed => {
    const placed = populations.find((p) => p.population.name === name)!;
    return placed.variables.get(sentVariable(placed.population))!;
  };
  for (const population of populationOrder(network)) {
    if (!population.neuron) continue;
    for (const [q, { projection, line }] of projections.entries()) {
      const { pre, post, delay } = projection;
      if (post !== population.name) continue;
      writer.call(`deliver${q}`, delay === 0 ? i32(payload(pre).offset) : writer.slot(line, 0));
    }
    writer.call(`neurons${network.populations.indexOf(population)}`);
  }
  for (const [q, { projection, line }] of projections.entries()) {
    const { pre, delay, weight } = projection;
    if (delay === 0) continue;
    const { offset, length } = payload(pre);
    if (weight === 'send') writer.call(`send${q}`, i32(offset), writer.slot(line, 0));
    else writer.copy(i32(offset), writer.slot(line, 0), length);
  }
  for (const [q, { rule, every }] of network.projections.entries()) {
    if (rule) writer.learn(every, () => writer.call(`learn${q}`));
  }
  return writer.finish();
}

function placePopulation(population: Population, layout: Layout): PlacedPopulation {
  const { neuron, size } = population;
  const names = neuron ? neuron.variables.map((v) => v.name) : ['value'];
  return {
    population,
    variables: new Map(names.map((name) => [name, layout.lanes(size)])),
    parameters: new Map(
      (neuron?.parameters ?? []).map((p) => [
        p.name,
        layout.lanes(p.scope === 'scalar' ? 1 : size),
      ]),
    ),
    current: layout.lanes(size),
  };
}

function placeProjection(
  network: Network,
  projection: Projection,
  layout: Layout,
): PlacedProjection {
  const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
  const [pre, post] = [sizeOf(projection.pre), sizeOf(projection.post)];
  const count = synapseCount(projection, pre, post);
  const { rule, connectivity, delay, weight } = projection;
  const lengths = { scalar: 1, neuron: post, synapse: count };
  return {
    projection,
    weights: layout.lanes(count),
    divisor: rule && dividesLast(rule) ? layout.lanes(1) : undefined,
    before: rule && keepsBefore(rule) ? layout.lanes(count) : undefined,
    variables: new Map((rule?.variables ?? []).map((v) => [v.name, layout.lanes(count)])),
    parameters: new Map(
      (rule?.parameters ?? []).map((p) => [p.name, layout.lanes(lengths[p.scope])]),
    ),
    sums: layout.lanes(post),
    line: Array.from({ length: delay }, () => layout.lanes(weight === 'send' ? post : pre)),
    rows:
      connectivity.kind === 'sparse'
        ? { rowStart: layout.words(pre + 1), columns: layout.words(count) }
        : undefined,
  };
}

function emitNeurons(
  { population, variables, parameters, current }: PlacedPopulation,
  name: string,
) {
  const f = new FunctionBuilder(name);
  const { neuron, size } = population;
  const at: Local = { name: 'at', type: 'i32' };
  f.set(at, i32(0));
  const scalars = new Map<string, Local>();
  for (const [key, placed] of parameters) {
    if (placed.length === 1) scalars.set(key, f.keep(f.load(i32(0), placed.offset), key));
  }
  f.loop(size, () => {
    const names = new Map<string, Local>(scalars);
    names.set('I', f.keep(f.load(get(at), current.offset), 'I'));
    for (const [key, placed] of [...variables, ...parameters]) {
      if (!names.has(key)) names.set(key, f.keep(f.load(get(at), placed.offset), key));
    }
    emitUpdates(f, neuron!.updates, neuron!.variables, names);
    for (const [key, placed] of variables) f.store(get(at), get(names.get(key)!), placed.offset);
    f.advance(at, VECTOR);
  });
  return f.finish();
}

/** Columns summed at once, each in a local. */
const TILE = 8;

function emitDelivery(
  placed: PlacedProjection,
  [pre, post]: readonly [PlacedPopulation, PlacedPopulation],
  index: number,
  first: boolean,
): WasmFunction[] {
  const { projection } = placed;
  const currents = projection.weight === 'send' && projection.delay > 0;
  const deliver = new FunctionBuilder(`deliver${index}`);
  const arrived = deliver.parameter('arrived');
  const preSize = pre.population.size;
  const size = post.population.size;
  const into = post.current;
  if (!currents) {
    emitSums(deliver, { placed, preSize, postSize: size, payload: arrived, into, first });
    return [deliver.finish()];
  }
  const at = deliver.keep(i32(0), 'at');
  deliver.loop(size, () => {
    const sum = deliver.load(operation('i32.add', [get(arrived), get(at)]), 0);
    deliver.store(
      get(at),
      first ? sum : plus(deliver.load(get(at), into.offset), sum),
      into.offset,
    );
    deliver.advance(at, VECTOR);
  });
  const send = new FunctionBuilder(`send${index}`);
  const payload = send.parameter('payload');
  const slot = send.parameter('slot');
  emitSums(send, { placed, preSize, postSize: size, payload, into: slot, first: true });
  return [deliver.finish(), send.finish()];
}

const plus = (a: Node, b: Node): Node => operation('f32x4.add', [a, b]);

/** w · s, and +0 where s is 0: such rows do not count. */
function product(weight: Node, payload: Local, active: Local): Node {
  return operation('v128.and', [operation('f32x4.mul', [weight, get(payload)]), get(active)]);
}

/** What arrives over a projection. */
interface Sums {
  readonly placed: PlacedProjection;
  readonly preSize: number;
  readonly postSize: number;
  /** The address of the payloads. */
  readonly payload: Local;
  readonly into: Placed | Local;
  /** Whether nothing is there yet to which the sums are added. */
  readonly first: boolean;
}

/** In two versions where weights may wait for a division: one of them divides. */
function emitSums(f: FunctionBuilder, sums: Sums): void {
  const { divisor } = sums.placed;
  if (!divisor) return emitVersion(f, sums, undefined);
  const by = f.keep(f.load(i32(0), divisor.offset), 'divisor');
  const due = f.keep(isDue(by), 'due');
  f.if(get(due), () => {
    emitVersion(f, sums, by);
    f.store(i32(0), f32x4(1), divisor.offset);
  });
  f.if(operation('i32.eqz', [get(due)]), () => emitVersion(f, sums, undefined));
}

function emitVersion(f: FunctionBuilder, sums: Sums, divisor: Local | undefined): void {
  const { placed, preSize, postSize, payload, into, first } = sums;
  const base = 'offset' in into ? i32(into.offset) : get(into);
  const put = (at: Node, offset: number, sum: Node): void => {
    const address = operation('i32.add', [base, at]);
    f.store(address, first ? sum : plus(f.load(address, offset), sum), offset);
  };
  if (placed.rows) {
    emitSparseSums(f, sums, divisor);
    const at = f.keep(i32(0), 'at');
    f.loop(postSize, () => {
      put(get(at), 0, f.load(get(at), placed.sums.offset));
      f.advance(at, VECTOR);
    });
    return;
  }
  const tile = f.keep(i32(0), 'tile');
  const emitTile = (width: number): void => {
    const kept = Array.from({ length: width }, (_, c) => f.keep(f32x4(0), `sum${c}`));
    const weights = f.keep(get(tile), 'weights');
    const from = f.keep(get(payload), 'from');
    f.loop(preSize, () => {
      const s = f.keep(f.load(get(from), 0), 's');
      const active = f.keep(holds(get(s)), 'active');
      for (const [c, sum] of kept.entries()) {
        const weight = weightAt(f, placed, weights, c * VECTOR, divisor);
        f.set(sum, plus(get(sum), product(weight, s, active)));
      }
      f.advance(weights, postSize * VECTOR);
      f.advance(from, VECTOR);
    });
    for (const [c, sum] of kept.entries()) put(get(tile), c * VECTOR, get(sum));
  };
  f.loop(Math.floor(postSize / TILE), () => {
    emitTile(TILE);
    f.advance(tile, TILE * VECTOR);
  });
  if (postSize % TILE > 0) emitTile(postSize % TILE);
}

/** Sums in the projection's own array. */
function emitSparseSums(
  f: FunctionBuilder,
  { placed, preSize, postSize, payload }: Sums,
  divisor: Local | undefined,
): void {
  const { sums, rows } = placed;
  const at = f.keep(i32(0), 'at');
  f.loop(postSize, () => {
    f.store(get(at), f32x4(0), sums.offset);
    f.advance(at, VECTOR);
  });
  const from = f.keep(get(payload), 'from');
  emitRows(f, rows!, preSize, {
    row: () => {
      const s = f.keep(f.load(get(from), 0), 's');
      f.advance(from, VECTOR);
      return { s, active: f.keep(holds(get(s)), 'active') };
    },
    synapse: ({ s, active }, synapse, column) => {
      const weight = weightAt(f, placed, synapse, 0, divisor);
      const sum = f.load(get(column), sums.offset);
      f.store(get(column), plus(sum, product(weight, s, active)), sums.offset);
    },
  });
}
