import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import { printFormat } from '../../../compiler/levels/numbers/format.js';
import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../../runtime/host/integer.js';
import { createIntegerLanes } from '../../../runtime/host/integer-lanes.js';
import { NetworkBuilder, type Values } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { createReferenceMachine } from '../../../src/network/reference.js';
import { targetNamed } from '../../../targets/index.js';
import { laneAsMachine } from '../../host/lane-as-machine.js';
import { calibrationOf, codesOf, seen } from '../context.js';
import { Dice } from '../dice.js';

const SEED = 3_003;
const loihi2 = targetNamed('loihi2');

interface Given {
  readonly parameters?: Readonly<Record<string, Values>>;
  /** Weight of the one synapse on each neuron. */
  readonly weight?: number;
  readonly size?: number;
  readonly clip?: number;
}

/** Neurons of these lines; each hears one input, which its value leaves as it is. */
function network(lines: readonly string[], given: Given = {}, head = 'neuron n'): Network {
  const { parameters = {}, weight = 1, size = 1, clip = 4 } = given;
  const diagonal = Array.from({ length: size }, (_, i) => [i, i] as const);
  return new NetworkBuilder('n')
    .input('input', size, { clip })
    .population('cell', size, `${head}\n${lines.map((l) => `  ${l}\n`).join('')}`, parameters)
    .projection('input', 'cell', { connectivity: diagonal, initialWeights: weight })
    .output('cell')
    .build();
}

const compiled = (given: Network, target = loihi2): Compilation =>
  compile(given, target, NO_CALIBRATION);
const formatOf = ({ fixed }: Compilation, field: string): string =>
  printFormat(fixed.populations[1]!.fields.find((f) => f.name === field)!.format);

/** Real values of `value` on the reference and on the integers, which all integer machines agree about. */
function sweep(given: Network, inputs: readonly number[]): { real: number; integer: number }[] {
  const c = compiled(given);
  const reference = createReferenceMachine(given);
  const fixed = createFixedMachine(c.fixed);
  const others = [
    createIntegerHost(c.micro),
    laneAsMachine(createIntegerLanes(c.micro), 1),
    loihi2.createMachine(c.bytes, 'program'),
  ];
  return inputs.map((input, step) => {
    const values = { input: given.populations[0]!.size === 1 ? [input] : [input, -input] };
    const [real] = reference.step({ values, modulator: 0 })['cell']!;
    const [integer] = fixed.step({ values, modulator: 0 })['cell']!;
    for (const machine of others) {
      machine.step({ values, modulator: 0 });
      for (const { probe } of fixed.shape.probes) {
        const place = `${machine.shape.machine}, step ${step}, ${JSON.stringify(probe)}`;
        expect(Array.from(machine.read(probe)), place).toEqual(Array.from(fixed.read(probe)));
      }
    }
    return { real: real!, integer: integer! };
  });
}

/** Multiples of 1/256: inputs themselves are exact. */
const INPUTS = (() => {
  const dice = new Dice(SEED);
  const drawn = Array.from({ length: 40 }, () => dice.whole(-1024, 1024) / 256);
  return [0, 1, -1, 3.75, -3.75, 4, -4, ...drawn];
})();

