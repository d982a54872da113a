import type { Probe } from '../network/machine.js';
import type { Network, ParameterValue, Projection } from '../network/network.js';
import { expand, synapseCount } from '../network/synapses.js';

/**
 * A run of numbers of a genome. `synapse`: a per-synapse parameter of the projection's rule. `weights`: the initial
 * weights of a projection without one; they are used divided by the largest |number| of the run.
 */
export type GenomeSlot =
  | {
      readonly kind: 'synapse';
      readonly projection: string;
      readonly name: string;
      readonly offset: number;
      readonly length: number;
    }
  | {
      readonly kind: 'weights';
      readonly projection: string;
      readonly offset: number;
      readonly length: number;
    };

/** What a search may change in a network, and the values that it has now. */
export interface Genome {
  readonly slots: readonly GenomeSlot[];
  readonly values: Float64Array;
}

/**
 * Lists what is trainable: of each projection the per-synapse parameters of its rule, or its initial weights when
 * its rule has none or it has no rule. Slots follow the order of the network's projections and parameters.
 */
export function genomeOf(network: Network): Genome {
  const slots: GenomeSlot[] = [];
  const parts: Float64Array[] = [];
  let offset = 0;
  for (const projection of network.projections) {
    const length = lengthOf(network, projection);
    const names = trainableParameters(projection);
    const add = (name: string | undefined, value: ParameterValue): void => {
      const place = { projection: projection.name, offset, length };
      slots.push(
        name === undefined ? { kind: 'weights', ...place } : { kind: 'synapse', name, ...place },
      );
      parts.push(expand(value, length));
      offset += length;
    };
    for (const name of names) add(name, parameterOf(projection, name));
    if (names.length === 0) add(undefined, projection.initialWeights);
  }
  const values = new Float64Array(offset);
  slots.forEach((slot, i) => {
    values.set(parts[i]!, slot.offset);
  });
  return { slots, values };
}

/** The network with a genome put in; the inverse of `genomeOf` but for the scale of weight slots. */
export function withGenome(network: Network, genome: Float64Array): Network {
  return genomeReader(network)(genome.slice());
}

/** Puts genomes into a network, one after the other: each result reads its genome, and holds until that changes. */
export function genomeReader(network: Network): (genome: Float64Array) => Network {
  const { slots, values } = genomeOf(network);
  const owners = network.projections.map((projection) => ({
    projection,
    own: slots.filter((slot) => slot.projection === projection.name),
  }));
  return (genome) => {
    if (values.length !== genome.length) {
      throw new Error(`a genome of ${genome.length} numbers for a network of ${values.length}`);
    }
    const projections = owners.map(({ projection, own }): Projection => {
      const parameters: Record<string, ParameterValue> = { ...projection.parameters };
      let { initialWeights } = projection;
      for (const slot of own) {
        if (slot.kind === 'weights') initialWeights = slotValues(slot, genome);
        else parameters[slot.name] = slotValues(slot, genome);
      }
      return { ...projection, parameters, initialWeights };
    });
    return { ...network, projections };
  };
}

/** A write that puts one slot of a genome into a machine. */
export interface GenomeWrite {
  readonly probe: Probe;
  readonly values: Float64Array;
}

/** The writes that put a genome into a machine, to be done again after every reset; they read the genome. */
export function genomeWrites(slots: readonly GenomeSlot[], genome: Float64Array): GenomeWrite[] {
  return slots.map((slot) => {
    const { projection } = slot;
    const probe: Probe =
      slot.kind === 'weights'
        ? { kind: 'weight', projection }
        : { kind: 'synapse', projection, name: slot.name };
    return { probe, values: slotValues(slot, genome) };
  });
}

/** Plastic synapses times how often their rule runs, per network step. */
export function synapseUpdatesPerStep(network: Network): number {
  let updates = 0;
  for (const projection of network.projections) {
    if (projection.rule === undefined) continue;
    updates += lengthOf(network, projection) / projection.every;
  }
  return updates;
}

function slotValues(slot: GenomeSlot, genome: Float64Array): Float64Array {
  const values = genome.subarray(slot.offset, slot.offset + slot.length);
  if (slot.kind === 'synapse') return values;
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? values : values.map((value) => value / largest);
}

function trainableParameters(projection: Projection): string[] {
  const parameters = projection.rule?.parameters ?? [];
  return parameters.filter((p) => p.scope === 'synapse').map((p) => p.name);
}

function parameterOf(projection: Projection, name: string): ParameterValue {
  const given = projection.parameters[name];
  return given ?? projection.rule?.parameters.find((p) => p.name === name)?.default ?? 0;
}

function lengthOf(network: Network, projection: Projection): number {
  const size = (name: string): number =>
    network.populations.find((p) => p.name === name)?.size ?? 0;
  return synapseCount(projection, size(projection.pre), size(projection.post));
}
