import { describe, expect, it } from 'vitest';
import { simulatedCore } from '../../../targets/fpga/rtl.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import { CONFIGURATIONS } from './configurations.js';
import { compareCores } from './core-lockstep.js';

const SEEDS = 300;
/** The circuit as npm alone makes it is slower to build and to run. */
const CXXRTL_SEEDS = 30;

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

describe.each(['small', 'four units'])('the core with %s, built with npm alone', (name) => {
  it(`makes the writes of the circuit in their cycles, seeds 1 to ${CXXRTL_SEEDS}`, async () => {
    const configuration = CONFIGURATIONS[name]!;
    const circuit = simulatedCore(configuration, true);
    const begun = performance.now();
    const prepared = await prepareSimulator({ ...circuit, backend: 'cxxrtl' });
    const built = performance.now();
    let clocks = 0;
    for (let seed = 1; seed <= CXXRTL_SEEDS; seed++) {
      const simulator = prepared.create();
      const { difference, writes } = compareCores(configuration, seed, simulator, 8);
      clocks += simulator.clocks();
      simulator.close();
      expect(difference, `seed ${seed}`).toBeUndefined();
      expect(writes).toBeGreaterThan(0);
    }
    const seconds = (performance.now() - built) / 1000;
    const rate = (clocks / seconds / 1000).toFixed(0);
    console.log(
      `${name}: built in ${((built - begun) / 1000).toFixed(1)} s, ${rate} thousand clocks/s`,
    );
  }, 600_000);
});
