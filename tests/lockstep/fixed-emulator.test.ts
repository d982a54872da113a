import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { targetNamed } from '../../targets/index.js';

const SEED = 7;
const noise = (length: number, size: number, key: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => (draw(SEED, key, i, 0, 0, 0) / 2 ** 31 - 1) * size);

function policy(): Network {
  const parameters = (synapses: number, key: number): Record<string, Float64Array> =>
    Object.fromEntries(
      ['lr', 'A', 'B', 'C', 'D'].map((n, i) => [n, noise(synapses, 0.8, key * 8 + i)]),
    );
  return new NetworkBuilder('policy')
    .input('observation', 6, { clip: 4 })
    .population('hidden', 16, 'ternary_lif')
    .population('action', 2, 'readout')
    .projection('observation', 'hidden', { rule: 'pdlf', parameters: parameters(96, 1) })
    .projection('hidden', 'action', { rule: 'pdlf', parameters: parameters(32, 2) })
    .output('action')
    .build();
}

describe('fixed ≡ host ≡ emulator', () => {
  it('agrees on every state variable over 1,000 steps of PDLF', () => {
    const target = targetNamed('loihi2');
    const { fixed, bytes, micro } = compile(policy(), target, NO_CALIBRATION);
    const left = createFixedMachine(fixed);
    const right = target.createMachine(bytes, 'policy.plastron');
    const host = createIntegerHost(micro);
    host.reset({ seed: SEED });
    left.reset({ seed: SEED });
    right.reset({ seed: SEED });
    let changed = 0;
    for (let step = 0; step < 1000; step++) {
      const inputs = { values: { observation: noise(6, 1, 100 + step) }, modulator: 0 };
      expect(Array.from(right.step(inputs)['action']!)).toEqual(
        Array.from(left.step(inputs)['action']!),
      );
      host.step(inputs);
      for (const { probe } of right.shape.probes) {
        expect(Array.from(right.read(probe)), `step ${step}`).toEqual(Array.from(left.read(probe)));
        expect(Array.from(host.read(probe)), `host, step ${step}`).toEqual(
          Array.from(left.read(probe)),
        );
      }
      if (right.read({ kind: 'weight', projection: 'hidden->action' }).some((w) => w !== 0))
        changed++;
    }
    expect(changed).toBeGreaterThan(900);
  });
});
