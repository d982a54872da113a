import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag } from '../../../compiler/diagnostics/diagnostic.js';
import type {
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
} from '../../../compiler/levels/fixed/fixed.js';
import type { MicroKernel, MicroProgram } from '../../../compiler/levels/micro/micro.js';
import { wordNames } from '../../program/cut.js';
import type { CoreConfiguration } from '../configuration.js';
import { type PackedNeuron, packNeuron } from '../pack/neuron.js';
import { readsOf } from '../pack/packed.js';
import { drawsOf, type PackedRule, packRule } from '../pack/rule.js';
import type { Instruction } from '../select/instruction.js';
import { accumulatorDumps, selectInstructions } from '../select/select.js';
import { isQuiet } from './quiet.js';
import { configured } from './size.js';

/** Sums of projections, and where they go. */
export interface Sum {
  readonly field: string;
  readonly shift: number;
}

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

/** The bit of the masks of learning that projections without a rule have: it is never set. */
export const NO_LEARNING = 15;

/** What `select` made of a network, before anything has a place. */
interface Selected {
  readonly neurons: ReadonlyMap<string, readonly Instruction[]>;
  readonly rules: ReadonlyMap<string, readonly Instruction[]>;
  readonly sums: ReadonlyMap<string, Sum>;
}

/**
 * Gives everything its place: fields their pages and banks, instructions their passes, populations and projections their words. The
 * core is the given one, with more of what the network needs more of.
 *
 * @throws DiagnosticsError PL3010, PL3055 … PL3058 for what does not fit.
 */
export function layOut(micro: MicroProgram, core: CoreConfiguration): Layout {
  const { fixed } = micro;
  const selected = selectedOf(micro);
  const learning = fixed.projections.filter((p) => selected.rules.has(p.name));
  const scaled = fixed.projections.filter((p) => p.scale !== undefined);
  checkProjections(fixed, learning);
  const x = new Map(fixed.populations.map(({ name }) => [name, sentOf(name, learning, selected)]));
  const configuration = configured(core, {
    fixed,
    xBanks: Math.max(1, ...[...x.values()].map((names) => names.length)),
    draws: Math.max(1, ...[...selected.rules.values()].map(drawsOf)),
    scales: scaled.length,
  });
  const { lanes } = configuration;
  const scaleOf = (name: string): number => scaled.findIndex((p) => p.name === name);
  let [messages, fields, weights] = [0, 0, 0];
  const populations = fixed.populations.map((population): PlacedPopulation => {
    const { name, size, input } = population;
    const slots = Math.ceil(size / lanes);
    const payload = fixed.projections.find((p) => p.pre === name)?.payload;
    const sent = x.get(name)!;
    const packed = input
      ? undefined
      : packNeuron(neuronOf(population, payload, sent, fixed, selected), configuration.units, {
          scale: scaleOf,
        });
    const placed = { population, slots, lastLanes: size - (slots - 1) * lanes, payload, x: sent };
    const at = { messages, fields };
    if (input || payload !== undefined) messages += slots;
    fields += slots * (packed?.pages ?? 0);
    return { ...placed, ...at, packed };
  });
  const populationOf = (name: string): PlacedPopulation =>
    populations.find((p) => p.population.name === name)!;
  const projections = fixed.projections.map((projection): PlacedProjection => {
    const { name, pre, post, weights: format } = projection;
    const instructions = selected.rules.get(name);
    const { homes } = populationOf(post).packed!;
    const at = weights;
    weights += populationOf(post).slots * populationOf(pre).population.size;
    return {
      projection,
      weights: at,
      sum: selected.sums.get(name)!,
      rule:
        instructions &&
        packRule(
          name,
          instructions,
          {
            scale: scaleOf,
            field: (field) => homes.get(field)!,
            pre: (field) => `x${x.get(pre)!.indexOf(field)}` as 'x0' | 'x1',
            coefficient: (field) => coefficientCode(projection, field),
          },
          configuration,
        ),
      scale: projection.scale === undefined ? undefined : scaleOf(name),
      learnBit: instructions ? learning.indexOf(projection) : NO_LEARNING,
      isQuiet: instructions !== undefined && isQuiet(instructions, format.format.width),
    };
  });
  return { fixed, configuration, populations, projections };
}

function selectedOf({ kernels, fixed }: MicroProgram): Selected {
  const of = (kind: MicroKernel['kind']): Map<string, readonly Instruction[]> =>
    new Map(
      kernels
        .filter((k) => k.kind === kind)
        .map((k) => [k.owner, selectInstructions(k, fixed)] as const),
    );
  const dumps = kernels
    .filter((k) => k.kind === 'neuron')
    .flatMap((k) => accumulatorDumps(k, fixed));
  const sums = new Map(dumps.map(({ projection, field, shift }) => [projection, { field, shift }]));
  return { neurons: of('neuron'), rules: of('synapse'), sums };
}

/** What rules read of a presynaptic population, by field. */
function sentOf(
  population: string,
  learning: readonly FixedProjection[],
  { rules }: Selected,
): string[] {
  const read = learning
    .filter((p) => p.pre === population)
    .flatMap((p) => rules.get(p.name)!.flatMap(readsOf))
    .flatMap((o) => (o.kind === 'pre' ? [o.name] : []));
  return [...new Set(read)];
}

/** What rules on a postsynaptic population read of it: one list for each. */
function readOf(
  population: string,
  { projections }: FixedNetwork,
  { rules }: Selected,
): string[][] {
  return projections
    .filter((p) => p.post === population && rules.has(p.name))
    .map((p) => {
      const reads = rules.get(p.name)!.flatMap(readsOf);
      return [...new Set(reads.flatMap((o) => (o.kind === 'field' ? [o.name] : [])))];
    });
}

function neuronOf(
  { name, fields }: FixedPopulation,
  payload: string | undefined,
  x: readonly string[],
  fixed: FixedNetwork,
  selected: Selected,
): Parameters<typeof packNeuron>[0] {
  const sums = fixed.projections
    .filter((p) => p.post === name)
    .map((p) => selected.sums.get(p.name)!.field);
  const kept = fields.filter((f) => f.role !== 'current' && f.role !== 'local').map((f) => f.name);
  return {
    name,
    instructions: selected.neurons.get(name) ?? [],
    kept,
    sums,
    sent: [...new Set([...(payload === undefined ? [] : [payload]), ...x])],
    read: readOf(name, fixed, selected),
  };
}

function coefficientCode({ rule }: FixedProjection, name: string): 'k0' | 'k1' | 'k2' | 'k3' {
  return `k${wordNames(rule!).indexOf(name)}` as 'k0' | 'k1' | 'k2' | 'k3';
}

function checkProjections(
  { projections }: FixedNetwork,
  learning: readonly FixedProjection[],
): void {
  const bag = new DiagnosticBag();
  const sent = projections.filter((p) => p.weight === 'send' && p.delay > 0);
  for (const { name } of sent) {
    const message = `${name} weighs messages as they are sent and delays them by steps; the core delays messages and weighs them as they arrive`;
    bag.add(diagnostic('PL3058', message, { help: 'give it weights that count at arrival' }));
  }
  if (learning.length > NO_LEARNING) {
    const message = `${learning.length} projections learn; the core tells ${NO_LEARNING} apart`;
    bag.add(diagnostic('PL3057', message, { help: 'give some of them fixed weights' }));
  }
  bag.finish();
}

/** The population of a name. */
export const placedOf = ({ populations }: Layout, name: string): PlacedPopulation =>
  populations.find((p) => p.population.name === name)!;
