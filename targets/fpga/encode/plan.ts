import type { FixedNetwork, FixedProjection } from '../../../compiler/levels/fixed/fixed.js';
import { type BlockSynapses, cutProjection } from '../../program/cut.js';
import { COMMAND_STRIDE, type CoreCommand } from '../commands.js';
import type { CoreConfiguration } from '../configuration.js';
import { CodeWords, idlePass } from './code.js';
import {
  type Layout,
  layOut,
  type PlacedPopulation,
  type PlacedProjection,
  placedOf,
} from './layout.js';
import { paletteOf } from './palette.js';
import type { SelectedNetwork } from './selected.js';
import { type Planned, sequenceOf } from './sequence.js';
import { checkReach, withRoom } from './size.js';

/** A network on a core: where everything is, its code, and its commands. */
export interface CorePlan {
  readonly layout: Layout;
  /** The core, with room for it. */
  readonly configuration: CoreConfiguration;
  readonly neurons: CodeWords;
  readonly learning: CodeWords;
  /** Where the code of a population or projection begins in code memory, which holds neurons before rules. */
  readonly code: ReadonlyMap<string, number>;
  readonly commands: readonly CoreCommand[];
  /** By projection: what its synapses hold. */
  readonly synapses: ReadonlyMap<string, BlockSynapses>;
}

/** Lays out a network for a core, whose memories grow where they must. Throws what `layOut` does. */
export function planCore(network: SelectedNetwork, core: CoreConfiguration): CorePlan {
  const layout = layOut(network, core);
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
  const synapses = new Map(
    layout.projections.map(({ projection }) => [
      projection.name,
      synapsesOf(projection, layout.fixed),
    ]),
  );
  const configuration = withRoom(layout.configuration, {
    vectors: core.paletteBits > 0 ? paletteOf(synapses.values(), layout.configuration).length : 0,
    weightWords: endOf(layout.projections.map((p) => [p.weights, synapseWords(p, layout)])),
    fieldWords: endOf(layout.populations.map((p) => [p.fields, p.slots * (p.packed?.pages ?? 0)])),
    messages: endOf(layout.populations.map((p) => [p.messages, p.slots])),
    codeWords: neurons.addresses + learning.addresses,
    controlWords: (code.size + fixedSweeps(layout) + 1) * COMMAND_STRIDE,
  });
  checkReach({ configuration, fixed: layout.fixed });
  const planned = plannedOf(layout, (owner) => code.get(owner));
  const commands = sequenceOf(planned, configuration);
  return { layout, configuration, neurons, learning, code, commands, synapses };
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

/** All synapses of a projection: they end on one group. */
function synapsesOf(
  projection: FixedProjection,
  { groups, populations }: FixedNetwork,
): BlockSynapses {
  const own = groups.filter((g) => g.population === projection.post);
  const { size } = populations.find((p) => p.name === projection.post)!;
  return cutProjection(projection, own, size).get(own[0]!)!;
}

/** Projections that do not learn: their commands have no code of their own. */
const fixedSweeps = ({ projections }: Layout): number =>
  projections.filter((p) => p.rule === undefined).length;

const synapseWords = ({ projection }: PlacedProjection, layout: Layout): number =>
  placedOf(layout, projection.post).slots * placedOf(layout, projection.pre).population.size;

const endOf = (parts: readonly (readonly [first: number, length: number])[]): number =>
  Math.max(0, ...parts.map(([first, length]) => first + length));
