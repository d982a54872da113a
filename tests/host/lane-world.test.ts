import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { createIntegerLanes } from '../../runtime/host/integer-lanes.js';
import { createLaneMachine } from '../../runtime/host/lanes.js';
import { NetworkBuilder, type ProjectionOptions } from '../../src/network/builder.js';
import type { LaneMachine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { LaneRollout } from '../../src/tasks/lane-rollout.js';
import { TASKS, taskOf } from '../../src/tasks/registry.js';
import type { Task } from '../../src/tasks/task.js';
import { targetNamed } from '../../targets/index.js';

const SEED = 611;
const TASK_NAMES = TASKS.flatMap(({ name, variants }) =>
  variants.length === 0
    ? [name]
    : variants.flatMap((v) => v.values.map((value) => `${name}:${v.key}=${value}`)),
);

/** Rules with a modulator, with per-synapse state, and with every kind of normalisation that both machines can do. */
const RULES = [
  'rule a(per synapse k, per synapse c)\n  dw = k * x * y + c * m * x\n  normalize clip -1 1\n',
  'rule b(per synapse k, per synapse c)\n  dw = k * x * y + c * y + k * m\n  normalize pow2\n',
  'rule c(per synapse k, per synapse c)\n  dw = k * m * x * y + c\n  normalize clip -1 1\n',
];

const shapes = fc.record({
  hidden: fc.integer({ min: 1, max: 9 }),
  neuron: fc.constantFrom('ternary_lif', 'lif'),
  rules: fc.tuple(fc.constantFrom(...RULES), fc.constantFrom(...RULES)),
  delays: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })),
  sends: fc.tuple(fc.boolean(), fc.boolean()),
  every: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 2 })),
  density: fc.option(fc.double({ min: 0.3, max: 1, noNaN: true })),
  scale: fc.constantFrom(0.3, 1, 2.5),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

const noise = (length: number, key: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => draw(seed, key, i, 0, 0, 0) / 2 ** 31 - 1);

function networkOf(task: Task, shape: Shape): Network {
  const plastic = (index: 0 | 1): ProjectionOptions => ({
    rule: shape.rules[index],
    every: shape.every[index],
    delay: shape.delays[index],
    weight: shape.sends[index] ? 'send' : 'arrival',
    parameters: { k: 0.3, c: -0.2 },
    ...(shape.density === null || index === 1
      ? {}
      : { connectivity: { density: shape.density, seed: shape.seed } }),
    initialWeights: 0.4,
  });
  return new NetworkBuilder('random')
    .input('observation', task.observationSize, { scale: shape.scale, mean: 0.1, clip: 3 })
    .population('hidden', shape.hidden, shape.neuron)
    .population('action', task.actionSize, 'readout')
    .projection('observation', 'hidden', plastic(0))
    .projection('hidden', 'action', plastic(1))
    .output('action', { scale: 0.7, clip: 1.5 })
    .build();
}

/** Weights of each lane's own. */
function scatter(machine: LaneMachine, seed: number): void {
  for (const { probe, length } of machine.shape.probes) {
    if (probe.kind !== 'weight') continue;
    for (let lane = 0; lane < machine.lanes; lane++) {
      const weights = noise(length, lane, seed).map((w) => Math.round(w * 100) / 128);
      machine.initialise(probe, lane, weights);
    }
  }
}

/** Scores, outputs and every state after some episodes. */
function play(machine: LaneMachine, task: Task, seed: number, stepwise: boolean): unknown[] {
  const rollout = new LaneRollout(machine, task, { stepwise });
  const { train, test } = task.episodes;
  // The second and the third meet the draws of the first.
  const met = [train[0]!, train[0]!, test.at(-1)!, train.at(-1)!];
  return met.map((spec, i) => {
    if (i > 0) scatter(machine, seed + i);
    const scores = [...rollout.run(spec, i < 3 ? seed : seed + 1)];
    const states = Array.from({ length: machine.lanes }, (_, lane) => [
      ...Object.values(machine.outputs(lane)).map((o) => [...o]),
      ...machine.shape.probes.map(({ probe }) => [...machine.read(probe, lane)]),
    ]);
    return { scores, states };
  });
}

const integers =
  (keptDraws: number) =>
  (network: Network): LaneMachine =>
    createIntegerLanes(compile(network, targetNamed('loihi2'), NO_CALIBRATION).micro, {
      keptDraws,
    });

describe.each([
  ['float', createLaneMachine],
  ['integer', integers(2 ** 26)],
  ['integer, draws not kept,', integers(0)],
] as const)('whole episodes of %s lanes give what steps give', (_, create) => {
  it.each(TASK_NAMES)('in %s', (name) => {
    const task = taskOf(name);
    expect(task.world).toBeDefined();
    let scored = 0;
    const property = fc.property(shapes, (shape) => {
      const network = networkOf(task, shape);
      const runs = [false, true].map((stepwise) => {
        const machine = create(network);
        scatter(machine, shape.seed);
        return play(machine, task, shape.seed, stepwise);
      });
      expect(runs[0]).toEqual(runs[1]);
      scored += (runs[0] as { scores: number[] }[]).filter((r) => r.scores[0] !== 0).length;
    });
    fc.assert(property, { seed: SEED, numRuns: 6 });
    expect(scored).toBeGreaterThan(0);
  });
});

it('a task without equations goes step by step', () => {
  const { world: _, ...task } = taskOf('point-mass');
  const network = networkOf(task, fc.sample(shapes, { seed: SEED, numRuns: 1 })[0]!);
  const machine = createLaneMachine(network);
  scatter(machine, 1);
  const own = play(machine, task, 1, false);
  const other = createLaneMachine(network);
  scatter(other, 1);
  expect(own).toEqual(play(other, taskOf('point-mass'), 1, false));
});

describe('a lane whose action is not finite', () => {
  const task = taskOf('hidden-dynamics');
  /** Weights of one lane are too large for float32 after some steps. */
  const network = new NetworkBuilder('diverges')
    .input('observation', task.observationSize)
    .population('action', task.actionSize, 'readout')
    .projection('observation', 'action', {
      rule: 'rule grow(per synapse k)\n  dw = k * w\n',
      parameters: { k: 0 },
      initialWeights: 1,
    })
    .output('action')
    .build();

  const run = (lanes: readonly number[], stepwise: boolean): unknown => {
    const machine = createLaneMachine(network);
    const probe = { kind: 'synapse', projection: 'observation->action', name: 'k' } as const;
    for (const lane of lanes) machine.initialise(probe, lane, new Float64Array(16).fill(4000));
    return play(machine, task, 7, stepwise);
  };

  it.each([[[1]], [[0, 2, 3]], [[0, 1, 2, 3]]])('stands still: lanes %j', (lanes) => {
    const whole = run(lanes, false);
    expect(whole).toEqual(run(lanes, true));
    const [{ scores }] = whole as [{ scores: number[] }];
    expect(scores.map((s) => Number.isNaN(s))).toEqual([0, 1, 2, 3].map((l) => lanes.includes(l)));
  });
});
