import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { targetNamed } from '../../targets/index.js';
import { noise } from './random-networks.js';

describe('loihi1', () => {
  it('runs binary spikes through delayed layers with STDP, bit for bit', () => {
    const network = new NetworkBuilder('spikes')
      .input('spikes', 6, { clip: 1 })
      .population('hidden', 8, 'lif', { tau: 4 })
      .population('output', 3, 'lif', { tau: 2, threshold: 0.2 })
      .projection('spikes', 'hidden', { initialWeights: 0.9 })
      .projection('hidden', 'output', { delay: 1, rule: 'stdp', initialWeights: 0.5 })
      .output('output', { variable: 'spike' })
      .build();
    const target = targetNamed('loihi1');
    const { fixed, bytes } = compile(network, target, NO_CALIBRATION);
    const left = createFixedMachine(fixed);
    const right = target.createMachine(bytes, 'spikes');
    let spikes = 0;
    let moved = 0;
    for (let step = 0; step < 200; step++) {
      const given = noise(6, 1, 50 + step).map((u) => (u > 0 ? 1 : 0));
      const inputs = { values: { spikes: given }, modulator: 0 };
      const out = left.step(inputs)['output']!;
      spikes += out.reduce((sum, s) => sum + s, 0);
      expect(Array.from(right.step(inputs)['output']!)).toEqual(Array.from(out));
      for (const { probe } of left.shape.probes) {
        expect(Array.from(right.read(probe)), `step ${step}`).toEqual(Array.from(left.read(probe)));
      }
      if (left.read({ kind: 'weight', projection: 'hidden->output' }).some((w) => w !== 0.5))
        moved++;
    }
    expect(spikes).toBeGreaterThan(0);
    expect(moved).toBeGreaterThan(100);
  });
});
