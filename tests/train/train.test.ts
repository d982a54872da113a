import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostMachine } from '../../runtime/host/host.js';
import { taskOf } from '../../src/tasks/registry.js';
import { runEpisodes } from '../../src/tasks/rollout.js';
import { printCheckpoint, readCheckpoint } from '../../src/train/checkpoint.js';
import { createPolicyNetwork } from '../../src/train/policy.js';
import { searchDefaults } from '../../src/train/search/defaults.js';
import { type Progress, type TrainOptions, train } from '../../src/train/train.js';

const task = 'point-mass';
const network = createPolicyNetwork(taskOf(task), { hidden: 6 });
const search = { ...searchDefaults('pgpe'), population: 8, seed: 5 };
const options: TrainOptions = { task, network, search, generations: 6, workers: 0 };
const still = { clock: () => 0 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-train-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('train', () => {
  it('gives the same bytes in one go and in two halves', async () => {
    const whole = join(folder, 'whole');
    const halves = join(folder, 'halves');
    const one = await train({ ...options, checkpoint: whole }, still);
    await train({ ...options, generations: 3, checkpoint: halves }, still);
    const resume = readCheckpoint(halves);
    expect(resume.state.generation).toBe(3);
    const two = await train({ ...options, resume, checkpoint: halves }, still);
    expect(readFileSync(halves, 'utf8')).toBe(readFileSync(whole, 'utf8'));
    expect(two.network).toEqual(one.network);
    expect(two.history).toEqual(one.history);
  });

  it('stops on abort at a whole generation, and goes on from there to the same result', async () => {
    const whole = await train(options, still);
    const controller = new AbortController();
    const file = join(folder, 'aborted');
    const stopped = await train(
      { ...options, checkpoint: file },
      {
        ...still,
        signal: controller.signal,
        progress: ({ generation }) => {
          if (generation === 2) controller.abort();
        },
      },
    );
    expect(stopped.interrupted).toBe(true);
    expect(stopped.generations).toBeGreaterThanOrEqual(2);
    expect(stopped.generations).toBeLessThan(6);
    expect(printCheckpoint(stopped.checkpoint)).toBe(readFileSync(file, 'utf8'));
    const resumed = await train({ ...options, resume: readCheckpoint(file) }, still);
    expect(resumed.interrupted).toBe(false);
    expect(printCheckpoint(resumed.checkpoint)).toBe(printCheckpoint(whole.checkpoint));
  });

  it('refuses to resume another run', async () => {
    const { checkpoint } = await train({ ...options, generations: 1 }, still);
    const other = { ...options, resume: checkpoint, search: { ...search, seed: 6 } };
    await expect(train(other, still)).rejects.toThrow(/PL5107.*seed 5.*6/);
  });

  it('reports progress in the time of the clock that it is given', async () => {
    const seen: Progress[] = [];
    let now = 100;
    const clock = () => (now += 2);
    const result = await train(
      { ...options, generations: 4 },
      { clock, progress: (p) => seen.push(p) },
    );
    expect(seen.map((p) => p.generation)).toEqual([1, 2, 3, 4]);
    expect(seen.map((p) => p.seconds)).toEqual([2, 4, 6, 8]);
    expect(seen.map((p) => p.etaSeconds)).toEqual([6, 4, 2, 0]);
    // 8 members and the centre, 8 episodes each; 6·6 + 6·2 synapses over 100 steps.
    expect(seen.map((p) => p.episodes)).toEqual([72, 144, 216, 288]);
    expect(seen[1]!.synapseUpdates).toBe(144 * 100 * 48);
    expect(seen[1]!.episodesPerSecond).toBe(36);
    expect(result.episodes).toBe(288 + 8);
    expect(result.history).toHaveLength(4);
    expect(result.mean).toBe(seen[3]!.mean);
    expect(seen.every((p) => p.top >= p.mean && p.diverged === 0)).toBe(true);
  });

  it.each([
    ['pdlf', 'rules', 40],
    ['static', 'weights', 20],
  ] as const)(
    'teaches a %s network, and returns the one that scored best',
    async (rule, kind, bound) => {
      const policy = createPolicyNetwork(taskOf(task), { hidden: 8, rule });
      const defaults = { ...searchDefaults('pgpe', kind), population: 16 };
      const result = await train(
        { ...options, network: policy, search: defaults, generations: 20 },
        still,
      );
      expect(result.history[0]!.mean).toBeLessThan(bound / 2);
      expect(result.best).toBeGreaterThan(bound);
      expect(result.best).toBeGreaterThanOrEqual(Math.max(...result.history.map((h) => h.centre)));
      const machine = createHostMachine(result.network);
      const scores = runEpisodes(machine, taskOf(task), taskOf(task).episodes.train, { seed: 77 });
      expect(Math.abs(scores.mean - result.best)).toBeLessThan(10);
    },
  );

  it.each([
    [{ task: 'point-mas' }, 'PL5101'],
    [{ task: 'hidden-dynamics' }, 'PL5103'],
    [{ search: { ...search, population: 9 } }, 'PL5105'],
    [{ workers: -1 }, 'PL5108'],
    [{ workers: 1.5 }, 'PL5108'],
    [{ checkpoint: '/nowhere/at/all' }, 'PL4014'],
  ])('refuses %o', async (wrong, code) => {
    await expect(train({ ...options, generations: 1, ...wrong }, still)).rejects.toThrow(code);
  });
});
