import { describe, expect, it } from 'vitest';
import { createLaneMachine } from '../../runtime/host/lanes.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Inputs } from '../../src/network/machine.js';

const network = (options: object) =>
  new NetworkBuilder('ports')
    .input('observation', 3, options)
    .population('action', 2, 'readout')
    .projection('observation', 'action', { initialWeights: 0.5 })
    .output('action', { scale: 2, clip: 3 })
    .build();

const probe = { kind: 'variable', population: 'observation', name: 'value' } as const;

/** What the input population has after a step with these inputs in lane 2, and other ones elsewhere. */
function received(options: object, inputs: Inputs): number[] {
  const lanes = createLaneMachine(network(options));
  const other = { values: { observation: [0, 0, 0] }, modulator: 0 };
  lanes.reset({ seed: 0 });
  lanes.step([other, other, inputs, other]);
  return Array.from(lanes.read(probe, 2));
}

describe('inputs of a lane', () => {
  const ports = [{}, { clip: 2 }, { mean: [1, 2, 3], deviation: 4, scale: 2, clip: 1 }];
  const values = [5, -2.5, 0.25];
  it.each(ports)('may be any array: %o', (options) => {
    const typed = received(options, {
      values: { observation: Float64Array.from(values) },
      modulator: 1,
    });
    expect(received(options, { values: { observation: values }, modulator: 1 })).toEqual(typed);
  });
  it('are clipped', () => {
    const observation = Float64Array.from(values);
    expect(received({ clip: 2 }, { values: { observation }, modulator: 0 })).toEqual([2, -2, 0.25]);
  });
  it.each([
    ['PL5010', {}, 0],
    ['PL5011', { observation: new Float64Array(2) }, 0],
    ['PL5012', { observation: Float64Array.of(1, Number.NaN, 2) }, 0],
    ['PL5012', { observation: Float64Array.of(1, 0, Number.NEGATIVE_INFINITY) }, 0],
    ['PL5012', { observation: [1, Number.POSITIVE_INFINITY, 2] }, 0],
    ['PL5012', { observation: new Float64Array(3) }, Number.NaN],
    ['PL5013', { observation: new Float64Array(3), observations: new Float64Array(3) }, 0],
  ])('%s: %o with modulator %d', (code, given, modulator) => {
    const inputs = { values: given as Inputs['values'], modulator };
    for (const options of ports) {
      expect(() => received(options, inputs)).toThrow(
        expect.objectContaining({ diagnostics: [expect.objectContaining({ code })] }),
      );
    }
  });
});

describe('outputs of a lane', () => {
  it('are scaled, then clipped', () => {
    const lanes = createLaneMachine(network({}));
    lanes.reset({ seed: 0 });
    const given = [1, 2, 9, -9].map((value) => ({
      values: { observation: Float64Array.of(value, 0, 0) },
      modulator: 0,
    }));
    lanes.step(given);
    const actions = given.map((_, lane) => lanes.outputs(lane)['action']![0]);
    expect(actions).toEqual([1, 2, 3, -3]);
  });
});
