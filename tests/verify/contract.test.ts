import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../runtime/verify/comparison.js';
import { comparisonsJson } from '../../runtime/verify/contract.js';

const error = { maxSteps: 1, rmsSteps: 1, relative: 0.1, relativeToWeight: 0.1 };
const comparison: Comparison = {
  left: 'reference',
  right: 'fixed',
  kind: 'bounded',
  steps: 10,
  compared: 40,
  cycles: null,
  differences: 0,
  firstDifference: null,
  onlyLeft: [],
  onlyRight: [],
  ruleError: {
    oneStep: [
      { projection: 'a', max: 3, rms: 1, compared: 30, ...error },
      { projection: 'b', max: 4, rms: 3, compared: 10, ...error },
    ],
    terms: [],
    drift: [
      { step: 5, weights: 3, projections: [], spikes: null },
      { step: 10, weights: 4, projections: [], spikes: 0.5 },
    ],
  },
  score: null,
  broken: [],
};

describe('the comparisons of the JSON', () => {
  it('sum up errors over all weights, and drift over all points', () => {
    const [json] = comparisonsJson({ comparisons: [comparison], seconds: [2.5], ok: true });
    expect(json).toMatchObject({
      left: 'reference',
      seconds: 2.5,
      ruleError: {
        oneStep: { max: 4, rms: Math.sqrt((30 + 90) / 40), projections: [{}, {}] },
        drift: { rms: Math.sqrt(12.5), points: [{}, {}] },
      },
    });
  });

  it('hold null where nothing was measured', () => {
    const exact = { ...comparison, kind: 'exact' as const, ruleError: null };
    const [json] = comparisonsJson({ comparisons: [exact], seconds: [], ok: true });
    expect(json).toMatchObject({ ruleError: null, score: null, seconds: null });
    const empty = { ...comparison, ruleError: { oneStep: [], terms: [], drift: [] } };
    const [none] = comparisonsJson({ comparisons: [empty], seconds: [1], ok: true });
    expect(none).toMatchObject({ ruleError: { oneStep: { max: 0, rms: 0 }, drift: { rms: 0 } } });
  });
});
