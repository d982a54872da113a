import type { FixedPopulation } from '../../../compiler/levels/fixed/fixed.js';
import type { MicroProgram } from '../../../compiler/levels/micro/micro.js';
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
import { cutProjection } from '../../program/cut.js';
import { COMMAND_STRIDE, encodeCommand } from '../commands.js';
import type { CoreConfiguration } from '../configuration.js';
import { BANKS } from '../pack/packed.js';
import { CodeWords, idlePass, wordsOfPass } from './code.js';
import { type Layout, layOut, type PlacedPopulation, type PlacedProjection } from './layout.js';
import { paletteOf } from './palette.js';
import { parametersOf } from './parameters.js';
import { type Planned, sequenceOf } from './sequence.js';
import { checkReach, withRoom } from './size.js';

/** A network as a Program for a core, whose memories grow where they must. */
export function encodeCore(
  target: string,
  capabilities: Capabilities,
  micro: MicroProgram,
  core: CoreConfiguration,
  options: EncodeOptions,
): Program {
  const layout = layOut(micro, core);
  const neurons = new CodeWords(core.units);
  neurons.add([idlePass(core.units)]);
  const code = new Map<string, number>();
  for (const { population, packed } of layout.populations) {
    if (packed) code.set(population.name, neurons.add(packed.passes));
  }
  const learning = new CodeWords(core.units);
  for (const { projection, rule } of layout.projections) {
    if (rule) code.set(projection.name, neurons.addresses + learning.add(rule.passes));
  }
  const words = wordsOfPass(core.units);
  const groups = layout.populations
    .filter((p) => p.packed)
    .map((p) => groupOf(p, layout, code.get(p.population.name)! * words));
  const blocks = groups.flatMap(({ population }, group) =>
    layout.projections
      .filter((p) => indexOf(layout, p.projection.post) === population)
      .map((p) => {
        const at = code.get(p.projection.name);
        const entry = at === undefined ? -1 : (at - neurons.addresses) * words;
        return blockOf(p, layout, group, entry);
      }),
  );
  const configuration = withRoom(layout.configuration, {
    weightWords: endOf(layout.projections.map((p) => [p.weights, synapseWords(p, layout)])),
    fieldWords: endOf(layout.populations.map((p) => [p.fields, p.slots * (p.packed?.pages ?? 0)])),
    messages: endOf(layout.populations.map((p) => [p.messages, p.slots])),
    codeWords: neurons.addresses + learning.addresses,
    vectors: paletteOf(blocks, layout.configuration).length,
    controlWords: (code.size + fixedSweeps(layout) + 1) * COMMAND_STRIDE,
  });
  checkReach({ configuration, fixed: layout.fixed });
  const planned = plannedOf(layout, (owner) => code.get(owner));
  const controlCode = sequenceOf(planned, layout.configuration).flatMap((command) => [
    ...encodeCommand(command),
    ...Array.from({ length: COMMAND_STRIDE - encodeCommand(command).length }, () => 0),
  ]);
  const encoded: ProgramCore = {
    index: 0,
    neuronCode: neurons.words,
    learningCode: learning.words,
    controlCode,
    tables: [],
    groups,
    blocks,
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
      fieldIndex(placedOf(layout, population.name), field),
  };
  return assembleProgram(parts, options);
}

/** The work of a step, phase by phase: sums of delayed projections first, for what they read is there already. */
function plannedOf(layout: Layout, code: (owner: string) => number | undefined): Planned[] {
  const phases = [...new Set(layout.populations.map((p) => p.population.phase))];
  return phases
    .sort((x, y) => x - y)
    .flatMap((phase) => {
      const here = layout.populations.filter((p) => p.packed && p.population.phase === phase);
      const names = here.map((p) => p.population.name);
      const sweeps = layout.projections.filter((p) => names.includes(p.projection.post));
      const delayed = sweeps.filter((p) => p.projection.delay > 0);
      const direct = sweeps.filter((p) => p.projection.delay === 0);
      return [
        ...[...delayed, ...direct].map((p) => sweepOf(p, layout, code(p.projection.name) ?? 0)),
        ...here.map((p) => neuronsOf(p, code(p.population.name)!)),
      ];
    });
}

