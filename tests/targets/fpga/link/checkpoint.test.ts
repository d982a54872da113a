import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../../compiler/analysis/calibration.js';
import { compile } from '../../../../compiler/compile.js';
import { createFixedMachine } from '../../../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../../../runtime/host/integer.js';
import type { Machine } from '../../../../src/network/machine.js';
import type { Network } from '../../../../src/network/network.js';
import {
  checkoutOf,
  parseCheckpoint,
  printCheckpoint,
  restoreCore,
  restoreMachine,
} from '../../../../targets/fpga/link/checkpoint.js';
import { connect } from '../../../../targets/fpga/link/connect.js';
import { CoreMachine } from '../../../../targets/fpga/machine/machine.js';
import { targetNamed } from '../../../../targets/index.js';
import { codesOf } from '../../../compiler/context.js';
import { everything, loop, pair } from '../../../machines/networks.js';
import { boardWith } from './boards.js';

const icebreaker = targetNamed('fpga:icebreaker');
const FILE = 'suite.plastron';

/** A network that normalises, so that weights have a scale. */
const scaled = (): Network =>
  pair({ rule: 'rule scaled()\n  dw = x * 0.5\n  normalize max\n', initialWeights: 0.25 });

function step(machine: Machine, t: number): number[] {
  const [{ name, size }] = machine.shape.inputs as [{ name: string; size: number }];
  const values = Array.from({ length: size }, (_, i) => (((t + i) * 3) % 5) / 4 - 0.5);
  const outputs = machine.step({ values: { [name]: values }, modulator: (t % 3) / 2 - 0.5 });
  return Object.values(outputs).flatMap((array) => [...array]);
}

/** A machine on a board, some steps after its reset. */
function atWork(network: Network, steps = 9) {
  const compilation = compile(network, icebreaker, NO_CALIBRATION);
  const { program } = compilation;
  const { core } = connect(boardWith(program).link, program, FILE);
  const machine = new CoreMachine('board', program, core, 1);
  machine.reset({ seed: 77 });
  for (let t = 0; t < steps; t++) step(machine, t);
  return { ...compilation, machine };
}

const onwards = (machine: Machine): number[][] =>
  Array.from({ length: 12 }, (_, i) => step(machine, 9 + i));

describe('a checkpoint of a board', () => {
  it.each([
    ['everything', everything],
    ['a projection with a scale', scaled],
    ['messages under way', loop],
  ] as const)('goes on bit for bit on the emulator: %s', (_, network) => {
    const { machine, bytes } = atWork(network());
    const checkpoint = parseCheckpoint(printCheckpoint(checkoutOf(machine, bytes)), 'c.json');
    const emulator = icebreaker.createMachine(bytes, FILE) as CoreMachine;
    restoreCore(emulator, checkpoint);
    expect(onwards(emulator)).toEqual(onwards(machine));
    expect(checkoutOf(emulator, bytes)).toEqual(checkoutOf(machine, bytes));
  });

  it.each([
    ['a word', /"words":"..../, '"words":"/+/+'],
    ['a step', /"step":(\d+)/, '"step":1$1'],
    ['a value', /"values":\[/, '"values":[0.5,'],
  ] as const)('is refused where %s was altered', (_, from, to) => {
    const { machine, bytes } = atWork(everything());
    const text = printCheckpoint(checkoutOf(machine, bytes));
    expect(text).toMatch(from);
    expect(codesOf(() => parseCheckpoint(text.replace(from, to), 'c.json'))).toEqual(['PL6040']);
  });

  it.each([
    ['everything', everything],
    ['a projection with a scale', scaled],
  ] as const)('goes on bit for bit on machines that are no core: %s', (_, network) => {
    const { machine, bytes, fixed, micro, program } = atWork(network());
    const checkpoint = checkoutOf(machine, bytes);
    const expected = onwards(machine);
    for (const other of [createFixedMachine(fixed), createIntegerHost(micro)]) {
      const restored = restoreMachine(other, checkpoint, program, 'c.json');
      expect(restored).toMatchObject({ rounded: 0, limited: 0 });
      expect(onwards(other)).toEqual(expected);
    }
  });

  it('is refused by machines that show no messages, where some are under way', () => {
    const { machine, bytes, fixed, program } = atWork(loop());
    const checkpoint = checkoutOf(machine, bytes);
    expect(() => restoreMachine(createFixedMachine(fixed), checkpoint, program, 'c.json')).toThrow(
      /PL6043/,
    );
  });
});
