import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { libraryNeurons, libraryRules } from '../../src/equations/library.js';
import { loadModels, neuronModel, ruleModel } from '../../src/equations/load.js';
import { neuron, synapse } from './simulate.js';

/** The steps, from 1, in which a neuron spikes under a constant current. */
function spikeTimes(
  step: (current: number) => Readonly<Record<string, number>>,
  current: number,
  steps: number,
): number[] {
  const times: number[] = [];
  for (let t = 1; t <= steps; t++) if (step(current)['spike'] !== 0) times.push(t);
  return times;
}

const intervals = (times: readonly number[]): number[] =>
  times.slice(1).map((t, i) => t - times[i]!);

describe('the library', () => {
  const texts = { ...libraryNeurons, ...libraryRules };

  it.each(Object.entries(texts))('%s states its source, and has no warnings', (name, text) => {
    const warnings: Diagnostic[] = [];
    const models = loadModels(text, name, (d) => warnings.push(d));
    expect(text).toMatch(/^# \S/);
    expect(models.map((m) => m.name)).toEqual([name]);
    expect(warnings).toEqual([]);
  });

  it('has neurons that need no parameters, and that spike with a trace', () => {
    for (const name of Object.keys(libraryNeurons)) {
      const { parameters, variables, value } = neuronModel(name);
      expect(parameters.every((p) => p.default !== undefined)).toBe(true);
      const names = variables.map((v) => v.name);
      if (value === 'spike') expect(names).toEqual(expect.arrayContaining(['spike', 'trace']));
      else expect(name).toBe('readout');
    }
  });

  it('has rules whose signals some neuron offers', () => {
    const offered = new Set(
      Object.keys(libraryNeurons).flatMap((n) => neuronModel(n).variables.map((v) => v.name)),
    );
    for (const name of Object.keys(libraryRules)) {
      for (const signal of ruleModel(name).signals) {
        if (signal.name.length > 1) expect(offered).toContain(signal.name.slice(2));
      }
    }
  });
});

describe('lif', () => {
  it('charges as 1 − (1 − 1/tau)^n and spikes when that passes the threshold', () => {
    const step = neuron('lif');
    for (let n = 1; n <= 6; n++) expect(step(2)['v']).toBeCloseTo(2 * (1 - 0.9 ** n), 12);
    const seventh = step(2);
    expect(seventh).toMatchObject({ spike: 1, v: 0, trace: 1, slow_trace: 1 });
    expect(step(2)).toMatchObject({ spike: 0, trace: 0.95, slow_trace: 0.99 });
  });

  it('spikes at a constant rate, and not at all below the threshold', () => {
    expect(intervals(spikeTimes(neuron('lif'), 2, 100))).toEqual(Array(13).fill(7));
    expect(spikeTimes(neuron('lif'), 0.99, 1000)).toEqual([]);
  });
});

describe('cuba_lif', () => {
  it('filters an impulse twice', () => {
    const step = neuron('cuba_lif', { threshold: 100 });
    let v = 0;
    for (let n = 0; n < 10; n++) {
      const state = step(n === 0 ? 1 : 0);
      v = v * (7 / 8) + 0.75 ** n;
      expect(state['u']).toBeCloseTo(0.75 ** n, 12);
      expect(state['v']).toBeCloseTo(v, 12);
    }
  });

  it('spikes of its bias alone', () => {
    expect(spikeTimes(neuron('cuba_lif', { bias: 0.5 }), 0, 9)).toEqual([3, 6, 9]);
  });
});

describe('ternary_lif', () => {
  it('is odd in its current', () => {
    const up = neuron('ternary_lif');
    const down = neuron('ternary_lif');
    const seen = new Set<number>();
    for (let t = 0; t < 50; t++) {
      const current = Math.sin(t) / 3;
      const { v, spike, trace } = up(current);
      const mirrored = down(-current);
      expect([v! + 0, spike! + 0, trace! + 0]).toEqual([
        -mirrored['v']! + 0,
        -mirrored['spike']! + 0,
        -mirrored['trace']! + 0,
      ]);
      seen.add(spike!);
    }
    expect([...seen].sort()).toEqual([-1, 0, 1]);
  });

  it('has a trace that a constant spike train fills to 1', () => {
    const step = neuron('ternary_lif');
    let last = 0;
    for (let t = 0; t < 60; t++) last = step(1)['trace']!;
    expect(last).toBeCloseTo(1, 12);
  });
});

describe('adaptive_lif', () => {
  it('spikes more and more slowly', () => {
    const gaps = intervals(spikeTimes(neuron('adaptive_lif'), 3, 200));
    expect(gaps.length).toBeGreaterThan(5);
    expect(gaps.at(-1)!).toBeGreaterThan(2 * gaps[0]!);
    // Whole steps: a gap may be one step shorter than the one before.
    for (const [i, gap] of gaps.entries())
      if (i > 0) expect(gap).toBeGreaterThanOrEqual(gaps[i - 1]! - 1);
  });
});

describe('izhikevich', () => {
  it('rests without current', () => {
    const step = neuron('izhikevich');
    expect(spikeTimes(step, 0, 4000)).toEqual([]);
    // The fixed point of the paper's regular spiking cell: 0.04 v² + 5 v + 140 = b·v.
    expect(step(0)['v']).toBeCloseTo((-4.8 - Math.sqrt(4.8 ** 2 - 4 * 0.04 * 140)) / 0.08, 6);
  });

  it('spikes regularly after a faster start, as the regular spiking cell of the paper', () => {
    const gaps = intervals(spikeTimes(neuron('izhikevich'), 10, 2000));
    expect(gaps[0]!).toBeLessThan((2 / 3) * gaps[2]!);
    expect(gaps.length).toBeGreaterThan(10);
    const settled = gaps.slice(3);
    expect(Math.max(...settled) - Math.min(...settled)).toBeLessThanOrEqual(3);
  });
});

describe('readout', () => {
  it('gives its current', () => {
    expect(neuron('readout')(-0.25)['value']).toBe(-0.25);
  });
});

describe('rules that are formulas', () => {
  const signals = { x: 0.5, y: -0.25 };
  const coefficients = { lr: 2, A: 3, B: 5, C: 7, D: 11 };

  it.each([
    ['pdlf', coefficients, 2 * (3 * 0.5 * (-0.25 - 7) + 5 * -0.25 + 11)],
    ['abcd', coefficients, 2 * (3 * 0.5 * -0.25 + 5 * 0.5 + 7 * -0.25 + 11)],
    ['hebb', { rate: 0.5 }, 0.5 * 0.5 * -0.25],
    ['none', {}, 0],
  ])('%s', (name, parameters, expected) => {
    expect(synapse(name, parameters)(signals)['w']).toBe(expected);
  });

  it('normalise as they say', () => {
    const kinds = (name: string): string[] => ruleModel(name).normalizations.map((n) => n.kind);
    expect(kinds('pdlf')).toEqual(['max']);
    expect(kinds('abcd')).toEqual(['max']);
    expect(kinds('hebb')).toEqual(['decay', 'clip']);
    expect(kinds('none')).toEqual([]);
  });
});

describe('oja', () => {
  it('makes the weights of a neuron a unit vector along the main direction', () => {
    const first = synapse('oja', { rate: 0.05 }, 0.3);
    const second = synapse('oja', { rate: 0.05 }, -0.2);
    let w: readonly [number, number] = [0.3, -0.2];
    for (let t = 0; t < 4000; t++) {
      // Two uncorrelated directions, (3, 4)/5 three times as strong as (4, −3)/5.
      const [a, b] = [t % 2 === 0 ? 1 : -1, t % 4 < 2 ? 1 / 3 : -1 / 3];
      const x = [0.6 * a + 0.8 * b, 0.8 * a - 0.6 * b] as const;
      const y = w[0] * x[0] + w[1] * x[1];
      w = [first({ x: x[0], y })['w']!, second({ x: x[1], y })['w']!];
    }
    expect(Math.hypot(...w)).toBeCloseTo(1, 1);
    expect(Math.abs(0.6 * w[0] + 0.8 * w[1])).toBeGreaterThan(0.98);
  });
});

/** Signals of two spike trains in which each neuron's trace decays by 1/20, its slow trace by 1/100. */
function* trains(pre: ReadonlySet<number>, post: ReadonlySet<number>, steps: number) {
  let [x, y, y_slow_trace] = [0, 0, 0];
  for (let t = 0; t < steps; t++) {
    const x_spike = pre.has(t) ? 1 : 0;
    const y_spike = post.has(t) ? 1 : 0;
    x += x_spike - x / 20;
    y += y_spike - y / 20;
    y_slow_trace += y_spike - y_slow_trace / 100;
    yield { x, y, x_spike, y_spike, y_slow_trace };
  }
}

function weightAfter(
  rule: string,
  pre: readonly number[],
  post: readonly number[],
  start: number,
): number {
  const step = synapse(rule, {}, start);
  let w = start;
  for (const signals of trains(new Set(pre), new Set(post), 1000)) w = step(signals)['w']!;
  return w - start;
}

describe('stdp', () => {
  it('has exponential windows on both sides', () => {
    for (const delay of [1, 5, 20]) {
      expect(weightAfter('stdp', [10], [10 + delay], 0.5)).toBeCloseTo(0.01 * 0.95 ** delay, 12);
      expect(weightAfter('stdp', [10 + delay], [10], 0.5)).toBeCloseTo(-0.012 * 0.95 ** delay, 12);
    }
  });

  it('stays within 0 and 1', () => {
    const often = Array.from({ length: 200 }, (_, i) => 5 * i);
    const later = often.map((t) => t + 1);
    expect(weightAfter('stdp', often, later, 0.999)).toBeLessThanOrEqual(0.001);
    expect(weightAfter('stdp', later, often, 0.001)).toBe(-0.001);
  });
});

describe('triplet_stdp', () => {
  /** The change per pair at a distance of `gap` steps, post 5 steps after pre. */
  const perPair = (gap: number): number => {
    const pre = Array.from({ length: 5 }, (_, i) => 10 + i * gap);
    const post = pre.map((t) => t + 5);
    return weightAfter('triplet_stdp', pre, post, 0.5) / pre.length;
  };

  it('does not potentiate by one pair: that takes an earlier postsynaptic spike', () => {
    expect(weightAfter('triplet_stdp', [10], [15], 0.5)).toBe(0);
    expect(weightAfter('triplet_stdp', [10], [5, 15], 0.5)).toBeCloseTo(
      0.006 * 0.95 ** 5 * 0.99 ** 10 - 0.007 * 0.95 ** 5,
      12,
    );
  });

  it('turns from depression to potentiation as the pairs come faster', () => {
    expect(perPair(190)).toBeLessThan(perPair(60));
    expect(perPair(60)).toBeLessThan(perPair(20));
    expect(perPair(20)).toBeGreaterThan(0);
    expect(weightAfter('triplet_stdp', [15, 215], [10, 210], 0.5)).toBeLessThan(0);
  });
});

describe('r_stdp', () => {
  const withReward = (pre: number, post: number, at: number, m: number): number => {
    const step = synapse('r_stdp');
    let [w, t] = [0, 0];
    for (const signals of trains(new Set([pre]), new Set([post]), 100))
      w = step({ ...signals, m: t++ === at ? m : 0 })['w']!;
    return w;
  };

  it('waits for the reward, and takes its sign', () => {
    expect(withReward(10, 12, 50, 0)).toBe(0);
    const late = 0.1 * 0.95 ** 38 * (0.1 * 0.95 ** 2);
    expect(withReward(10, 12, 50, 1)).toBeCloseTo(late, 12);
    expect(withReward(10, 12, 50, -1)).toBeCloseTo(-late, 12);
    expect(withReward(12, 10, 50, 1)).toBeLessThan(0);
    expect(withReward(10, 12, 5, 1)).toBe(0);
  });
});
