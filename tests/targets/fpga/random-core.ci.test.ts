import { expect, it } from 'vitest';
import { simulatedCore } from '../../../targets/fpga/rtl.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import { SMALL } from './configurations.js';
import { compareCores } from './core-lockstep.js';

const SEEDS = 300;

it(`makes the writes of the circuit in their cycles, seeds 1 to ${SEEDS}`, async () => {
  const prepared = await prepareSimulator({ ...simulatedCore(SMALL, true), backend: 'verilator' });
  for (let seed = 1; seed <= SEEDS; seed++) {
    const circuit = prepared.create();
    const { difference, writes } = compareCores(SMALL, seed, circuit, 8);
    circuit.close();
    expect(difference, `seed ${seed}`).toBeUndefined();
    expect(writes).toBeGreaterThan(0);
  }
}, 300_000);
