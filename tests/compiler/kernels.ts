import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import {
  combine,
  convert,
  integer,
  narrow,
  type Ranged,
  reinterpret,
} from '../../compiler/analysis/ranged.js';
import { compile } from '../../compiler/compile.js';
import { childrenOf } from '../../compiler/levels/fixed/check.js';
import type { FixedExpression, FixedNetwork } from '../../compiler/levels/fixed/fixed.js';
import { checkMicro } from '../../compiler/levels/micro/check.js';
import type { MicroKernel } from '../../compiler/levels/micro/micro.js';
import { schedule } from '../../compiler/passes/schedule.js';
import { select } from '../../compiler/passes/select.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { targetNamed } from '../../targets/index.js';
import { ECHO } from '../machines/networks.js';
import { watched } from './context.js';
import type { Dice } from './dice.js';
import { HERE, type Leaf, RandomRanged, randomLeaf, randomValues } from './random-ranged.js';

/** An assignment to a field. */
export interface Written {
  readonly target: string;
  readonly value: Ranged;
}

/** One population; its updates are put in by `kernelOf`. */
const template: FixedNetwork = compile(
  new NetworkBuilder('n')
    .input('input', 1)
    .population('cell', 1, ECHO)
    .projection('input', 'cell', { initialWeights: 1 })
    .output('cell')
    .build(),
  targetNamed('loihi2'),
  NO_CALIBRATION,
).fixed;

/** The micro-operations of assignments, selected; with registers when `scheduled`. */
export function kernelOf(updates: readonly Written[], scheduled = false): MicroKernel {
  const populations = template.populations
    .filter((p) => !p.input)
    .map((p) => ({
      ...p,
      updates: updates.map(({ target, value }) => ({ target, value: value.e, origin: HERE })),
    }));
  const { context } = watched();
  const micro = select.run({ ...template, populations, projections: [] }, context);
  const { kernels } = checkMicro(scheduled ? schedule.run(micro, context) : micro);
  return kernels[0]!;
}

export interface RandomKernel {
  readonly updates: readonly Written[];
  /** Nodes of all trees. */
  readonly nodes: number;
  /** Values of all fields before a run. */
  values(): Map<string, number>;
}

const sizeOf = (e: FixedExpression): number =>
  1 + childrenOf(e).reduce((sum, child) => sum + sizeOf(child), 0);

/** Assignments of random trees to old and new fields, which later trees read. */
export function randomKernel(dice: Dice): RandomKernel {
  const leaves: Leaf[] = ['a', 'b', 'c'].map((name) => randomLeaf(dice, name));
  const first = [...leaves];
  const updates: Written[] = [];
  for (let i = dice.whole(1, 5); i > 0; i--) {
    const tree = new RandomRanged(dice, leaves, true).tree(dice.whole(1, 4));
    if (dice.chance(0.5)) {
      const leaf = dice.pick(leaves);
      updates.push({ target: leaf.name, value: bounded(tree, leaf) });
      continue;
    }
    const { low, high, e } = tree;
    const name = `t${i}`;
    leaves.push({ name, format: e.format, range: [low, high] });
    updates.push({ target: name, value: tree });
  }
  return {
    updates,
    nodes: updates.reduce((sum, { value }) => sum + sizeOf(value.e) + 1, 0),
    values: () => randomValues(dice, first),
  };
}

/** A tree brought into the range of an old field. */
function bounded(tree: Ranged, { format, range: [low, high] }: Leaf): Ranged {
  const near = narrow(tree, 24, HERE);
  const { fraction } = format;
  const point = Math.max(fraction - 16, Math.min(fraction + 16, near.e.format.fraction));
  const value = convert(reinterpret(near, point, HERE), format, 'nearest', 'saturate', HERE);
  const above = combine('maximum', value, integer(low, format.fraction, HERE), HERE);
  return combine('minimum', above, integer(high, format.fraction, HERE), HERE);
}
