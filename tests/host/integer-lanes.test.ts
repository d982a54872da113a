import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { lanesRefuse } from '../../compiler/codegen/wasm/integer-network.js';
import { compile } from '../../compiler/compile.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createIntegerLanes } from '../../runtime/host/integer-lanes.js';
import { LANES } from '../../runtime/host/lane-memory.js';
import { targetNamed } from '../../targets/index.js';
import { networkOf, networkShapes, noise } from '../lockstep/random-networks.js';

const SEED = 733;
const RUNS = 60;

describe('every lane gives the integers of fixed', () => {
  it(`on ${RUNS} random networks (seed ${SEED})`, () => {
    let compared = 0;
    const property = fc.property(networkShapes, (shape) => {
      const { fixed, micro } = compile(networkOf(shape), targetNamed('loihi2'), NO_CALIBRATION);
      expect(lanesRefuse(micro)).toBeUndefined();
      const lanes = createIntegerLanes(micro);
      const singles = Array.from({ length: LANES }, () => createFixedMachine(fixed));
      for (const m of [lanes, ...singles]) m.reset({ seed: shape.seed });
      for (let step = 0; step < 20; step++) {
        const inputs = singles.map((_, lane) => ({
          values: { observation: noise(shape.inputs, 9, 100 + 4 * step + lane, shape.seed) },
          modulator: ((step + lane) % 3) - 1,
        }));
        lanes.step(inputs);
        for (const [lane, single] of singles.entries()) {
          single.step(inputs[lane]!);
          for (const { probe } of single.shape.probes) {
            const place = `step ${step}, lane ${lane}, ${JSON.stringify(probe)}`;
            const expected = Array.from(single.read(probe));
            expect(Array.from(lanes.read(probe, lane)), place).toEqual(expected);
            compared += expected.length;
          }
        }
      }
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS });
    expect(compared).toBeGreaterThan(100_000);
  });
});
