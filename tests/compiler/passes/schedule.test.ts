import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import {
  combine,
  convert,
  multiply,
  type Ranged,
  read,
} from '../../../compiler/analysis/ranged.js';
import { compile } from '../../../compiler/compile.js';
import { checkMicro } from '../../../compiler/levels/micro/check.js';
import {
  type MicroAction,
  type MicroKernel,
  operandsOf,
} from '../../../compiler/levels/micro/micro.js';
import { signed } from '../../../compiler/levels/numbers/format.js';
import { schedule } from '../../../compiler/passes/schedule.js';
import { targetNamed } from '../../../targets/index.js';
import { networkOf, networkShapes } from '../../lockstep/random-networks.js';
import { watched } from '../context.js';
import { Dice } from '../dice.js';
import { kernelOf, randomKernel, type Written } from '../kernels.js';
import { HERE } from '../random-ranged.js';
import { runMicro } from '../run-micro.js';

const SEED = 6_174;
const S8 = signed(8, 0);
const field = (name: string): Ranged => read(name, S8, HERE);
const add = (a: Ranged, b: Ranged): Ranged => combine('add', a, b, HERE);
const times = (a: Ranged, b: Ranged): Ranged => multiply(a, b, HERE);
const into = (target: string, value: Ranged): Written => ({
  target,
  value: convert(value, S8, 'floor', 'wrap', HERE),
});

const registersOf = ({ registers }: MicroKernel): number => 1 + Math.max(...registers!);
const print = ({ operations }: MicroKernel): string[] =>
  operations.map((o) => ('field' in o ? `${o.kind} ${o.field}` : o.kind));

function fieldsAfter(kernel: MicroKernel, fields: Readonly<Record<string, number>>) {
  const values = new Map(Object.entries(fields));
  runMicro(kernel, { fields: values, random: () => 0 });
  return Object.fromEntries(values);
}

/** A kernel of the given operations, all of format s16.0, scheduled. */
function scheduled(actions: readonly MicroAction[]): MicroKernel {
  const operations = actions.map((a) => ({ ...a, format: signed(16, 0), origin: HERE }));
  const kernel = { kind: 'neuron', owner: 'cell', operations, registers: undefined } as const;
  const { context } = watched();
  const { fixed } = compile(networkOf(SHAPE), targetNamed('loihi2'), NO_CALIBRATION);
  const level = schedule.run({ kind: 'micro', fixed, kernels: [kernel] }, context);
  return checkMicro(level).kernels[0]!;
}

const SHAPE = fc.sample(networkShapes, { seed: SEED, numRuns: 1 })[0]!;
const load = (name: string): MicroAction => ({ kind: 'load', field: name });
const store = (name: string, value: number): MicroAction => ({ kind: 'store', field: name, value });

describe('schedule', () => {
  it('puts each operation right before the first that needs it', () => {
    const kernel = scheduled([
      load('a'),
      load('b'),
      load('c'),
      { kind: 'negate', operand: 1 },
      store('x', 0),
      store('y', 3),
      store('z', 2),
    ]);
    expect(print(kernel)).toEqual([
      'load a',
      'store x',
      'load b',
      'negate',
      'store y',
      'load c',
      'store z',
    ]);
    expect(registersOf(kernel)).toBe(1);
  });

  it('drops what no store needs', () => {
    const kernel = scheduled([
      load('a'),
      load('b'),
      { kind: 'multiply', left: 0, right: 1 },
      store('x', 0),
    ]);
    expect(print(kernel)).toEqual(['load a', 'store x']);
  });

  it('keeps the order of stores', () => {
    const kernel = scheduled([load('a'), store('x', 0), load('b'), store('x', 2), store('y', 0)]);
    expect(print(kernel)).toEqual(['load a', 'store x', 'load b', 'store x', 'store y']);
    expect(fieldsAfter(kernel, { a: 1, b: 2 })).toEqual({ a: 1, b: 2, x: 2, y: 1 });
  });

  it('loads a field before a store destroys what a later operation needs', () => {
    const kernel = scheduled([load('a'), load('b'), store('a', 1), store('b', 0)]);
    expect(fieldsAfter(kernel, { a: 1, b: 2 })).toEqual({ a: 2, b: 1 });
    const through = scheduled([
      load('a'),
      { kind: 'negate', operand: 0 },
      load('b'),
      store('a', 2),
      store('c', 1),
    ]);
    expect(fieldsAfter(through, { a: 1, b: 2 })).toEqual({ a: 2, b: 2, c: -1 });
  });

  it('does not load early what is needed no more', () => {
    const kernel = scheduled([load('a'), load('b'), store('c', 0), store('a', 1)]);
    expect(print(kernel)).toEqual(['load a', 'store c', 'load b', 'store a']);
  });

  it.each([
    ['a copy', [into('x', field('a'))], 1],
    ['a sum of two', [into('x', add(field('a'), field('b')))], 2],
    ['a sum in a row', [into('x', ['b', 'c', 'd', 'e'].map(field).reduce(add, field('a')))], 2],
    [
      'a balanced sum of four',
      [into('x', add(add(field('a'), field('b')), add(field('c'), field('d'))))],
      3,
    ],
    ['a square', [into('x', times(field('a'), field('a')))], 1],
    ['two that follow', [into('x', add(field('a'), field('b'))), into('y', field('c'))], 2],
    ['one that is used again', [into('x', field('a')), into('y', add(field('b'), field('a')))], 2],
    ['a swap', [into('t', field('a')), into('a', field('b')), into('b', field('t'))], 2],
  ])('needs the fewest registers for %s', (_, updates, count) => {
    expect(registersOf(kernelOf(updates, true))).toBe(count);
  });

  it(`changes no result and overwrites no register that is needed, on random kernels (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    let fewer = 0;
    for (let k = 0; k < 500; k++) {
      const { updates, values } = randomKernel(dice);
      const before = kernelOf(updates);
      const kernel = kernelOf(updates, true);
      expect(kernel.operations.filter((o) => o.kind === 'store').length).toBe(updates.length);
      if (registersOf(kernel) < kernel.operations.length / 2) fewer++;
      for (let sample = 0; sample < 4; sample++) {
        const start = values();
        const word = dice.word();
        const random = (operation: number): number => (word * (2 * operation + 1)) >>> 0;
        const [left, right] = [new Map(start), new Map(start)];
        runMicro(before, { fields: left, random });
        runMicro(kernel, { fields: right, random });
        expect(Object.fromEntries(right), `kernel ${k}`).toEqual(Object.fromEntries(left));
      }
    }
    expect(fewer).toBeGreaterThan(250);
  });

  it(`gives a register to every value of compiled networks, and none twice at a time (seed ${SEED})`, () => {
    for (const shape of fc.sample(networkShapes, { seed: SEED, numRuns: 25 })) {
      const { micro } = compile(networkOf(shape), targetNamed('loihi2'), NO_CALIBRATION);
      for (const kernel of micro.kernels) {
        const busy = new Map<number, number>();
        for (const [index, operation] of kernel.operations.entries()) {
          const register = kernel.registers![index]!;
          expect(register >= 0).toBe(operation.kind !== 'store');
          if (register < 0) continue;
          const lastUse = kernel.operations.findLastIndex((o) => operandsOf(o).includes(index));
          const until = busy.get(register) ?? -1;
          expect(until, `${kernel.owner}, operation ${index}`).toBeLessThanOrEqual(index);
          busy.set(register, lastUse);
        }
      }
    }
  });
});
