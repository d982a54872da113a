import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./allocation.mjs', import.meta.url));
/** A young generation that no round fills: nothing is collected while a round runs. */
const FLAGS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
/** Runs of the script; which functions the engine puts into others is not the same in each. */
const RUNS = 3;

/** Less than one boxed number (16 bytes) in a step: nothing. */
const NOTHING = 8;

/**
 * Bytes that one step of a network with 18 neurons and 160 synapses may allocate, in the best of the runs. Where it is not nothing,
 * it is boxes for numbers that one function gives another, and none is for a synapse: the modulator for generated JavaScript,
 * each `exp` of a neuron, scores and observations of a task.
 */
const MOST: Readonly<Record<string, number>> = {
  reference: 1024,
  fixed: NOTHING,
  host: 64,
  'integer host': NOTHING,
  lanes: NOTHING,
  'integer lanes': NOTHING,
  emulator: 8,
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
