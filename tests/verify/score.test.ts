import { describe, expect, it } from 'vitest';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { bootstrapInterval, meanOf } from '../../runtime/verify/bootstrap.js';
import { BOUNDS, brokenBounds, checkBounds, parseBounds } from '../../runtime/verify/bounds.js';
import { taskDrive } from '../../runtime/verify/drive.js';
import { compareScores } from '../../runtime/verify/score.js';
import { gaussian } from '../../src/equations/functions/gaussian.js';
import { taskOf } from '../../src/tasks/registry.js';
import { growing, policy, recording, reference, wrapped } from './machines.js';

const normal = (trial: number, index: number): number =>
  gaussian(draw(23, trial, index, 0, 0, 0), draw(23, trial, index, 1, 0, 0));

describe('bootstrap', () => {
  it('covers the true mean of a normal distribution about as often as it says', () => {
    const trials = 400;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 30 }, (_, i) => 2 + 3 * normal(trial, i));
      const [low, high] = bootstrapInterval(sample, { seed: trial, resamples: 400 });
      if (low <= 2 && 2 <= high) covered++;
    }
    // The percentile bootstrap is a little narrow at this size; ± 3 standard errors around 0.94.
    expect(covered / trials).toBeGreaterThan(0.9);
    expect(covered / trials).toBeLessThan(0.98);
  });

  it('is as wide as the normal theory says for a large sample', () => {
    const sample = Array.from({ length: 400 }, (_, i) => normal(1, i));
    const mean = meanOf(sample);
    const deviation = Math.sqrt(meanOf(sample.map((x) => (x - mean) ** 2)));
    const half = (1.96 * deviation) / 20;
    const [low, high] = bootstrapInterval(sample, { seed: 5 });
    expect((high - low) / (2 * half)).toBeGreaterThan(0.93);
    expect((high - low) / (2 * half)).toBeLessThan(1.07);
    expect((high + low) / 2).toBeCloseTo(mean, 1);
  });

  it('gets wider with the confidence', () => {
    const sample = Array.from({ length: 25 }, (_, i) => normal(2, i));
    const width = (confidence: number): number => {
      const [low, high] = bootstrapInterval(sample, { seed: 5, confidence });
      return high - low;
    };
    expect(width(0.99)).toBeGreaterThan(width(0.95));
    expect(width(0.95)).toBeGreaterThan(width(0.5));
  });

  it('follows a skewed distribution to its longer side', () => {
    const sample = Array.from({ length: 30 }, (_, i) => Math.exp(1.5 * normal(3, i)));
    const [low, high] = bootstrapInterval(sample, { seed: 5 });
    expect(high - meanOf(sample)).toBeGreaterThan(meanOf(sample) - low);
  });

  it('of equal values is that value, and the same seed gives the same interval', () => {
    expect(bootstrapInterval([4, 4, 4], { seed: 1 })).toEqual([4, 4]);
    const sample = Array.from({ length: 20 }, (_, i) => normal(4, i));
    expect(bootstrapInterval(sample, { seed: 9 })).toEqual(bootstrapInterval(sample, { seed: 9 }));
    expect(bootstrapInterval(sample, { seed: 9 })).not.toEqual(
      bootstrapInterval(sample, { seed: 10 }),
    );
  });
});

describe('scores', () => {
  const drive = taskDrive(taskOf('point-mass'), { seed: 3, episodes: 2 });
  const half = () =>
    wrapped(reference(policy()), {
      outputs: ({ action }) => ({ action: action!.map(() => 0.001) }),
    });

  it('of equal machines are equal', () => {
    const score = compareScores(reference(policy()), reference(policy()), drive, 20);
    expect(score).toMatchObject({ difference: 0, interval: [0, 0], seeds: 20 });
    expect(score.left).toBe(score.right);
  });

  it('show a machine that acts differently, with an interval that leaves out 0', () => {
    const score = compareScores(reference(policy()), half(), drive, 20);
    expect(score.difference).toBeCloseTo(score.right - score.left, 9);
    const [low, high] = score.interval;
    expect(low).toBeLessThan(score.difference);
    expect(high).toBeGreaterThan(score.difference);
    expect(low > 0 || high < 0).toBe(true);
  });

  it('need two seeds, a task, and outputs that are finite', () => {
    const lost = wrapped(reference(policy()), {
      outputs: () => ({ action: Float64Array.of(Number.NaN, 0) }),
    });
    expect(() => compareScores(half(), half(), drive, 1)).toThrow('PL5307');
    expect(() => compareScores(half(), lost, drive, 2)).toThrow('PL5307');
    const machine = reference(growing(1));
    expect(() => compareScores(machine, machine, recording({ input: 1 }, 3, 4), 2)).toThrow(
      'PL5307',
    );
  });

  it('spread a few episodes over all conditions', () => {
    const seen: number[] = [];
    const watching = wrapped(reference(policy()), {});
    const step = watching.step.bind(watching);
    watching.step = (inputs) => {
      const [x = 0, y = 0] = Array.from(inputs.values['observation']!);
      seen.push(Math.round(((Math.atan2(y, x) * 180) / Math.PI + 360) % 360));
      return step(inputs);
    };
    const few = taskDrive(taskOf('point-mass'), { seed: 3, episodes: 4 });
    for (let i = 0; i < 4; i++) few.start(watching, i).step();
    expect(seen.map((d) => Math.floor(d / 90))).toEqual([0, 1, 2, 3]);
  });
});

describe('bounds', () => {
  const score = {
    left: -100,
    right: -106,
    difference: -6,
    interval: [-8, -4] as [number, number],
    seeds: 20,
  };
  const rule = {
    projection: 'p',
    max: 1,
    rms: 0.5,
    maxSteps: 3,
    rmsSteps: 1.5,
    relative: 0,
    relativeToWeight: 0,
    compared: 9,
  };
  const point = { step: 10, weights: 0.25, projections: [], spikes: null };
  const measured = { score, oneStep: [rule], drift: [point] };

  it('are read from NAME=LIMIT', () => {
    expect(parseBounds(['score=0.05', ' rule = 2 '])).toEqual({ score: 0.05, rule: 2 });
    expect(parseBounds([])).toEqual({});
  });

  it('are refused all at once when they are none', () => {
    const texts = ['scor=1', 'rule', 'drift=-1', 'score=1', 'score=2', 'rule=1=2', 'drift=x'];
    let codes: readonly string[] = [];
    try {
      parseBounds(texts);
    } catch (error) {
      codes = String(error).match(/PL\d+/g) ?? [];
    }
    expect(codes.length).toBeGreaterThanOrEqual(4);
    expect(new Set(codes)).toEqual(new Set(['PL5308']));
    expect(() => checkBounds({ scores: 1 })).toThrow('PL5308');
    expect(() => checkBounds({ score: Number.NaN })).toThrow('PL5308');
  });

  it('hold up to the limit and are broken above it', () => {
    expect(brokenBounds(measured, {})).toEqual([]);
    expect(brokenBounds(measured, { score: 0.06, rule: 1.5, drift: 0.25 })).toEqual([]);
    expect(brokenBounds(measured, { score: 0.059, rule: 1.4, drift: 0.2 })).toEqual([...BOUNDS]);
    expect(brokenBounds({ ...measured, score: { ...score, difference: 6 } }, { score: 0 })).toEqual(
      [],
    );
    expect(brokenBounds({ ...measured, score: null }, { score: 1 })).toEqual(['score']);
  });
});
