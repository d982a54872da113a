import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag, didYouMean } from '../../compiler/diagnostics/diagnostic.js';
import type { Machine } from '../network/machine.js';
import type { Network, Projection } from '../network/network.js';
import { columnsOf, rowStarts } from '../network/synapses.js';

/**
 * Damage in the steps `from <= t < to`, done before the step.
 * `zero-weights`: every weight becomes 0 (and stays so unless a rule grows it again).
 * `remove-actuator`: one number of the action reaches the task as 0.
 * `dead-neurons`: every synapse from or to these neurons becomes 0 before each of the steps; their rules still run
 * within a step, so a normalisation over the projection still sees them.
 */
export type Injury =
  | { readonly kind: 'zero-weights'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'remove-actuator';
      readonly index: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'dead-neurons';
      readonly population: string;
      readonly indices: readonly number[];
      readonly from: number;
      readonly to: number;
    };

/** An injury resolved against a network: which synapses, or which number of the action. */
export type PreparedInjury =
  | {
      readonly kind: 'synapses';
      readonly projection: string;
      readonly synapses: Uint32Array;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'actuator';
      readonly index: number;
      readonly from: number;
      readonly to: number;
    };

/**
 * Resolves injuries against the network that a machine runs. Throws PL5104 for an unknown population, a neuron or
 * actuator that does not exist, or an empty range of steps; all of them at once.
 */
export function prepareInjuries(network: Network, injuries: readonly Injury[]): PreparedInjury[] {
  const bag = new DiagnosticBag();
  for (const injury of injuries) checkInjury(network, injury, bag);
  bag.finish();
  return injuries.flatMap((injury) => prepare(network, injury));
}

/** Zeroes the synapses that are injured in this step. */
export function applyInjuries(
  machine: Machine,
  injuries: readonly PreparedInjury[],
  step: number,
): void {
  for (const injury of injuries) {
    if (injury.kind !== 'synapses' || step < injury.from || step >= injury.to) continue;
    const probe = { kind: 'weight', projection: injury.projection } as const;
    const weights = machine.read(probe);
    for (const synapse of injury.synapses) weights[synapse] = 0;
    machine.write(probe, weights);
  }
}

/** The action that reaches the task: `action` itself, or a masked copy in `scratch`. */
export function maskAction(
  action: Float64Array,
  scratch: Float64Array,
  injuries: readonly PreparedInjury[],
  step: number,
): Float64Array {
  let masked = action;
  for (const injury of injuries) {
    if (injury.kind !== 'actuator' || step < injury.from || step >= injury.to) continue;
    if (masked === action) {
      scratch.set(action);
      masked = scratch;
    }
    masked[injury.index] = 0;
  }
  return masked;
}

function checkInjury(network: Network, injury: Injury, bag: DiagnosticBag): void {
  const report = (message: string, help?: string): void =>
    bag.add(diagnostic('PL5104', message, help === undefined ? {} : { help }));
  if (!(injury.from >= 0 && injury.to > injury.from)) {
    report(`an injury from step ${injury.from} to step ${injury.to} covers no step`);
  }
  if (injury.kind === 'remove-actuator') {
    const size = outputSize(network);
    if (!inRange(injury.index, size)) {
      report(`there is no actuator ${injury.index}`, `actuators: 0 … ${size - 1}`);
    }
  }
  if (injury.kind !== 'dead-neurons') return;
  const population = network.populations.find((p) => p.name === injury.population);
  if (!population) {
    const names = network.populations.map((p) => p.name);
    const help = didYouMean(injury.population, names, 'known');
    report(`there is no population \`${injury.population}\``, help);
    return;
  }
  for (const index of injury.indices) {
    if (inRange(index, population.size)) continue;
    report(`\`${population.name}\` has no neuron ${index}`, `neurons: 0 … ${population.size - 1}`);
  }
}

const inRange = (index: number, size: number): boolean =>
  Number.isInteger(index) && index >= 0 && index < size;

const sizeOf = (network: Network, population: string): number =>
  network.populations.find((p) => p.name === population)?.size ?? 0;

const outputSize = (network: Network): number =>
  sizeOf(network, network.outputs[0]?.population ?? '');

function prepare(network: Network, injury: Injury): PreparedInjury[] {
  const { from, to } = injury;
  if (injury.kind === 'remove-actuator') {
    return [{ kind: 'actuator', index: injury.index, from, to }];
  }
  return network.projections.flatMap((projection): PreparedInjury[] => {
    const synapses = selectSynapses(network, projection, (pre, post) => {
      if (injury.kind === 'zero-weights') return true;
      const hit = (population: string, index: number): boolean =>
        population === injury.population && injury.indices.includes(index);
      return hit(projection.pre, pre) || hit(projection.post, post);
    });
    if (synapses.length === 0) return [];
    return [{ kind: 'synapses', projection: projection.name, synapses, from, to }];
  });
}

function selectSynapses(
  network: Network,
  projection: Projection,
  chosen: (pre: number, post: number) => boolean,
): Uint32Array {
  const rows = sizeOf(network, projection.pre);
  const width = sizeOf(network, projection.post);
  const starts = rowStarts(projection, rows, width);
  const columns = columnsOf(projection, rows, width);
  const found: number[] = [];
  for (let pre = 0; pre < rows; pre++) {
    for (let synapse = starts[pre]!; synapse < starts[pre + 1]!; synapse++) {
      if (chosen(pre, columns[synapse]!)) found.push(synapse);
    }
  }
  return Uint32Array.from(found);
}
