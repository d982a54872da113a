import { describe, expect, it } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import { createHostMachine } from '../../runtime/host/host.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { ruleModel } from '../../src/equations/load.js';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { taskOf } from '../../src/tasks/registry.js';
import { episodeSeed, runEpisode } from '../../src/tasks/rollout.js';
import { MemberJudge } from '../../src/train/evaluation.js';
import type { EvaluatorDescription } from '../../src/train/evaluator.js';
import { genomeOf, withGenome } from '../../src/train/genome.js';
import { createPolicyNetwork } from '../../src/train/policy.js';
import { searchDefaults } from '../../src/train/search/defaults.js';
import { createPairNoise } from '../../src/train/search/noise.js';
import { memberGenome, type Sample } from '../../src/train/search/sample.js';
import { legalNetwork, trainOn } from '../../src/train/train-on.js';
import { targetNamed } from '../../targets/index.js';

const task = taskOf('point-mass');
const SEED = 9;

function sampleOf(network: Network): Sample {
  const centre = genomeOf(network).values.map((_, i) => Math.sin(i) / 4);
  const sigma = new Float64Array(centre.length).fill(0.2);
  return { seed: 3, generation: 5, centre, sigma, noise: createPairNoise(4, centre.length) };
}

/** Judges members one by one, each on a machine of its own, with plain rollouts. */
function oneByOne(network: Network, machineOf: (member: Network) => Machine, members: number[]) {
  const sample = sampleOf(network);
  return members.map((member) => {
    const genome = memberGenome(new Float64Array(sample.centre.length), sample, member);
    const machine = machineOf(withGenome(network, genome));
    const scores = task.episodes.train.map((spec, i) =>
      runEpisode(machine, task, spec, { seed: episodeSeed(SEED, i) }),
    );
    return scores.reduce((a, b) => a + b, 0) / scores.length;
  });
}

const judged = (network: Network, evaluator: EvaluatorDescription, members: number[]) =>
  new MemberJudge({ task: task.name, evaluator }).judge({
    sample: sampleOf(network),
    members,
    seed: SEED,
  });

describe('members judged side by side score what each scores alone', () => {
  const members = [0, 1, 2, 3, 4, 5, 6];

  it.each(['pdlf', 'static'])('in float, %s', (rule) => {
    const network = createPolicyNetwork(task, { rule, hidden: 5 });
    const expected = oneByOne(network, createHostMachine, members);
    expect(new Set(expected).size).toBeGreaterThan(4);
    expect(judged(network, { kind: 'float', network }, members)).toEqual(expected);
    expect(judged(network, { kind: 'float', network }, [6, 1])).toEqual([expected[6], expected[1]]);
  });

  it.each(['pdlf', 'static', 'hebb'])('on the integers of loihi2, %s', (rule) => {
    const target = targetNamed('loihi2');
    const start = createPolicyNetwork(task, { rule, hidden: 5 });
    // All formats come from the network that the run starts from: here one whose products are all there.
    const network = legalNetwork(withGenome(start, sampleOf(start).centre), target);
    const calibration = calibrate(network, task, { seed: 1 });
    const evaluator = {
      kind: 'target',
      target: 'loihi2',
      network,
      calibration,
      options: {},
    } as const;
    const machineOf = (member: Network): Machine =>
      createIntegerHost(compile(member, target, calibration).micro);
    const expected = oneByOne(network, machineOf, members);
    expect(new Set(expected).size).toBeGreaterThan(4);
    expect(judged(network, evaluator, members)).toEqual(expected);
  });
});

describe('train --on', () => {
  it('keeps products whose coefficients cancel where the search starts', () => {
    const text = 'rule difference(per synapse A, B)\n  dw = 0.2 * (A - B)\n  normalize clip -1 1\n';
    const target = targetNamed('loihi2');
    const start = createPolicyNetwork(task, { rule: ruleModel(text, 'rule'), hidden: 5 });
    const network = legalNetwork(start, target);
    const calibration = calibrate(network, task, { seed: 1 });
    const evaluator = {
      kind: 'target',
      target: 'loihi2',
      network,
      calibration,
      options: {},
    } as const;
    expect(new Set(judged(network, evaluator, [0, 1, 2, 3])).size).toBe(4);
  });

  it('trains the weights of a network without rules', async () => {
    const network = createPolicyNetwork(task, { rule: 'static', hidden: 4 });
    const search = { ...searchDefaults('pgpe', 'weights'), population: 8, seed: 2 };
    const result = await trainOn(
      {
        task: task.name,
        network,
        target: targetNamed('loihi2'),
        search,
        generations: 4,
        workers: 0,
      },
      { clock: () => 0 },
    );
    expect(new Set(result.history.map((h) => h.top)).size).toBe(4);
    expect(result.best).toBeGreaterThan(result.history[0]!.centre);
  });
});
