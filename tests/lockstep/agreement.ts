import fc from 'fast-check';
import { expect } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { createIntegerLanes } from '../../runtime/host/integer-lanes.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { laneAsMachine } from '../host/lane-as-machine.js';
import { networkOf, networkShapes, noise } from './random-networks.js';

/** A chip whose cores hold three neurons: every population is cut. */
const { limits } = LOIHI2;
const small = loihiTarget(
  'loihi2',
  'three neurons per core',
  { ...LOIHI2, limits: { ...limits, neuronsPerCore: { value: 3, source: 'test' } } },
  [],
);
const whole = loihiTarget('loihi2', 'as published', LOIHI2, []);

/** Compares fixed, host and emulator on `runs` random networks; returns how many values were compared, and on how many cores. */
export function assertAgreement(runs: number, seed: number): { compared: number; cores: number } {
  let compared = 0;
  let cores = 0;
  const property = fc.property(networkShapes, (shape) => {
    const network = networkOf(shape);
    const one = compile(network, whole, NO_CALIBRATION);
    const many = compile(network, small, NO_CALIBRATION);
    cores = Math.max(cores, many.program.cores.length);
    const left = createFixedMachine(one.fixed);
    const others = [
      createIntegerHost(one.micro),
      laneAsMachine(createIntegerLanes(one.micro), 2),
      whole.createMachine(one.bytes, 'one'),
      small.createMachine(many.bytes, 'many'),
    ];
    for (const m of [left, ...others]) m.reset({ seed: shape.seed });
    for (let step = 0; step < 25; step++) {
      const inputs = {
        values: { observation: noise(shape.inputs, 9, 100 + step, shape.seed) },
        modulator: (step % 3) - 1,
      };
      for (const m of [left, ...others]) m.step(inputs);
      for (const { probe } of left.shape.probes) {
        const expected = Array.from(left.read(probe));
        compared += 3 * expected.length;
        for (const [i, m] of others.entries()) {
          const place = `machine ${i}, step ${step}, ${JSON.stringify(probe)}`;
          expect(Array.from(m.read(probe)), place).toEqual(expected);
        }
      }
    }
  });
  fc.assert(property, { seed, numRuns: runs });
  return { compared, cores };
}
