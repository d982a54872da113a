import { describe, expect, it } from 'vitest';
import { simulatedCore } from '../../../targets/fpga/rtl.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import { CONFIGURATIONS } from './configurations.js';
import { compareCores } from './core-lockstep.js';

const SEEDS = 300;

describe.each(Object.entries(CONFIGURATIONS))('the core with %s', (_, configuration) => {
  it(`makes the writes of the circuit in their cycles, seeds 1 to ${SEEDS}`, async () => {
    const circuit = simulatedCore(configuration, true);
    const prepared = await prepareSimulator({ ...circuit, backend: 'verilator' });
    for (let seed = 1; seed <= SEEDS; seed++) {
      const simulator = prepared.create();
      const { difference, writes } = compareCores(configuration, seed, simulator, 8);
      simulator.close();
      expect(difference, `seed ${seed}`).toBeUndefined();
      expect(writes).toBeGreaterThan(0);
    }
  }, 300_000);
});
