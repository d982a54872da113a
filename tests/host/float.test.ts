import { describe, expect, it } from 'vitest';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { createHostMachine } from '../../runtime/host/host.js';
import { libraryRules } from '../../src/equations/library.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';

const noise = (length: number, size: number, key: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => (draw(3, key, i, 0, 0, 0) / 2 ** 31 - 1) * size);

const five = (count: number, key: number): Record<string, Float64Array> =>
  Object.fromEntries(['lr', 'A', 'B', 'C', 'D'].map((n, i) => [n, noise(count, 0.9, key * 8 + i)]));

function layered(neuron: string, rule: string, options: object): Network {
  const given = ['pdlf', 'abcd'].includes(rule);
  return new NetworkBuilder(`${neuron}-${rule}`)
    .input('observation', 5)
    .population('hidden', 7, neuron)
    .population('action', 2, 'readout')
    .projection('observation', 'hidden', {
      initialWeights: noise(35, 1.5, 90),
      ...(rule.includes('stdp') ? {} : { rule }),
      ...(given ? { parameters: five(35, 1) } : {}),
    })
    .projection('hidden', 'hidden', {
      initialWeights: noise(49, 0.5, 91),
      delay: 2,
      rule,
      ...options,
      ...(given ? { parameters: five(49, 2) } : {}),
    })
    .projection('hidden', 'action', { initialWeights: noise(14, 1, 92) })
    .output('action')
    .build();
}

function expectLockstep(network: Network, steps: number): number {
  const left: Machine = createReferenceMachine(network, { precision: 'float32' });
  const right: Machine = createHostMachine(network);
  let moved = 0;
  for (let step = 0; step < steps; step++) {
    const inputs = { values: { observation: noise(5, 6, 1000 + step) }, modulator: step % 3 };
    expect(Array.from(right.step(inputs)['action']!)).toEqual(
      Array.from(left.step(inputs)['action']!),
    );
    for (const { probe } of left.shape.probes) {
      const [a, b] = [Array.from(left.read(probe)), Array.from(right.read(probe))];
      expect(b, `step ${step}, ${JSON.stringify(probe)}`).toEqual(a);
    }
    if (
      left
        .read({ kind: 'weight', projection: 'hidden->hidden' })
        .some((w, i) => w !== Math.fround(noise(49, 0.5, 91)[i]!))
    )
      moved++;
  }
  return moved;
}

describe('the host machine gives the bits of the float32 reference', () => {
  const rules = Object.keys(libraryRules).filter((r) => r !== 'none');
  for (const rule of rules) {
    const neuron = rule.includes('stdp') ? 'lif' : 'adaptive_lif';
    it(`${neuron} with ${rule}`, () => {
      expect(expectLockstep(layered(neuron, rule, {}), 200)).toBeGreaterThan(150);
    });
  }
  it('izhikevich, send, every 3', () => {
    expectLockstep(layered('izhikevich', 'hebb', { weight: 'send', every: 3 }), 200);
  });
  it('cuba_lif and ternary_lif', () => {
    expectLockstep(layered('cuba_lif', 'oja', {}), 100);
    expectLockstep(layered('ternary_lif', 'pdlf', {}), 100);
  });
});
