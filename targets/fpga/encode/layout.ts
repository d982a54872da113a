import type {
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
} from '../../../compiler/levels/fixed/fixed.js';
import { wordNames } from '../../program/cut.js';
import type { CoreConfiguration } from '../configuration.js';
import type { PackedNeuron } from '../pack/neuron.js';
import { type PackedRule, packRule, type RuleSurroundings } from '../pack/rule.js';
import { isQuiet } from './quiet.js';
import { NO_LEARNING, type SelectedNetwork, type Sum } from './selected.js';
import { configured } from './size.js';

/** A population in the memories of the core. */
export interface PlacedPopulation {
  readonly population: FixedPopulation;
  readonly slots: number;
  readonly lastLanes: number;
  /** Its words of a frame. */
  readonly messages: number;
  /** Its words of field memory; inputs have none. */
  readonly fields: number;
  readonly packed: PackedNeuron | undefined;
  /** Fields that its neurons send for learning. */
  readonly x: readonly string[];
  /** The field that its neurons send, where anything listens. */
  readonly payload: string | undefined;
}

/** A projection in the memories of the core. */
export interface PlacedProjection {
  readonly projection: FixedProjection;
  readonly weights: number;
  readonly sum: Sum;
  readonly rule: PackedRule | undefined;
  /** Numbers among those that have a scale, and among those that learn. */
  readonly scale: number | undefined;
  readonly learnBit: number;
  /** Whether rows need no learning while what they sent for it is 0. */
  readonly isQuiet: boolean;
}

/** A network laid out for a core. */
export interface Layout {
  readonly fixed: FixedNetwork;
  readonly configuration: CoreConfiguration;
  readonly populations: readonly PlacedPopulation[];
  readonly projections: readonly PlacedProjection[];
}

/**
 * Gives everything its place: fields their pages and banks, instructions their passes, populations and projections their words. The
 * core is the given one, with more of what the network needs more of.
 *
 * @throws DiagnosticsError PL3055, PL3056 for what does not fit.
 */
export function layOut(network: SelectedNetwork, core: CoreConfiguration): Layout {
  const configuration = configured(core, network);
  const populations = placePopulations(network, configuration);
  const projections = placeProjections(network, configuration, populations);
  return { fixed: network.fixed, configuration, populations, projections };
}

/** Populations one behind the other, in messages and in neuron variables. */
function placePopulations(
  network: SelectedNetwork,
  { lanes, units }: CoreConfiguration,
): readonly PlacedPopulation[] {
  const { fixed } = network;
  let [messages, fields] = [0, 0];
  return fixed.populations.map((population): PlacedPopulation => {
    const { name, size, input } = population;
    const slots = Math.ceil(size / lanes);
    const payload = fixed.projections.find((p) => p.pre === name)?.payload;
    const x = network.sentBy(name);
    const packed = input ? undefined : network.packed(population, units);
    const at = { messages, fields };
    if (input || payload !== undefined) messages += slots;
    fields += slots * (packed?.pages ?? 0);
    const lastLanes = size - (slots - 1) * lanes;
    return { population, slots, lastLanes, payload, x, ...at, packed };
  });
}

/** Projections one behind the other in the memory of weights. */
function placeProjections(
  network: SelectedNetwork,
  configuration: CoreConfiguration,
  populations: readonly PlacedPopulation[],
): readonly PlacedProjection[] {
  const { fixed, rules, sums, learning } = network;
  const placed = (name: string): PlacedPopulation => placedOf({ populations }, name);
  let weights = 0;
  return fixed.projections.map((projection): PlacedProjection => {
    const { name, pre, post, scale, weights: own } = projection;
    const instructions = rules.get(name);
    const { homes } = placed(post).packed!;
    const at = weights;
    weights += placed(post).slots * placed(pre).population.size;
    const surroundings: RuleSurroundings = {
      scale: (scaled) => network.scaleOf(scaled),
      field: (field) => homes.get(field)!,
      pre: (field) => X_CODES[placed(pre).x.indexOf(field)]!,
      coefficient: (field) => K_CODES[wordNames(projection.rule!).indexOf(field)]!,
    };
    return {
      projection,
      weights: at,
      sum: sums.get(name)!,
      rule: instructions && packRule(name, instructions, surroundings, configuration),
      scale: scale === undefined ? undefined : network.scaleOf(name),
      learnBit: instructions ? learning.indexOf(projection) : NO_LEARNING,
      isQuiet: instructions !== undefined && isQuiet(instructions, own.format.width),
    };
  });
}

const X_CODES = ['x0', 'x1'] as const;
const K_CODES = ['k0', 'k1', 'k2', 'k3'] as const;

/** The population of a name. */
export const placedOf = (
  { populations }: Pick<Layout, 'populations'>,
  name: string,
): PlacedPopulation => populations.find((p) => p.population.name === name)!;
