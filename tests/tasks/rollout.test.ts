import { describe, expect, it } from 'vitest';
import type { Inputs, Machine, Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { type Injury, prepareInjuries } from '../../src/tasks/injury.js';
import { taskOf } from '../../src/tasks/registry.js';
import { episodeSeed, Rollout, runEpisode, runEpisodes } from '../../src/tasks/rollout.js';

/** A machine that pushes along the wanted direction, and remembers all that is done to it. */
class Recorder implements Machine {
  readonly shape = {
    machine: 'recorder',
    inputs: [{ name: 'observation', size: 6 }],
    outputs: [{ name: 'action', size: 2 }],
    probes: [],
  };
  learning = true;
  readonly seeds: number[] = [];
  readonly learned: boolean[] = [];
  readonly modulators: number[] = [];
  readonly weights = new Map<string, Float64Array>();
  /** Weights of each projection as each step met them. */
  readonly history: Record<string, number[]>[] = [];
  readonly #action = new Float64Array(2);

  constructor(readonly push: (observation: ArrayLike<number>) => readonly [number, number]) {}

  reset({ seed }: { readonly seed: number }): void {
    this.seeds.push(seed);
    this.weights.set('a->b', new Float64Array(6).fill(1));
    this.weights.set('b->c', new Float64Array(2).fill(1));
  }
  step(inputs: Inputs) {
    this.learned.push(this.learning);
    this.modulators.push(inputs.modulator);
    this.history.push(Object.fromEntries([...this.weights].map(([k, w]) => [k, [...w]])));
    this.#action.set(this.push(inputs.values['observation']!));
    // A rule that grows every weight again.
    if (this.learning) for (const w of this.weights.values()) w.fill(1);
    return { action: this.#action };
  }
  read(probe: Probe): Float64Array {
    return this.weights.get(probe.kind === 'weight' ? probe.projection : '')!.slice();
  }
  write(probe: Probe, values: ArrayLike<number>): void {
    this.weights.get(probe.kind === 'weight' ? probe.projection : '')!.set(Array.from(values));
  }
}

const forward = (o: ArrayLike<number>) => [10 * o[0]!, 10 * o[1]!] as const;
const task = taskOf('point-mass');
const [east] = task.episodes.train;
const FULL_FORCE = 100 - 9 * (1 - 0.9 ** 100);

const projection = (pre: string, post: string) => ({
  name: `${pre}->${post}`,
  pre,
  post,
  connectivity: { kind: 'dense' } as const,
  delay: 0,
  weight: 'arrival' as const,
  every: 1,
  rule: undefined,
  bindings: [],
  parameters: {},
  initialWeights: 1,
});
const population = (name: string, size: number) => ({
  name,
  size,
  neuron: undefined,
  parameters: {},
});
const network: Network = {
  name: 'three',
  populations: [population('a', 3), population('b', 2), population('c', 2)],
  projections: [
    projection('a', 'b'),
    {
      ...projection('b', 'c'),
      connectivity: {
        kind: 'sparse',
        rowStart: Uint32Array.of(0, 1, 2),
        columns: Uint32Array.of(1, 0),
      },
    },
  ],
  inputs: [],
  outputs: [{ population: 'c', variable: 'value', scale: 1, clip: Number.POSITIVE_INFINITY }],
};

describe('an episode', () => {
  it('scores what the task says and passes on the seed and the reward of the step before', () => {
    const machine = new Recorder(forward);
    expect(runEpisode(machine, task, east!, { seed: 7 })).toBeCloseTo(FULL_FORCE, 9);
    expect(machine.seeds).toEqual([7]);
    expect(machine.modulators[0]).toBe(0);
    expect(machine.modulators[1]).toBeCloseTo(0.1, 12);
    expect(machine.modulators).toHaveLength(100);
  });

  it('freezes the rules on request and not otherwise', () => {
    const machine = new Recorder(forward);
    const rollout = new Rollout(machine, task);
    rollout.run(east!, { seed: 1, learning: false });
    rollout.run(east!, { seed: 1 });
    expect(machine.learned.slice(0, 100)).toEqual(new Array(100).fill(false));
    expect(machine.learned.slice(100)).toEqual(new Array(100).fill(true));
  });

  it('ends with NaN where an action is not finite', () => {
    let steps = 0;
    const machine = new Recorder(() => [++steps > 3 ? Number.POSITIVE_INFINITY : 0, 0]);
    expect(runEpisode(machine, task, east!, { seed: 1 })).toBeNaN();
    expect(steps).toBe(4);
  });

  it('refuses a network of other sizes', () => {
    const machine = new Recorder(forward);
    expect(() => runEpisode(machine, taskOf('hidden-dynamics'), east!, { seed: 1 })).toThrow(
      'PL5103',
    );
  });
});

describe('a set of episodes', () => {
  it('gives each its own seed and the means of the groups', () => {
    const machine = new Recorder((o) => (o[0]! > 0.9 ? [1, 0] : [0, 0]));
    const specs = [
      { ...east!, group: 'one' },
      { ...task.episodes.train[2]!, group: 'two' },
      { ...east!, group: 'one' },
    ];
    const { mean, scores, groups } = runEpisodes(machine, task, specs, { seed: 5 });
    expect(machine.seeds).toEqual([0, 1, 2].map((i) => episodeSeed(5, i)));
    expect(scores[1]).toBe(0);
    expect(mean).toBeCloseTo((2 * FULL_FORCE) / 3, 9);
    expect(groups).toEqual([
      { group: 'one', mean: scores[0], episodes: 2 },
      { group: 'two', mean: 0, episodes: 1 },
    ]);
  });
});

describe('injuries', () => {
  const run = (injuries: Injury[]) => {
    const machine = new Recorder(forward);
    const score = runEpisode(machine, task, east!, {
      seed: 1,
      injuries: prepareInjuries(network, injuries),
    });
    return { machine, score };
  };

  it('zero every weight in the steps named and in no other', () => {
    const { machine } = run([{ kind: 'zero-weights', from: 40, to: 60 }]);
    machine.history.forEach((weights, step) => {
      const expected = step >= 40 && step < 60 ? 0 : 1;
      expect(weights['a->b'], `step ${step}`).toEqual(new Array(6).fill(expected));
      expect(weights['b->c'], `step ${step}`).toEqual([expected, expected]);
    });
  });

  it('cut dead neurons off on both sides', () => {
    const { machine } = run([
      { kind: 'dead-neurons', population: 'b', indices: [1], from: 2, to: 3 },
    ]);
    expect(machine.history[1]!['a->b']).toEqual([1, 1, 1, 1, 1, 1]);
    expect(machine.history[2]!['a->b']).toEqual([1, 0, 1, 0, 1, 0]);
    expect(machine.history[2]!['b->c']).toEqual([1, 0]);
    expect(machine.history[3]!['b->c']).toEqual([1, 1]);
  });

  it('remove an actuator for its steps', () => {
    const { score } = run([{ kind: 'remove-actuator', index: 0, from: 1, to: 100 }]);
    // One push of 0.1, then coasting.
    expect(score).toBeCloseTo(1 - 0.9 ** 100, 9);
    expect(run([{ kind: 'remove-actuator', index: 1, from: 0, to: 100 }]).score).toBeCloseTo(
      FULL_FORCE,
      9,
    );
  });

  it('that hit nothing are refused, all at once', () => {
    const prepare = () =>
      prepareInjuries(network, [
        { kind: 'dead-neurons', population: 'd', indices: [0], from: 0, to: 9 },
        { kind: 'dead-neurons', population: 'b', indices: [2], from: 0, to: 9 },
        { kind: 'remove-actuator', index: 2, from: 0, to: 9 },
        { kind: 'zero-weights', from: 9, to: 9 },
      ]);
    expect(prepare).toThrow(
      /no population `d`\n.*`b` has no neuron 2\n.*no actuator 2\n.*from step 9 to step 9 covers no step/,
    );
  });
});