describe('expressions keep their values', () => {
  // Constants have 13 bits, states 16 fraction bits; currents are proved to lie within ±16, where tables have 256 entries.
  it.each([
    ['I', 0],
    ['I * 0.3 + 1', 4 * 2 ** -14],
    ['(I * I) * (I * I) / 4', 2e-2],
    ['I^3', 2 ** -13],
    ['I^5 / 16', 2e-2],
    ['I + 1e-30', 1e-4],
    ['I / 1e15', 1e-9],
    ['I * 1e-20 + I', 1e-4],
    ['min(I - 3, I * 0.001)', 1e-4],
    ['max(I * I * I * 0.01, I)', 1e-3],
    ['|I| - sign(I) * I', 1e-4],
    ['-I * -2', 1e-4],
    ['(I > 0.5) + 2 * (I <= -1) + 4 * (I == 4) + 8 * (I != 0)', 1e-9],
    ['(I > 0 and I < 2) + 2 * (I > 3 or not I)', 1e-9],
    ['tanh(I)', 2 ** -6],
    ['exp(I) / 16', (Math.exp(4) / 16) * 0.07],
    ['sqrt(|I|)', Math.sqrt(2 ** -5)],
    ['log(|I| + 1)', 2 ** -5],
    ['I * 100000 * 0.00001', 2e-3],
  ])(`value <- %s, within %d (seed ${SEED})`, (expression, bound) => {
    const results = sweep(network([`value <- ${expression}`]), INPUTS);
    for (const [i, { real, integer }] of results.entries())
      expect(Math.abs(real - integer), `I = ${INPUTS[i]}`).toBeLessThanOrEqual(bound);
  });

  it('saturate where fraction bits are appended to a value that is too large for the registers', () => {
    const results = sweep(network(['state v = 0', 'v <- I * I * 1000000', 'value <- v']), [
      4,
      3,
      0,
      2 ** -7,
    ]);
    const top = 2 ** 7 - 2 ** -16;
    expect(results.map((r) => r.integer).slice(0, 3)).toEqual([top, top, 0]);
    expect(results[3]).toEqual({ real: 1e6 / 2 ** 14, integer: 1e6 / 2 ** 14 });
  });

  it('wrap there too, where they are stated to wrap', () => {
    const lines = ['n <- n + 30000 as s20.0 saturate', 'value <- n as s24.10 wrap'];
    const results = sweep(network(lines), [0, 0, 0]);
    const wrapped = (n: number): number =>
      ((((n + 2 ** 13) % 2 ** 14) + 2 ** 14) % 2 ** 14) - 2 ** 13;
    expect(results.map((r) => r.integer)).toEqual([30000, 60000, 90000].map(wrapped));
  });

  it('a narrow integer saturates in a format with more fraction bits', () => {
    const lines = ['n <- n + 50000 as s20.0 saturate', 'state v = 0', 'v <- n', 'value <- v'];
    const results = sweep(network(lines), [0, 0]);
    expect(results.map((r) => r.integer)).toEqual([2 ** 7 - 2 ** -16, 2 ** 7 - 2 ** -16]);
  });
});

describe('statements', () => {
  it('a condition that fails keeps state, clears events, and leaves what the step has assigned', () => {
    const lines = [
      'state kept = 3',
      'kept <- I if I > 0',
      'event <- 2 if I > 0',
      'twice <- I * 2',
      'twice <- 1 if I > 0',
      'on_event <- 1 on event',
      'value <- kept + 8 * event + 64 * twice + 0.5 * on_event',
    ];
    for (const { real, integer } of sweep(network(lines), [-0.5, 0.25, -0.75, 0.5, 0]))
      expect(integer).toBe(real);
  });

  it('parameters are scalars or one number per neuron', () => {
    const head = 'neuron n(scale, per neuron gain, tau = 4)';
    const lines = ['v <- v + (I * gain - v) / tau', 'value <- v * scale'];
    const parameters = { scale: 0.5, gain: [0.7, -0.3] };
    const given = network(lines, { parameters, size: 2 }, head);
    for (const { real, integer } of sweep(given, INPUTS)) expect(integer).toBeCloseTo(real, 2);
    const { fields } = compiled(given).fixed.populations[1]!;
    const gain = fields.find((f) => f.name === 'gain')!;
    // 13 bits: 0.7 has 12 fraction bits below its leading one, and both share a format.
    const integers = [0.7, -0.3].map((v) => Math.round(v * 2 ** 13));
    expect(gain.initial).toEqual(Int16Array.from(integers));
    expect(gain.format.fraction).toBe(13);
  });

  it('an initial value beyond what was seen has its place', () => {
    for (const [initial, format] of [
      [-200, 's24.15'],
      [100, 's24.16'],
      [-4000, 's24.11'],
    ] as const) {
      const given = network([`state v = ${initial}`, 'v <- v * 0.5 + I', 'value <- v']);
      expect(formatOf(compiled(given), 'v')).toBe(format);
      expect(sweep(given, [0.5])).toEqual([
        { real: initial / 2 + 0.5, integer: initial / 2 + 0.5 },
      ]);
    }
  });

  it('a variable may be named like what the compiler adds', () => {
    const given = network(['payload <- I * 0.5', 'weight <- payload + 1', 'value <- weight']);
    for (const { real, integer } of sweep(given, [1, -0.5])) expect(integer).toBe(real);
  });

  it('the report has what was seen and what was proved', () => {
    const given = network(['v <- min(max(v + I, -2), 2)', 'value <- v']);
    const calibration = calibrationOf(seen('variable', 'cell', 'v', -1, 1.5));
    const row = compile(given, loihi2, calibration).formats.find((f) => f.value === 'cell.v')!;
    expect(row).toMatchObject({ seen: [-1, 1.5], proved: [-2, 2], format: 's24.16' });
    expect(row.relativeError).toBeCloseTo(2 ** -17 / 1.5, 15);
  });
});

