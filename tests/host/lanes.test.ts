import { describe, expect, it } from 'vitest';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { LANES } from '../../runtime/host/lane-memory.js';
import { createLaneMachine } from '../../runtime/host/lanes.js';
import { libraryNeurons, libraryRules } from '../../src/equations/library.js';
import { ruleModel } from '../../src/equations/load.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';

const noise = (length: number, size: number, key: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => (draw(3, key, i, 0, 0, 0) / 2 ** 31 - 1) * size);

function layered(neuron: string, rule: string, options: object = {}): Network {
  const open = (count: number, key: number): Record<string, Float64Array> =>
    Object.fromEntries(
      ruleModel(rule)
        .parameters.filter((p) => p.scope === 'synapse')
        .map((p, i) => [p.name, noise(count, 0.9, key * 8 + i)]),
    );
  return new NetworkBuilder('layered')
    .input('observation', 5)
    .population('hidden', 11, neuron)
    .population('action', 2, 'readout')
    .projection('observation', 'hidden', {
      initialWeights: noise(55, 1.5, 90),
      ...(/x_|y_/.test(libraryRules[rule as keyof typeof libraryRules] ?? rule)
        ? {}
        : { rule, parameters: open(55, 1) }),
    })
    .projection('hidden', 'hidden', {
      initialWeights: noise(121, 0.5, 91),
      delay: 2,
      rule,
      parameters: open(121, 2),
      ...options,
    })
    .projection('hidden', 'action', { initialWeights: noise(22, 1, 92) })
    .output('action')
    .build();
}

/**
 * Runs each lane with inputs and initial weights of its own, beside a reference machine. State is read after each step of which
 * `looks` says so.
 */
function expectLanes(
  network: Network,
  steps: number,
  looks: (step: number) => boolean = () => true,
): void {
  const lanes = createLaneMachine(network);
  const singles = Array.from({ length: LANES }, () =>
    createReferenceMachine(network, { precision: 'float32' }),
  );
  const own = network.projections[0]!;
  for (const [lane, single] of singles.entries()) {
    const probe = { kind: 'weight', projection: own.name } as const;
    const weights = noise(single.read(probe).length, 1, 700 + lane);
    single.write(probe, weights);
    lanes.initialise(probe, lane, weights);
  }
  lanes.reset({ seed: 0 });
  for (let step = 0; step < steps; step++) {
    const inputs = singles.map((_, lane) => ({
      values: { observation: noise(5, 6, 1000 + 4 * step + lane) },
      modulator: (step + lane) % 3,
    }));
    lanes.step(inputs);
    for (const [lane, single] of singles.entries()) {
      const outputs = single.step(inputs[lane]!);
      expect(Array.from(lanes.outputs(lane)['action']!)).toEqual(Array.from(outputs['action']!));
      if (!looks(step)) continue;
      for (const { probe } of lanes.shape.probes) {
        const place = `step ${step}, lane ${lane}, ${JSON.stringify(probe)}`;
        expect(Array.from(lanes.read(probe, lane)), place).toEqual(Array.from(single.read(probe)));
      }
    }
  }
}

describe('every lane gives the bits of the float32 reference', () => {
  for (const rule of Object.keys(libraryRules)) {
    it(`lif with ${rule}`, () => expectLanes(layered('lif', rule), 60));
  }
  for (const neuron of Object.keys(libraryNeurons).filter((n) => n !== 'readout')) {
    it(`${neuron} with pdlf`, () => expectLanes(layered(neuron, 'pdlf'), 60));
  }
  const ring = Array.from({ length: 11 }, (_, i) => [i, (i * 3 + 1) % 11] as const).slice(2);
  it('sparse, every 3, currents sent', () => {
    const options = { connectivity: ring, initialWeights: 0.5, weight: 'send', every: 3 };
    expectLanes(layered('ternary_lif', 'hebb', options), 60);
  });
  it('sparse payloads', () => {
    const options = { connectivity: ring, initialWeights: 0.5 };
    expectLanes(layered('lif', 'stdp', options), 60);
  });
  describe('where nobody looks after each step', () => {
    const [later, last] = [(step: number) => step % 7 === 6, (step: number) => step === 39];
    it('dense, payloads', () => {
      expectLanes(layered('ternary_lif', 'pdlf'), 40, later);
      expectLanes(layered('ternary_lif', 'pdlf'), 40, last);
    });
    it('dense, every 3', () => expectLanes(layered('lif', 'pdlf', { every: 3 }), 40, last));
    it('dense, currents sent', () => {
      expectLanes(layered('lif', 'pdlf', { weight: 'send' }), 40, last);
    });
    it('sparse', () => {
      const options = { connectivity: ring, initialWeights: 0.5 };
      const hebb = 'rule r\n  dw = x * y - 0.1 * w\n  normalize clip -2 2\n  normalize max\n';
      expectLanes(layered('lif', hebb, options), 40, last);
      expectLanes(layered('lif', hebb, { ...options, weight: 'send' }), 40, last);
    });
  });
  it('an episode leaves nothing to the next', () => {
    const network = layered('ternary_lif', 'pdlf');
    const lanes = createLaneMachine(network);
    const weight = { kind: 'weight', projection: network.projections[1]!.name } as const;
    const episode = (): number[] => {
      lanes.reset({ seed: 0 });
      for (let step = 0; step < 20; step++) {
        const values = { observation: noise(5, 6, 1000 + step) };
        lanes.step(Array.from({ length: LANES }, () => ({ values, modulator: 0 })));
      }
      return Array.from(lanes.outputs(0)['action']!);
    };
    const [first, again] = [episode(), episode()];
    expect(again).toEqual(first);
    const forget = lanes.keepInitial();
    lanes.initialise(weight, 0, noise(121, 2, 5));
    expect(episode()).not.toEqual(first);
    forget();
    expect(episode()).toEqual(first);
  });
  it('pow2, decay after max, functions, conditions, powers', () => {
    const rule =
      'rule r(k = 0.1)\n  e <- exp(-|x|) + tanh(y) * sqrt(|w|) if x > 0 or not y == 0\n  dw = k * m * min(e, 1)^3 - max(x, y) / 4 + sign(w) * log(2 + e * e)\n  normalize max\n  normalize decay 0.25\n';
    expectLanes(layered('lif', rule), 60);
    expectLanes(layered('lif', rule.replace('normalize max', 'normalize pow2')), 60);
  });
});
