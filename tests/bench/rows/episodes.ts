import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import { sumOfProductsOf } from '../../../compiler/target.js';
import type { LaneMachine, Machine } from '../../../src/network/machine.js';
import { LaneRollout } from '../../../src/tasks/lane-rollout.js';
import { taskOf } from '../../../src/tasks/registry.js';
import { runEpisode } from '../../../src/tasks/rollout.js';
import { createPolicyNetwork } from '../../../src/train/policy.js';
import { legalNetwork } from '../../../src/train/train-on.js';
import { targetNamed } from '../../../targets/index.js';
import { loihiArchitecture } from '../../../targets/loihi/architecture.js';
import { type Round, timed } from '../measure.js';

/** Rounds of a row. */
export const ROUNDS = 7;

export const TASK = 'hidden-dynamics';
const task = taskOf(TASK);
export const loihi2 = targetNamed('loihi2');
/** How the emulator reads its Programs. */
export const architecture = loihiArchitecture(loihi2.name, sumOfProductsOf(loihi2.capabilities));
/** The network of the demo. */
export const network = createPolicyNetwork(task, { hidden: 32, seed: 1 });

/** The network of the demo on loihi2. */
export const compiledDemo = (): Compilation =>
  compile(legalNetwork(network, loihi2), loihi2, NO_CALIBRATION);

/** So many episodes of a machine. */
export const episodes = (machine: Machine, count: number): Round =>
  timed(() => {
    const [spec] = task.episodes.train;
    for (let seed = 0; seed < count; seed++) runEpisode(machine, task, spec!, { seed });
    return count;
  });

/** So many episodes of every lane. */
export const laneEpisodes = (machine: LaneMachine, count: number): Round => {
  const rollout = new LaneRollout(machine, task);
  return timed(() => {
    const [spec] = task.episodes.train;
    for (let seed = 0; seed < count; seed++) rollout.run(spec!, seed);
    return count * machine.lanes;
  });
};
