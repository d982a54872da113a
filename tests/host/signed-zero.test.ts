import { describe, expect, it } from 'vitest';
import { createHostMachine } from '../../runtime/host/host.js';
import { createLaneMachine } from '../../runtime/host/lanes.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { laneAsMachine } from './lane-as-machine.js';

const network = (rule: string, options: object = {}): Network =>
  new NetworkBuilder('zeros')
    .input('observation', 2)
    .population('action', 2, 'readout')
    .projection('observation', 'action', {
      initialWeights: Float64Array.of(-0, 0, -0.5, 0.5),
      rule,
      ...options,
    })
    .output('action')
    .build();

describe('a rule without dw makes a weight of -0 a weight of +0, on the hosts as on the reference', () => {
  const rules = ['', '\n  normalize clip -1 1', '\n  normalize max'];
  for (const normalizations of rules) {
    for (const connectivity of ['dense', 'sparse']) {
      it(`${connectivity}${normalizations.replace('\n ', ',')}`, () => {
        const rule = `rule still\n  e <- 1${normalizations}\n`;
        const pairs = [0, 1].flatMap((i) => [0, 1].map((j) => [i, j]));
        const given = network(rule, connectivity === 'sparse' ? { connectivity: pairs } : {});
        const machines = [
          createReferenceMachine(given, { precision: 'float32' }),
          createHostMachine(given),
          laneAsMachine(createLaneMachine(given), 2),
        ];
        const [expected, ...found] = machines.map((machine) => {
          machine.reset({ seed: 0 });
          machine.step({ values: { observation: [1, 1] }, modulator: 1 });
          return Array.from(machine.read({ kind: 'weight', projection: 'observation->action' }));
        });
        expect(expected!.slice(0, 2)).toEqual([0, 0]);
        for (const weights of found) expect(weights).toEqual(expected);
      });
    }
  }
});
