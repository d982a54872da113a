import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import type { TermRuleError } from '../../runtime/verify/comparison.js';
import { type Drive, recordedDrive, taskDrive } from '../../runtime/verify/drive.js';
import { ruleError } from '../../runtime/verify/rule-error.js';
import { TermErrors } from '../../runtime/verify/term-error.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { taskOf } from '../../src/tasks/registry.js';
import { targetNamed } from '../../targets/index.js';
import { policy, reference } from './machines.js';

const loihi = targetNamed('loihi2');

function termErrors(network: Network, drive: Drive, calibration = NO_CALIBRATION) {
  const { network: compiled, fixed } = compile(network, loihi, calibration);
  const terms = new TermErrors(compiled.network, fixed);
  const watched = createFixedMachine(fixed, terms.observe);
  const { projections } = ruleError(reference(network), watched, drive, { steps: 60, terms });
  return { projections, terms: terms.results() };
}

/** One input that is held at `value`, under a rule. */
function held(rule: string, value: number, modulator = 0): readonly TermRuleError[] {
  const network = new NetworkBuilder('held')
    .input('input', 1, { clip: 1 })
    .population('out', 1, 'neuron echo()\n  value <- I\n')
    .projection('input', 'out', { rule })
    .output('out')
    .build();
  const steps = Array.from({ length: 20 }, () => ({ values: { input: [value] }, modulator }));
  return termErrors(network, recordedDrive([steps, steps, steps], { name: 'held', seed: 1 })).terms;
}

describe('the error of one product', () => {
  it('is 0 where coefficient and signal are exact in their formats', () => {
    const [x] = held('rule r()\n  dw = 0.0625 * x\n  normalize clip -1 1\n', 0.5);
    expect(x).toMatchObject({ projection: 'input->out', term: 'w: x', max: 0, compared: 60 });
  });

  it('is what the mantissa of the coefficient leaves', () => {
    // 4 bits hold 0.0625 · 1.1 as 0.0625 · 1 or 0.0625 · 1.25: off by 0.00625 · x at most.
    const [x] = held('rule r()\n  dw = 0.06875 * x\n  normalize clip -1 1\n', 0.5);
    expect(x!.max).toBeGreaterThan(0);
    expect(x!.max).toBeLessThanOrEqual(0.00625 * 0.5 + 2 ** -14);
    expect(x!.rms).toBeCloseTo(x!.max, 12);
    expect(x!.relative).toBeCloseTo(x!.max / (0.06875 * 0.5), 9);
    expect(x!.rmsSteps).toBeCloseTo(x!.rms * 128, 9);
  });

  it('names every product of the weight and of what the synapse keeps', () => {
    const rule =
      'rule r()\n  e <- e / 2 + x / 4\n  dw = m * e / 8 + w / 16\n  normalize clip -1 1\n';
    const terms = held(rule, 1, 0.5);
    expect(terms.map((t) => t.term)).toEqual(['e: e', 'e: x', 'w: e * m', 'w: w']);
    // The tag keeps its own error from step to step; each product starts from the same state on both machines.
    for (const { rmsSteps } of terms) expect(rmsSteps).toBeLessThan(1);
  });

  it('of PDLF adds up to no more than the error of the rule', () => {
    const task = taskOf('point-mass');
    const calibration = calibrate(policy(), task, { seed: 2 });
    const { projections, terms } = termErrors(policy(), taskDrive(task, { seed: 3 }), calibration);
    expect(terms).toHaveLength(8);
    for (const { projection, rmsSteps } of projections) {
      const own = terms.filter((t) => t.projection === projection);
      const sum = own.reduce((total, t) => total + t.rmsSteps, 0);
      expect(own.map((t) => t.term)).toEqual(['w: x * y', 'w: x', 'w: y', 'w: 1']);
      // Minkowski: beside the products there is one stochastic rounding (rms at most half a step), and the least step by
      // which the integer clip misses 1.
      expect(rmsSteps).toBeLessThan(sum + 1.5);
      expect(sum).toBeGreaterThan(0.1);
    }
  });
});
