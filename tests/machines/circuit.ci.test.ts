import { afterAll } from 'vitest';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import type { CoreMachine } from '../../targets/fpga/machine/machine.js';
import { Circuit, SHAPES } from '../targets/fpga/circuits.js';
import { machineSuite } from './machine-suite.js';

const circuit = await Circuit.of(SHAPES['eight lanes, four units']);
const running: CoreMachine[] = [];
afterAll(() => {
  for (const machine of running) machine.close();
});

const create = (network: Network): Machine => {
  const machine = circuit.machine(network);
  running.push(machine);
  return machine;
};

machineSuite('circuit of the core', create, { lacks: ['send'] });