function sweepOf(placed: PlacedProjection, layout: Layout, code: number): Planned {
  const { projection, rule, sum, scale, weights, learnBit, isQuiet } = placed;
  const pre = placedOf(layout, projection.pre);
  const post = placedOf(layout, projection.post);
  const { width, fraction } = projection.weights.format;
  // Rows count for what they send: the payload, and, while the rule learns from it, x0 and x1.
  const sent = [1, ...pre.x.map((_, i) => 2 << i)].reduce((mask, bit) => mask | bit);
  return {
    pre: projection.pre,
    post: projection.post,
    command: {
      kind: 'sweep',
      rows: pre.population.size,
      messages: pre.messages,
      delay: projection.delay,
      slots: post.slots,
      lastLanes: post.lastLanes,
      weights,
      fields: post.fields,
      pages: post.packed!.pages,
      sum: { ...post.packed!.homes.get(sum.field)!, shift: sum.shift },
      code,
      passes: rule?.passes.length ?? 1,
      draws: rule?.draws ?? 0,
      chosen: rule && !isQuiet ? undefined : sent,
      scale: projection.scale && {
        kind: projection.scale,
        index: scale!,
        unit: width - 1 - fraction,
      },
      learnBit,
      projection: projection.index,
      wait: 0,
    },
  };
}

function neuronsOf(placed: PlacedPopulation, code: number): Planned {
  const { population, slots, lastLanes, messages, fields, packed, payload, x } = placed;
  const bank = (name: string | undefined): number =>
    name === undefined ? 0 : packed!.homes.get(name)!.bank;
  return {
    pre: undefined,
    post: population.name,
    command: {
      kind: 'neurons',
      slots,
      lastLanes,
      messages,
      fields,
      pages: packed!.pages,
      sends: { payload: bank(payload), x0: bank(x[0] ?? payload), x1: bank(x[1] ?? payload) },
      code,
      passes: packed!.passes.length,
      wait: 0,
    },
  };
}

/** Neurons of a population with a word for each bank of each page. */
function groupOf(placed: PlacedPopulation, layout: Layout, entry: number): ProgramGroup {
  const { population, packed } = placed;
  const names = new Map(
    [...packed!.homes].map(([name, { page, bank }]) => [page * BANKS + bank, name]),
  );
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
  layout: Layout,
  group: number,
  entry: number,
): ProgramBlock {
  const post = placedOf(layout, projection.post);
  const groups = layout.fixed.groups.filter((g) => g.population === projection.post);
  return {
    projection: projection.index,
    pre: indexOf(layout, projection.pre),
    group,
    ...cutProjection(projection, groups, post.population.size).get(groups[0]!)!,
    accumulator: fieldIndex(post, sum.field),
    delay: projection.delay,
    send: false,
    every: projection.rule?.every ?? 1,
    entry,
    scale: projection.scale,
  };
}

const placedOf = ({ populations }: Layout, name: string): PlacedPopulation =>
  populations.find((p) => p.population.name === name)!;

const indexOf = ({ fixed }: Layout, name: string): number =>
  fixed.populations.findIndex((p) => p.name === name);

function fieldIndex({ packed }: PlacedPopulation, field: string): number {
  const { page, bank } = packed!.homes.get(field)!;
  return page * BANKS + bank;
}

/** Projections that do not learn: their commands have no code of their own. */
const fixedSweeps = ({ projections }: Layout): number =>
  projections.filter((p) => p.rule === undefined).length;

const synapseWords = ({ projection }: PlacedProjection, layout: Layout): number =>
  placedOf(layout, projection.post).slots * placedOf(layout, projection.pre).population.size;

const endOf = (parts: readonly (readonly [first: number, length: number])[]): number =>
  Math.max(0, ...parts.map(([first, length]) => first + length));
