import { it } from 'vitest';
import { CoreModel } from '../../targets/fpga/model/core-model.js';
import { simulatedCore } from '../../targets/fpga/rtl.js';
import { prepareSimulator } from '../../targets/fpga/simulate/index.js';
import { CONFIGURATIONS } from '../targets/fpga/configurations.js';
import { RandomCore } from '../targets/fpga/random-core.js';

it('dbg', async () => {
  const configuration = CONFIGURATIONS[process.env.CFG ?? 'small']!;
  const prepared = await prepareSimulator({
    ...simulatedCore(configuration, true),
    backend: 'verilator',
  });
  const circuit = prepared.create();
  const core = new RandomCore(configuration, 1);
  const model = new CoreModel(configuration);
  const both = {
    write: (a: number, d: number) => {
      model.write(a, d);
      circuit.write(a, d >>> 0);
    },
  };
  core.load(both);
  console.log(JSON.stringify((core as any).commands));
  circuit.trace('records', 1, 0, 0xffffffff);
  model.trace = [];
  for (let run = 0; run < 2; run++) {
    const command = core.next(both);
    const t = circuit.run(command, 100000);
    const o = model.run(command);
    console.log(run, command.toString(16), t, o);
    const records = circuit.traced();
    const expected = [...model.trace].sort((a, b) => a.cycle - b.cycle || a.record - b.record);
    model.trace.length = 0;
    for (let i = 0; i < Math.min(40, Math.max(records.length / 3, expected.length)); i++) {
      const e = expected[i];
      const [c, h, l] = records.subarray(3 * i, 3 * i + 3);
      console.log(
        c,
        h?.toString(16),
        l?.toString(16),
        '|',
        e?.cycle,
        e?.high.toString(16),
        e?.low.toString(16),
        e && e.cycle === c && e.high === h && e.low === l ? '' : '<<<',
      );
    }
  }
}, 300000);
