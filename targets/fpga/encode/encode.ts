import type { FixedPopulation } from '../../../compiler/levels/fixed/fixed.js';
import { signed } from '../../../compiler/levels/numbers/format.js';
import type {
  Program,
  ProgramBlock,
  ProgramCore,
  ProgramField,
  ProgramGroup,
} from '../../../compiler/levels/program/program.js';
import type { Capabilities, EncodeOptions } from '../../../compiler/target.js';
import { assembleProgram, sourcesOf } from '../../program/assemble.js';
import { COMMAND_STRIDE, encodeCommand } from '../commands.js';
import { BANKS, fieldIndex } from '../pack/packed.js';
import { wordsOfPass } from './code.js';
import { type Layout, type PlacedPopulation, type PlacedProjection, placedOf } from './layout.js';
import { parametersOf } from './parameters.js';
import type { CorePlan } from './plan.js';

/** A network on a core as a Program. */
export function encodeCore(
  target: string,
  capabilities: Capabilities,
  plan: CorePlan,
  options: EncodeOptions,
): Program {
  const { layout, configuration, neurons, learning, code, commands } = plan;
  const words = wordsOfPass(configuration.units);
  const groups = layout.populations
    .filter((p) => p.packed)
    .map((p) => groupOf(p, layout, code.get(p.population.name)! * words));
  const encoded: ProgramCore = {
    index: 0,
    neuronCode: neurons.words,
    learningCode: learning.words,
    controlCode: commands.flatMap((command) => {
      const own = encodeCommand(command);
      return [...own, ...Array.from({ length: COMMAND_STRIDE - own.length }, () => 0)];
    }),
    tables: [],
    groups,
    blocks: groups.flatMap(({ population }, group) =>
      layout.projections
        .filter((p) => indexOf(layout, p.projection.post) === population)
        .map((p) => {
          const at = code.get(p.projection.name);
          const entry = at === undefined ? -1 : (at - neurons.addresses) * words;
          return blockOf(p, plan, group, entry);
        }),
    ),
  };
  const parts = {
    target,
    capabilities,
    fixed: layout.fixed,
    parameters: parametersOf(configuration),
    cores: [encoded],
    sources: [
      ...sourcesOf(0, 'neuron', neurons.origins),
      ...sourcesOf(0, 'learning', learning.origins),
    ],
    sentTraces: (population: FixedPopulation) =>
      placedOf(layout, population.name).x.map(
        (name) => population.fields.find((f) => f.name === name)!,
      ),
    fieldIndex: (population: FixedPopulation, field: string) =>
      indexIn(placedOf(layout, population.name), field),
  };
  return assembleProgram(parts, options);
}

/** Neurons of a population with a word for each bank of each page. */
function groupOf(placed: PlacedPopulation, layout: Layout, entry: number): ProgramGroup {
  const { population, packed } = placed;
  const names = new Map([...packed!.homes].map(([name, place]) => [fieldIndex(place), name]));
  const fields = Array.from({ length: packed!.pages * BANKS }, (_, index): ProgramField => {
    const field = population.fields.find((f) => f.name === names.get(index));
    if (!field) return { name: `free ${index}`, format: signed(16, 0), clear: false, initial: [0] };
    const { name, format, initial } = field;
    const values = typeof initial === 'number' ? [initial] : Array.from(initial);
    return { name, format, clear: false, initial: values };
  });
  return {
    population: indexOf(layout, population.name),
    first: 0,
    count: population.size,
    phase: population.phase,
    entry,
    fields,
    traces: 0,
  };
}

function blockOf(
  { projection, sum }: PlacedProjection,
  { layout, synapses }: CorePlan,
  group: number,
  entry: number,
): ProgramBlock {
  return {
    projection: projection.index,
    pre: indexOf(layout, projection.pre),
    group,
    ...synapses.get(projection.name)!,
    accumulator: indexIn(placedOf(layout, projection.post), sum.field),
    delay: projection.delay,
    send: false,
    every: projection.rule?.every ?? 1,
    entry,
    scale: projection.scale,
  };
}

const indexOf = ({ fixed }: Layout, name: string): number =>
  fixed.populations.findIndex((p) => p.name === name);

/** The index of a field in the groups of its population. */
const indexIn = ({ packed }: PlacedPopulation, field: string): number =>
  fieldIndex(packed!.homes.get(field)!);
