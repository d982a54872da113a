import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionAt } from '../../src/tasks/angles.js';
import { TASKS, taskOf } from '../../src/tasks/registry.js';
import type { EpisodeSpec, Task } from '../../src/tasks/task.js';

/** Plays an episode with a policy of the observation and the step; returns the score and every observation. */
function play(
  task: Task,
  spec: EpisodeSpec,
  seed: number,
  policy: (observation: Float64Array, step: number) => number[],
) {
  const episode = task.createEpisode(spec, seed);
  const observation = new Float64Array(task.observationSize);
  const seen: number[][] = [];
  let score = 0;
  for (let step = 0; step < task.steps; step++) {
    observation.fill(Number.NaN);
    episode.observe(observation);
    seen.push([...observation]);
    score += episode.act(policy(observation, step));
  }
  return { score, seen, episode };
}

const towards = (o: Float64Array): number[] => {
  const largest = Math.max(Math.abs(o[0]!), Math.abs(o[1]!));
  return [o[0]! / largest, o[1]! / largest];
};

describe('every task', () => {
  const tasks = TASKS.map((family) => taskOf(family.name));

  it.each(tasks.map((t) => [t.name, t] as const))(
    '%s fills its observation with finite numbers',
    (_, task) => {
      for (const spec of [task.episodes.train[0]!, task.episodes.test.at(-1)!]) {
        const { seen } = play(task, spec, 3, () => new Array(task.actionSize).fill(0.5));
        expect(seen.every((o) => o.every(Number.isFinite))).toBe(true);
      }
    },
  );

  it.each(tasks.map((t) => [t.name, t] as const))(
    '%s depends on spec and seed alone',
    (_, task) => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(), (seed, pick) => {
          const spec = task.episodes.train[pick % task.episodes.train.length]!;
          const policy = (o: Float64Array) =>
            Array.from({ length: task.actionSize }, (_, i) => o[i]!);
          const first = play(task, spec, seed, policy);
          const second = play(task, spec, seed, policy);
          expect(second.seen).toEqual(first.seen);
          expect(second.score).toBe(first.score);
        }),
        { seed: 5, numRuns: 20 },
      );
    },
  );

  it.each(tasks.map((t) => [t.name, t] as const))('%s tests nothing that it trains', (_, task) => {
    const trained = new Set(task.episodes.train.map((s) => s.label));
    expect(task.episodes.test.filter((s) => trained.has(s.label))).toEqual([]);
  });
});

describe('point-mass', () => {
  const task = taskOf('point-mass');

  it('has 8 trained and 72 other directions', () => {
    expect(task.episodes.train.map((s) => s.parameters['direction'])).toEqual([
      0, 45, 90, 135, 180, 225, 270, 315,
    ]);
    expect(task.episodes.test).toHaveLength(72);
    expect(task.episodes.test[1]!.parameters['direction']).toBe(7.5);
  });

  it('gives the closed-form score of full force along 0 degrees', () => {
    // v(t) = 1 - 0.9^t along the direction, so the sum over t = 1 … 100 is 100 - 9 (1 - 0.9^100).
    const { score } = play(task, task.episodes.train[0]!, 1, () => [5, 0]);
    expect(score).toBeCloseTo(100 - 9 * (1 - 0.9 ** 100), 9);
  });

  it('scores 109.9 on average when the largest force goes straight along the direction', () => {
    const scores = task.episodes.train.map((spec) => play(task, spec, 1, towards).score);
    expect(scores.reduce((a, b) => a + b) / 8).toBeCloseTo(109.9, 0);
  });

  it('charges 0.3 of the speed across the direction', () => {
    const { score } = play(task, task.episodes.train[0]!, 1, () => [0, 1]);
    expect(score).toBeCloseTo(-0.3 * (100 - 9 * (1 - 0.9 ** 100)), 9);
  });

  it('adds noise of deviation 0.1 that differs between seeds', () => {
    const noise = (seed: number) =>
      play(task, task.episodes.train[0]!, seed, () => [0, 0]).seen.map((o) => o[5]!);
    const many = Array.from({ length: 50 }, (_, seed) => noise(seed)).flat();
    const variance = many.reduce((sum, n) => sum + n * n, 0) / many.length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.1, 2);
    expect(noise(1)).not.toEqual(noise(2));
  });
});

describe('hidden-dynamics', () => {
  const task = taskOf('hidden-dynamics:angles=4');

  it('trains every direction under every angle and groups by angle', () => {
    expect(task.episodes.train).toHaveLength(32);
    expect([...new Set(task.episodes.train.map((s) => s.group))]).toEqual([
      'angle 0',
      'angle 90',
      'angle 180',
      'angle 270',
    ]);
  });

  it('turns the force: turning it back first gives the score of the unturned body', () => {
    const scoreOf = (spec: EpisodeSpec) => {
      const turn = directionAt(-spec.parameters['angle']!);
      return play(task, spec, 1, (o) => [
        0.5 * (turn.x * o[0]! - turn.y * o[1]!),
        0.5 * (turn.y * o[0]! + turn.x * o[1]!),
      ]).score;
    };
    const scores = task.episodes.train.map(scoreOf);
    for (const score of scores) expect(score).toBeCloseTo(scores[0]!, 9);
  });

  it('does not score the first 20 steps', () => {
    const spec = task.episodes.train[0]!;
    const { score } = play(task, spec, 1, (_, step) => (step < 20 ? [1, 0] : [0, 0]));
    // v(20) = 1 - 0.9^20 coasts: Σ v 0.9^k for k = 1 … 100.
    expect(score).toBeCloseTo((1 - 0.9 ** 20) * 9 * (1 - 0.9 ** 100), 9);
  });

  it('shows the last action as clipped, and no sign of the angle before the first one', () => {
    const [first, second] = [0, 180].map((angle) => {
      const spec = task.episodes.train.find((s) => s.parameters['angle'] === angle)!;
      return play(task, spec, 1, () => [3, -0.25]).seen;
    });
    expect(first![0]).toEqual(second![0]);
    expect(first![1]!.slice(5, 7)).toEqual([1, -0.25]);
    expect(first![1]![7]).toBeCloseTo(-second![1]![7]!, 12);
  });
});

