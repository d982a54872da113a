import type { FixedPopulation, FixedProjection } from '../../levels/fixed/fixed.js';
import { lazyProjection } from '../../levels/fixed/scale.js';
import type { MicroKernel, MicroProgram } from '../../levels/micro/micro.js';
import {
  type Format,
  formatOfRange,
  offsetRange,
  type Range,
  rangeOfFormat,
} from '../../levels/numbers/format.js';
import {
  emitDelivery,
  emitLearning,
  emitRowStates,
  fanInOf,
  fitRule,
  type PlaceConstants,
  placeRowStates,
  placeScratch,
  rowsOf,
} from './block.js';
import { FunctionBuilder } from './function-builder.js';
import type { WasmFunction } from './module.js';
import { narrowKernel } from './narrow.js';
import { type Packed, packedBytes } from './packed.js';
import { emitNeuronSweep, type SweepField } from './sweep.js';

/** Where the state of a quantised network lies in the memory. */
export interface VectorPlaces {
  neuron(population: string, field: string): Packed;
  synapse(projection: string, field: string): Packed;
  /** One 32-bit word. */
  readonly modulator: Packed;
  readonly constants: PlaceConstants;
}

/** Why vectors of integers cannot run a network; undefined when they can. */
export function vectorsRefuse({ fixed, kernels }: MicroProgram): string | undefined {
  const wide = (owner: string, name: string, format: Format): string | undefined =>
    packedBytes(format) === undefined ? `${name} of ${owner} has ${format.width} bits` : undefined;
  const fields = [
    ...fixed.populations.flatMap((p) => p.fields.map((f) => wide(p.name, f.name, f.format))),
    ...fixed.projections.flatMap((p) =>
      [p.weights, ...p.fields].map((f) => wide(p.name, f.name, f.format)),
    ),
  ];
  const varies = kernels.map((kernel) => computedCount(kernel));
  const modulator =
    fixed.modulator && packedBytes(formatOfRange(...offsetRange(fixed.modulator), 0));
  if (fixed.modulator && modulator === undefined) return 'the modulator is wider than 32 bits';
  return [lazyProjection(fixed), ...fields, ...varies].find((reason) => reason !== undefined);
}

/** A shift whose count is no field: vectors have none. */
export function computedCount({ operations, owner }: MicroKernel): string | undefined {
  const varies = operations.some(
    (o) => o.kind === 'shift-left' && !['load', 'constant'].includes(operations[o.by]!.kind),
  );
  return varies ? `${owner} shifts by a computed count` : undefined;
}

/**
 * Generates the kernels of a quantised network on vectors of eight neurons or synapses: the integers of `fixed`. Functions by
 * index in the network: `neurons<p>()`, `deliver<q>(payload, into)` by address, `draw<q>(seed, step)` before `learn<q>(all)`.
 */
export function emitVectorNetwork(micro: MicroProgram, places: VectorPlaces): WasmFunction[] {
  const { fixed } = micro;
  const kernelOf = (kind: MicroKernel['kind'], owner: string): MicroKernel | undefined =>
    micro.kernels.find((k) => k.kind === kind && k.owner === owner);
  const population = (name: string): FixedPopulation =>
    fixed.populations.find((p) => p.name === name)!;
  const formatOf = (p: FixedPopulation, field: string): Format =>
    p.fields.find((f) => f.name === field)!.format;
  const table = (entries: readonly number[]): number => places.constants(entries, 4).offset;

  const scratch = placeScratch(
    fixed.projections.map((p) => ({
      rows: population(p.pre).size,
      posts: population(p.post).size,
    })),
    places.constants,
  );

  const neurons = (p: FixedPopulation, name: string): WasmFunction[] => {
    const kernel = kernelOf('neuron', p.name);
    if (!kernel) return [];
    const f = new FunctionBuilder(name);
    const fields = new Map<string, SweepField>(
      p.fields.map((field) => [
        field.name,
        { kind: 'post', at: places.neuron(p.name, field.name) },
      ]),
    );
    const field = (of: string): Range => rangeOfFormat(formatOf(p, of));
    emitNeuronSweep(f, { ...narrowKernel(kernel, { field }), fields, table }, p.size);
    return [f.finish()];
  };

  const synapses = (p: FixedProjection, q: number): WasmFunction[] => {
    const [pre, post] = [population(p.pre), population(p.post)];
    const shape = { ...p, first: 0 };
    const rows = rowsOf(shape, places.constants);
    if (!rows) throw new Error(`a row of ${p.name} has two synapses on one neuron`);
    const accumulator = formatOf(post, p.accumulator);
    const delivery = {
      weight: rangeOfFormat(p.weights.format),
      payload: rangeOfFormat(formatOf(pre, p.payload)),
      accumulator,
      // Accumulators of a quantised network start at 0 and belong to one projection.
      fanIn: fanInOf(shape),
    };
    const deliver = emitDelivery(`deliver${q}`, rows, delivery, {
      weight: places.synapse(p.name, 'weight'),
      payload: places.neuron(pre.name, p.payload),
      sum: places.neuron(post.name, p.accumulator),
    });
    const kernel = kernelOf('synapse', p.name);
    if (!kernel || !p.rule) return [deliver];
    const { coefficients, profiles } = p.rule;
    const own = [p.weights, ...p.fields];
    const range = (name: string): Range => {
      if (name === 'modulator') return offsetRange(fixed.modulator!);
      const [side, ...rest] = name.split('.');
      if (side === 'pre') return rangeOfFormat(formatOf(pre, rest.join('.')));
      if (side === 'post') return rangeOfFormat(formatOf(post, rest.join('.')));
      return rangeOfFormat(own.find((f) => f.name === name)!.format);
    };
    const rule = fitRule(
      kernel,
      { values: new Map(coefficients.map((c) => [c.name, c.values])), profiles },
      range,
      places.constants,
    );
    const fields = new Map<string, SweepField>([
      ['modulator', { kind: 'scalar', at: places.modulator }],
      ...own.map((f): [string, SweepField] => [
        f.name,
        { kind: 'synapse', at: places.synapse(p.name, f.name) },
      ]),
      ...pre.fields.map((f): [string, SweepField] => [
        `pre.${f.name}`,
        { kind: 'pre', at: places.neuron(pre.name, f.name) },
      ]),
      ...post.fields.map((f): [string, SweepField] => [
        `post.${f.name}`,
        { kind: 'post', at: places.neuron(post.name, f.name) },
      ]),
    ]);
    const { states, made } = placeRowStates(pre.size, places.constants);
    const learn = emitLearning(`learn${q}`, rows, rule, {
      fields,
      first: 0,
      posts: post.size,
      states,
      scratch,
      table,
    });
    return [deliver, emitRowStates(`draw${q}`, p.index, pre.size, made), learn];
  };

  return [
    ...fixed.populations.flatMap((p, i) => neurons(p, `neurons${i}`)),
    ...fixed.projections.flatMap(synapses),
  ];
}
