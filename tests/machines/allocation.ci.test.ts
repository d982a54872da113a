import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./allocation.mjs', import.meta.url));
/** A young generation that no round fills: nothing is collected while a round runs. */
const FLAGS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
/** Runs of the script; which functions the engine puts into others is not the same in each. */
const RUNS = 3;

/**
 * Bytes that one step of a network with 18 neurons and 160 synapses may allocate, in the best of the runs. 1 is none: the heap
 * is read in whole bytes, over hundreds of steps. The others are boxes of 16 bytes, for numbers that one function gives another:
 * the modulator for generated JavaScript; each `exp` of a neuron; what the tasks and their episodes, and the emulator, do.
 */
const MOST: Readonly<Record<string, number>> = {
  reference: 1024,
  fixed: 1,
  host: 64,
  'integer host': 1,
  lanes: 1,
  'integer lanes': 1,
  emulator: 2048,
  rollout: 64,
  'lane rollout': 64,
};

describe('a step allocates nothing', () => {
  const runs: Record<string, number>[] = [];
  beforeAll(() => {
    for (let i = 0; i < RUNS; i++) {
      runs.push(
        JSON.parse(execFileSync(process.execPath, [...FLAGS, script], { encoding: 'utf8' })),
      );
    }
  });

  it.each(Object.entries(MOST))('on %s: at most %i bytes', (machine, most) => {
    expect(Math.min(...runs.map((run) => run[machine]!))).toBeLessThanOrEqual(most);
  });
});