describe('cue-reward', () => {
  const task = taskOf('cue-reward:classes=4');
  const label = (o: Float64Array) => [...o.slice(14)];

  /** Remembers each labelled pattern and answers with the nearest one. */
  function nearest() {
    const known: { pattern: number[]; answer: number[] }[] = [];
    return (o: Float64Array): number[] => {
      const pattern = [...o.slice(0, 14)];
      if (label(o).includes(1)) known.push({ pattern, answer: label(o) });
      const distance = (k: { pattern: number[] }) =>
        k.pattern.reduce((sum, v, i) => sum + (v - pattern[i]!) ** 2, 0);
      return known.reduce((a, b) => (distance(b) < distance(a) ? b : a)).answer;
    };
  }

  it('can be solved by remembering, and not by repeating the label', () => {
    for (const spec of task.episodes.train) {
      expect(play(task, spec, 9, nearest()).score).toBeCloseTo(1, 9);
      expect(play(task, spec, 9, (o) => label(o)).score).toBe(0);
    }
  });

  it('scores a constant answer at chance', () => {
    const { score } = play(task, task.episodes.train[0]!, 2, () => [1, 0, 0, 0]);
    expect(score).toBeCloseTo(0.25, 9);
  });

  it('rewards the answer of the last step', () => {
    const episode = task.createEpisode(task.episodes.train[0]!, 4);
    const observation = new Float64Array(task.observationSize);
    expect(episode.modulator).toBe(0);
    episode.observe(observation);
    episode.act(label(observation));
    expect(episode.modulator).toBe(1);
    episode.observe(observation);
    episode.act(label(observation).map((v) => 1 - v));
    expect(episode.modulator).toBe(0);
  });
});

describe('copy-delay', () => {
  const task = taskOf('copy-delay:delay=20');
  const [spec] = task.episodes.train;

  /** Keeps the pattern that was shown last and gives it on the cue, times a sign. */
  const keeper = (sign: (bit: number) => number) => {
    let kept = [0, 0, 0, 0];
    return (o: Float64Array): number[] => {
      if (o[0] !== 0) kept = [...o.slice(0, 4)];
      return kept.map((value, bit) => (o[4] === 1 ? value * sign(bit) : 0));
    };
  };

  it('has eight trials: 5 steps of a pattern, the delay, 5 steps of the cue', () => {
    const { seen } = play(task, spec!, 4, () => [0, 0, 0, 0]);
    expect(seen).toHaveLength(8 * 30);
    for (const [step, o] of seen.entries()) {
      const moment = step % 30;
      const shown = o.slice(0, 4).map(Math.abs);
      expect(shown, `step ${step}`).toEqual(new Array(4).fill(moment < 5 ? 1 : 0));
      expect(o.slice(4), `step ${step}`).toEqual([moment >= 25 ? 1 : 0, 1]);
      if (moment < 5) expect(o).toEqual(seen[step - moment]);
    }
  });

  it('draws a pattern for every trial', () => {
    const patterns = task.episodes.train.flatMap((s) => {
      const { seen } = play(task, s, 4, () => [0, 0, 0, 0]);
      return Array.from({ length: 8 }, (_, trial) => seen[trial * 30]!.slice(0, 4).join());
    });
    expect(new Set(patterns).size).toBe(16);
  });

  it('scores the part of the bits that are right under the cue', () => {
    const scoreOf = (sign: (bit: number) => number) => play(task, spec!, 4, keeper(sign)).score;
    expect(scoreOf(() => 2)).toBeCloseTo(1, 9);
    expect(scoreOf((bit) => (bit === 0 ? 1 : -1))).toBeCloseTo(0.25, 9);
    expect(scoreOf(() => 0)).toBe(0);
  });

  it('scores a constant answer at chance', () => {
    const scores = task.episodes.test.map((s) => play(task, s, 2, () => [1, 1, -1, 1]).score);
    expect(scores.reduce((a, b) => a + b) / scores.length).toBeCloseTo(0.5, 1);
  });

  it('rewards what was right in the last step, under the cue alone', () => {
    const episode = task.createEpisode(spec!, 4);
    const observation = new Float64Array(task.observationSize);
    const policy = keeper((bit) => (bit < 3 ? 1 : -1));
    for (let step = 0; step <= 30; step++) {
      expect(episode.modulator, `step ${step}`).toBe(step > 25 ? 0.75 : 0);
      episode.observe(observation);
      episode.act(policy(observation));
    }
  });
});
