import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { addressIn, REGISTER } from '../../../targets/fpga/memory-map.js';
import { CoreModel } from '../../../targets/fpga/model/core-model.js';
import type { CircuitSimulator } from '../../../targets/fpga/simulate/simulator.js';
import { RandomCore } from './random-core.js';

/** Runs one random core on the emulator and on the circuit; gives the first difference as text, and the cycles compared. */
export function compareCores(
  configuration: CoreConfiguration,
  seed: number,
  circuit: CircuitSimulator,
  runs: number,
): { readonly difference: string | undefined; readonly cycles: number; readonly writes: number } {
  const core = new RandomCore(configuration, seed);
  const model = new CoreModel(configuration);
  core.load({
    write: (address, data) => {
      model.write(address, data);
      circuit.write(address, data >>> 0);
    },
  });
  circuit.trace('records', 1, 0, 0xffffffff);
  model.trace = [];
  let cycles = 0;
  let writes = 0;
  for (let run = 0; run < runs; run++) {
    const command = core.next({
      write: (address, data) => {
        model.write(address, data);
        circuit.write(address, data >>> 0);
      },
    });
    const theirs = circuit.run(command, 100000);
    const ours = model.run(command);
    const records = circuit.traced();
    const expected = [...model.trace].sort((a, b) => a.cycle - b.cycle || a.record - b.record);
    model.trace.length = 0;
    for (let i = 0; i < Math.max(records.length / 3, expected.length); i++) {
      const e = expected[i];
      const [cycle, high, low] = records.subarray(3 * i, 3 * i + 3);
      if (e && e.cycle === cycle && e.high === high && e.low === low) continue;
      const text = `run ${run} (command ${command.toString(16)}, cycles ${cycles}+): circuit ${cycle} ${high?.toString(16)} ${low?.toString(16)}, emulator ${e?.cycle} ${e?.high.toString(16)} ${e?.low.toString(16)}`;
      return { difference: text, cycles, writes };
    }
    if (theirs !== ours)
      return { difference: `run ${run}: ${theirs} and ${ours} cycles`, cycles, writes };
    cycles += ours;
    writes += expected.length;
    for (const [name, register] of Object.entries(REGISTER)) {
      const address = addressIn('registers', register);
      const [a, b] = [circuit.read(address), model.read(address) >>> 0];
      if (a !== b) return { difference: `run ${run}: ${name} is ${a} and ${b}`, cycles, writes };
    }
  }
  return { difference: undefined, cycles, writes };
}