describe('stated formats', () => {
  const stated = (text: string): Network => network([`v <- v + I as ${text}`, 'value <- v * 0.5']);

  it('PL2001: a format is as wide as the registers at most', () => {
    expect(codesOf(() => compiled(stated('s48.0')))).toEqual([]);
    expect(codesOf(() => compiled(stated('s49.0')))).toEqual(['PL2001']);
  });

  it('PL2001: Lava’s wrap reaches 2^23, which needs 25 bits', () => {
    expect(codesOf(() => compiled(stated('s25.0 nearest lava-wrap-24')))).toEqual([]);
    expect(codesOf(() => compiled(stated('s24.0 nearest lava-wrap-24')))).toEqual(['PL2001']);
  });

  it.each([
    ['s8.0 floor saturate', [4, -128], -128],
    ['s8.0 floor symmetric', [4, -128], -127],
    ['s8.0 nearest wrap', [-4, -125], 127],
    ['u8.0 floor saturate', [-4, 2], 0],
    ['u8.0 floor symmetric', [-4, 2], 0],
    ['u8.0 floor wrap', [-4, 2], 254],
  ])('%s', (text, [input, start], expected) => {
    const given = network([`state v = ${start}`, `v <- v + I as ${text}`, 'value <- v']);
    const first = text.startsWith('s') ? (start! + input! < -128 ? input! : -0.25) : input!;
    const [result] = sweep(given, [first]);
    expect(result!.integer).toBe(expected);
  });
});

describe('what no target can compute', () => {
  it('PL1008: a parameter that makes a constant infinite', () => {
    const head = 'neuron n(k = 0)';
    for (const value of ['I / k', 'I * log(k)', '0 * I + 1 / k'])
      expect(
        codesOf(() => compiled(network([`value <- ${value}`], {}, head))),
        value,
      ).toEqual(['PL1008']);
    const perNeuron = 'neuron n(per neuron k)';
    const given = network(['value <- I / k'], { parameters: { k: [1, 0] }, size: 2 }, perNeuron);
    expect(codesOf(() => compiled(given))).toEqual(['PL1008']);
  });

  it('PL2003: a division by what varies', () => {
    expect(codesOf(() => compiled(network(['value <- 1 / (I + 8)'])))).toEqual(['PL2003']);
    expect(codesOf(() => compiled(network(['value <- I / 8'])))).toEqual([]);
  });

  it('PL3002: loihi1 has no tables', () => {
    const given = network(['value <- exp(I) > 2'], { clip: 1 });
    expect(codesOf(() => compiled(given))).toEqual([]);
    expect(codesOf(() => compiled(given, targetNamed('loihi1')))).toEqual(['PL3002']);
  });

  it('a function of constants is one, and needs no table', () => {
    const given = network(['value <- I * exp(1) + tanh(tau)'], {}, 'neuron n(tau = 0.5)');
    const kinds = compiled(given).micro.kernels.flatMap((k) => k.operations.map((o) => o.kind));
    expect(kinds).not.toContain('table');
  });
});
