import { expect, it } from 'vitest';
import { simulatedCore } from '../../../targets/fpga/rtl.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import { SMALL } from './configurations.js';
import { compareCores } from './core-lockstep.js';

it('is the circuit', async () => {
  const prepared = await prepareSimulator({ ...simulatedCore(SMALL, true), backend: 'verilator' });
  let cycles = 0, writes = 0;
  for (let seed = 1; seed <= Number(process.env.SEEDS ?? 20); seed++) {
    const circuit = prepared.create();
    const r = compareCores(SMALL, seed, circuit, 8);
    cycles += r.cycles; writes += r.writes;
    circuit.close();
    expect(r.difference, `seed ${seed}`).toBeUndefined();
  }
  console.log(cycles, writes);
}, 300000);
