import { describe, expect, it } from 'vitest';
import { taskOf } from '../../src/tasks/registry.js';
import { printCheckpoint } from '../../src/train/checkpoint.js';
import { createPolicyNetwork } from '../../src/train/policy.js';
import { searchDefaults } from '../../src/train/search/defaults.js';
import { train } from '../../src/train/train.js';

const task = 'cue-reward:classes=3';
const network = createPolicyNetwork(taskOf(task), { hidden: 5 });
const search = { ...searchDefaults('snes'), population: 10, seed: 3 };
const still = { clock: () => 0 };

describe('worker threads', () => {
  it('do not change a bit, whatever their number', async () => {
    const texts: string[] = [];
    for (const workers of [0, 1, 2, 3]) {
      const result = await train({ task, network, search, generations: 3, workers }, still);
      texts.push(printCheckpoint(result.checkpoint));
    }
    expect(new Set(texts).size).toBe(1);
  });

  it('stop when the run is aborted', async () => {
    const controller = new AbortController();
    const result = await train(
      { task, network, search, generations: 100_000, workers: 2 },
      {
        ...still,
        signal: controller.signal,
        progress: ({ generation }) => {
          if (generation === 3) controller.abort();
        },
      },
    );
    expect(result.interrupted).toBe(true);
    expect(result.generations).toBe(3);
  });

  it('refuse a network of another task before any starts', async () => {
    const wrong = { task: 'point-mass', network, search, generations: 1, workers: 2 };
    await expect(train(wrong, still)).rejects.toThrow('PL5103');
  });
});
