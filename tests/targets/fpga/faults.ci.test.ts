import { beforeAll, describe, expect, it } from 'vitest';
import type { Comparison, Difference } from '../../../runtime/verify/comparison.js';
import { addressesOf, addressIn, REGISTER } from '../../../targets/fpga/memory-map.js';
import { CoreModel } from '../../../targets/fpga/model/core-model.js';
import type { VerilogSource } from '../../../targets/fpga/simulate/simulator.js';
import { Circuit, compared, randomDrive, SHAPES } from './circuits.js';
import { ruleOfLibrary } from './select/library.js';

const STEPS = 100;
const SHAPE = SHAPES['two lanes, one unit'];
const { network } = ruleOfLibrary('oja');

/** A weight in the sweep of the rule, and the run before which one of its bits is turned. */
const WEIGHT = addressesOf(SHAPE.core).weight(1, 40);
const RUN = 25;

interface Device {
  read(address: number): number;
  write(address: number, data: number): void;
}

/** Turns the lowest bit of the weight. */
const turn = (device: Device): void => device.write(WEIGHT, device.read(WEIGHT) ^ 1);

const run = (circuit: Circuit): Comparison =>
  compared(circuit.pair(network), randomDrive(7), STEPS);

/** What is told of a weight of the rule whose last bit is wrong on one side. */
const LAST_BIT = {
  place: 'weight of pre->post',
  cause: expect.stringMatching(
    /^cycle \d+, core 0, learning code, words \d+ to \d+, network:11:16$/,
  ),
  span: { file: 'network', line: 11, column: 16, length: 5 },
};

function expectOneOff({ left, right }: Difference): void {
  expect(Math.abs(left.integer! - right.integer!)).toBe(1);
}

/** The flag of parity after some steps on a circuit. */
function parityOf(circuit: Circuit): number {
  const machine = circuit.machine(network);
  try {
    machine.reset({ seed: 1 });
    const ones = machine.shape.inputs.map(({ name, size }) => [
      name,
      new Float64Array(size).fill(1),
    ]);
    for (let step = 0; step < 5; step++) {
      machine.step({ values: Object.fromEntries(ones), modulator: 0 });
    }
    return machine.read({ kind: 'counter', name: 'parity' })[0]!;
  } finally {
    machine.close();
  }
}

describe('the parity of weights', () => {
  it('is right, and tells of a bit that is not what was written', async () => {
    expect(parityOf(await Circuit.of(SHAPE))).toBe(0);
    // A memory that turns the lowest bit of one word after its parity was taken.
    const turned = (source: VerilogSource): VerilogSource => ({
      ...source,
      text: source.text.replace(
        '.write_data(weight_in),',
        ".write_data(weight_in ^ {{(WEIGHT_BITS - 1) {1'b0}}, weight_to == 5}),",
      ),
    });
    expect(parityOf(await Circuit.of(SHAPE, turned))).toBe(1);
  }, 300_000);
});

describe('a fault', () => {
  let circuit: Circuit;
  beforeAll(async () => {
    circuit = await Circuit.of(SHAPE);
  }, 600_000);

  it('is told where there is one only', () => {
    expect(run(circuit)).toMatchObject({ kind: 'exact', differences: 0, firstDifference: null });
  });

  it('of the emulator is told with cycle, place, instruction and equation', () => {
    const { write, run: runs } = CoreModel.prototype;
    let count = 0;
    // A reset writes the step, before every run of the drive.
    CoreModel.prototype.run = function (this: CoreModel, command) {
      if (++count === RUN) turn(this);
      return runs.call(this, command);
    };
    CoreModel.prototype.write = function (this: CoreModel, address, data) {
      if (address === addressIn('registers', REGISTER.learningStep) && data === 0xffffffff)
        count = 0;
      write.call(this, address, data);
    };
    try {
      const { firstDifference: found } = run(circuit);
      expect(found).toMatchObject(LAST_BIT);
      expectOneOff(found!);
    } finally {
      Object.assign(CoreModel.prototype, { write, run: runs });
    }
  });

  it('of the circuit, a changed operator in its Verilog, is told the same way', async () => {
    const rounding = 'shifted[7:0] > ~draw_3';
    const changed = ({ name, text }: VerilogSource): VerilogSource => ({
      name,
      text: text.replace(rounding, 'shifted[7:0] >= ~draw_3'),
    });
    const { firstDifference: found } = run(await Circuit.of(SHAPE, changed));
    expect(found).toMatchObject(LAST_BIT);
    expectOneOff(found!);
  }, 600_000);
});
