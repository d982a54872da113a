import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanesRefuse } from '../../compiler/codegen/wasm/integer-network.js';
import { vectorsRefuse } from '../../compiler/codegen/wasm/vector-network.js';
import { checkFixed } from '../../compiler/levels/fixed/check.js';
import { parseFixed } from '../../compiler/levels/fixed/parse.js';
import { printFixed } from '../../compiler/levels/fixed/print.js';
import { parseMicro } from '../../compiler/levels/micro/parse.js';
import { printMicro } from '../../compiler/levels/micro/print.js';
import { signed } from '../../compiler/levels/numbers/format.js';
import { nextScale, scaleReal, unitScale } from '../../compiler/levels/numbers/scale.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { recordedDrive } from '../../runtime/verify/drive.js';
import { explainFixed } from '../../runtime/verify/explain.js';
import { describeDifference, lockstep } from '../../runtime/verify/lockstep.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import { describeProbe } from '../../src/network/probes.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { codesOf } from '../compiler/context.js';
import { brokenAt } from '../verify/machines.js';
import {
  COEFFICIENTS,
  type LazyProjection,
  type LazyShape,
  lazyNetwork,
  microOf,
} from './lazy-networks.js';
import { arbitraryNetwork, integers, shapeOf } from './random-lazy.js';
import { noise } from './random-networks.js';

const inputsAt = (size: number, step: number, seed: number) => ({
  values: { input: noise(size, 6, 100 + step, seed) },
  modulator: 0,
});

const stateOf = (machine: Machine): Record<string, number[]> =>
  Object.fromEntries(
    machine.shape.probes.map(({ probe }) => [describeProbe(probe), [...machine.read(probe)]]),
  );

describe('lazy normalisation', () => {
  it('is the same on fixed and on generated code, bit for bit, and its scale is what the weights lead to', () => {
    const property = fc.property(arbitraryNetwork, (drawn) => {
      const shape = shapeOf(drawn);
      const fixed = lazyNetwork(shape);
      const left = createFixedMachine(fixed);
      const right = createIntegerHost(microOf(fixed));
      for (const m of [left, right]) m.reset({ seed: drawn.seed });
      for (let step = 0; step < 24; step++) {
        const before = stateOf(left);
        for (const m of [left, right]) {
          m.learning = step % 7 !== 5;
          if (step === 12) m.reset({ seed: drawn.seed + 1 });
          m.step(inputsAt(shape.inputs, step, drawn.seed));
        }
        const after = stateOf(left);
        expect(stateOf(right), `step ${step}`).toEqual(after);
        const learned = (every: number): boolean =>
          left.learning && ((step % 12) + 1) % every === 0;
        if (step !== 12) expectScales(shape, before, after, learned);
        if (step % 5 === 3) for (const m of [left, right]) disturb(m, step, drawn.seed);
        expect(stateOf(right), `after a write, step ${step}`).toEqual(stateOf(left));
      }
    });
    fc.assert(property, { seed: 21, numRuns: 60 });
  });

  /** After a step: r follows from the largest stored weight where the rule ran, stays elsewhere; weights are r · W′. */
  function expectScales(
    { projections }: LazyShape,
    before: Record<string, number[]>,
    after: Record<string, number[]>,
    learned: (every: number) => boolean,
  ): void {
    for (const { pre, kind, format, every, weights } of projections) {
      if (!kind) continue;
      const owner = `${pre}->hidden`;
      const stored = after[`stored weight of ${owner}`]!;
      const largest = Math.max(0, ...stored.map(Math.abs)) * 2 ** format.fraction;
      const next = nextScale(kind, largest, format);
      const [mantissa, exponent] = after[`scale of ${owner}`]!;
      const was = before[`scale of ${owner}`]!;
      const expected = learned(every) ? [next.mantissa, next.exponent] : was;
      expect([mantissa, exponent]).toEqual(expected);
      const r = scaleReal({ mantissa: mantissa!, exponent: exponent! }, format);
      expect(after[`weight of ${owner}`]).toEqual(stored.map((w) => r * w));
      if (learned(every) && weights.length > 0) {
        const most = Math.max(...after[`weight of ${owner}`]!.map(Math.abs));
        expect(most).toBeLessThanOrEqual(1);
        if (kind === 'max' && largest > 0) expect(most).toBeGreaterThan(1 - 2 ** -14);
      }
    }
  }

  /** Halves the weights of a machine and puts one of them at 0. */
  function disturb(machine: Machine, step: number, seed: number): void {
    for (const { probe, length } of machine.shape.probes) {
      if (probe.kind !== 'weight' || length === 0) continue;
      const values = machine.read(probe).map((w) => w / 2);
      values[(step + seed) % length] = 0;
      machine.write(probe, values);
    }
  }

  it('has a text at every level', () => {
    const property = fc.property(arbitraryNetwork, (drawn) => {
      const fixed = lazyNetwork(shapeOf(drawn));
      const text = printFixed(fixed);
      expect(parseFixed(text, 'fixed.txt')).toStrictEqual(fixed);
      expect(printFixed(parseFixed(text, 'fixed.txt'))).toBe(text);
      const micro = microOf(fixed);
      expect(parseMicro(printMicro(micro), 'micro.txt')).toStrictEqual(micro);
    });
    fc.assert(property, { seed: 22, numRuns: 30 });
  });
});

const WEIGHTS = signed(12, 8);
const projection: LazyProjection = {
  pre: 'input',
  kind: 'max',
  format: WEIGHTS,
  rounding: 'stochastic',
  delay: 0,
  every: 1,
  synapses: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  weights: [128, -64, 0, 256],
  coefficients: COEFFICIENTS.map((_, i) => integers(4, -40, 40, i, 5)),
};
const SHAPE: LazyShape = { inputs: 2, hidden: 2, projections: [projection] };
const FIXED = lazyNetwork(SHAPE);
const OWNER = 'input->hidden';
const weight = { kind: 'weight', projection: OWNER } as const;
const stored = { kind: 'stored', projection: OWNER } as const;
const scale = { kind: 'scale', projection: OWNER } as const;

describe('the state of a lazy projection', () => {
  const start = (steps: number): Machine => {
    const machine = createIntegerHost(microOf(FIXED));
    machine.reset({ seed: 3 });
    for (let step = 0; step < steps; step++) machine.step(inputsAt(2, step, 9));
    return machine;
  };
  const UNIT = unitScale(WEIGHTS);
  const steps = Array.from({ length: 8 }, (_, i) => inputsAt(2, i, 9));
  const drive = recordedDrive([steps], { name: 'noise', seed: 1 });

  it('starts with r = 1, and a write of weights puts it there', () => {
    const machine = start(0);
    expect([...machine.read(scale)]).toEqual([UNIT.mantissa, UNIT.exponent]);
    expect([...machine.read(weight)]).toEqual([0.5, -0.25, 0, 1]);
    machine.step(inputsAt(2, 0, 9));
    expect([...machine.read(scale)]).not.toEqual([UNIT.mantissa, UNIT.exponent]);
    machine.write(weight, [0.5, 0.25, -1, 0.001]);
    expect([...machine.read(scale)]).toEqual([UNIT.mantissa, UNIT.exponent]);
    expect([...machine.read(stored)]).toEqual([0.5, 0.25, -1, 0]);
    expect([...machine.read(weight)]).toEqual([0.5, 0.25, -1, 0]);
    machine.step(inputsAt(2, 0, 9));
    machine.reset({ seed: 3 });
    expect([...machine.read(scale)]).toEqual([UNIT.mantissa, UNIT.exponent]);
  });

  it('is refused where W′ cannot hold it with r = 1', () => {
    const machine = start(4);
    const before = stateOf(machine);
    expect(codesOf(() => machine.write(weight, [0, 0, 0, 8]))).toEqual(['PL5002']);
    expect(codesOf(() => machine.write(stored, [0, 0, 0, -8.1]))).toEqual(['PL5002']);
    for (const [mantissa, exponent] of [
      [16383, 0],
      [32768, 0],
      [16384, 12],
      [16384, -1],
    ]) {
      expect(codesOf(() => machine.write(scale, [mantissa!, exponent!]))).toEqual(['PL5002']);
    }
    expect(codesOf(() => machine.write(scale, [16384]))).toEqual(['PL5002']);
    expect(stateOf(machine)).toEqual(before);
    machine.write(scale, [32767, 11]);
    expect([...machine.read(scale)]).toEqual([32767, 11]);
  });

  it.each([
    [stored, scale],
    [scale, stored],
  ])('is put back bit for bit by %j, then %j', (...order) => {
    const machine = start(6);
    const undisturbed = start(6);
    const kept = order.map((probe) => machine.read(probe));
    machine.write(weight, [0, 1, 0, -1]);
    for (const [i, probe] of order.entries()) machine.write(probe, kept[i]!);
    for (let step = 6; step < 20; step++) {
      for (const m of [machine, undisturbed]) m.step(inputsAt(2, step, 9));
      expect(stateOf(machine)).toEqual(stateOf(undisturbed));
    }
  });

  it('is compared before the weight that it makes', () => {
    const right = brokenAt(createIntegerHost(microOf(FIXED)), stored, 1, 3, (w) => w + 2 ** -8);
    const { firstDifference: found, onlyLeft } = lockstep(createFixedMachine(FIXED), right, drive, {
      explain: explainFixed(FIXED),
    });
    expect(onlyLeft).toEqual([]);
    expect(found).toMatchObject({ place: `stored weight of ${OWNER}`, index: 1, format: 's12.8' });
    expect(Number.isInteger(found!.left.integer)).toBe(true);
    expect(describeDifference(found!)).toContain(', from test:1:1');
  });

  it('shows weights that are no integers of the format as reals alone', () => {
    const right = createIntegerHost(microOf(FIXED));
    const read = (probe: Probe): Float64Array =>
      right.read(probe).map((w) => (probe.kind === 'weight' ? w + 2 ** -20 : w));
    const wrong: Machine = Object.assign(Object.create(right), { read });
    const { firstDifference: found } = lockstep(createFixedMachine(FIXED), wrong, drive);
    expect(found).toMatchObject({ place: `weight of ${OWNER}`, right: { integer: null } });
  });

  it('is not for vectors and lanes', () => {
    const micro = microOf(FIXED);
    const reason = `${OWNER} is normalised lazily`;
    expect([vectorsRefuse(micro), lanesRefuse(micro)]).toEqual([reason, reason]);
  });
});

describe('what the level checks', () => {
  const text = printFixed(FIXED);
  it.each<[string, string, string]>([
    ['  scale max\n', '', 'scale.mantissa:input->hidden is no field'],
    ['s16.0 scale.mantissa)', 's15.0 scale.mantissa)', 'holds no mantissa'],
    ['u4.0 scale.exponent)', 'u3.0 scale.exponent)', 'holds no exponent'],
    ['weight variable s12.8', 'weight variable s12.11', 'has a scale, but weights s12.11'],
    ['weight variable s12.8', 'weight variable u12.8', 'has a scale, but weights u12.8'],
    ['read s16.0 scale.mantissa)', 'read s16.0 scale.mantisse)', 'scale.mantisse is no field'],
    ['update weight', 'update scale.mantissa', 'scale.mantissa is no field'],
  ])('%j -> %j', (from, to, message) => {
    const start = text.indexOf('projection');
    const at = to === '' ? 0 : start;
    const changed = text.slice(0, at) + text.slice(at).replace(from, to);
    expect(changed).not.toBe(text);
    expect(() => parseFixed(changed, 'x')).toThrow(message);
  });

  it('a scale needs a rule, and weights on arrival', () => {
    const changed = (change: object) => () =>
      checkFixed({ ...FIXED, projections: FIXED.projections.map((p) => ({ ...p, ...change })) });
    expect(changed({ rule: undefined })).toThrow('has a scale, but no rule');
    expect(changed({ weight: 'send', delay: 1 })).toThrow('weighs messages when they are sent');
    expect(changed({ weight: 'send', delay: 0 })).not.toThrow();
  });
});

describe('beside the reference machine, which normalises at once', () => {
  it.each(['max', 'pow2'] as const)('%s stays near', (kind) => {
    const [inputs, hidden] = [4, 3];
    const format = signed(16, 12);
    const count = inputs * hidden;
    const coefficients = COEFFICIENTS.map((_, i) => integers(count, -20, 20, i, 77));
    const synapses = Array.from({ length: count }, (_, k) => [Math.floor(k / hidden), k % hidden]);
    const fixed = lazyNetwork({
      inputs,
      hidden,
      projections: [
        {
          ...projection,
          kind,
          format,
          rounding: 'nearest',
          synapses: synapses as [number, number][],
          weights: new Array<number>(count).fill(0),
          coefficients,
        },
      ],
    });
    const network = new NetworkBuilder('eager')
      .input('input', inputs)
      .population('hidden', hidden, 'neuron leak()\n  v <- v / 2 + I\n  value <- v\n')
      .projection('input', 'hidden', {
        rule: `rule like_pdlf(per synapse a, b, c, d)\n  dw = a * x * y + b * x + c * y + d\n  normalize ${kind}\n`,
        parameters: Object.fromEntries(
          COEFFICIENTS.map((name, i) => [name, coefficients[i]!.map((k) => k / 64)]),
        ),
        bindings: { x: 'pre.value', y: 'post.v' },
      })
      .output('hidden')
      .build();
    const machines = [createReferenceMachine(network), createFixedMachine(fixed)] as const;
    let [worst, squares, values] = [0, 0, 0];
    for (let step = 0; step < 200; step++) {
      const sixteenths = noise(inputs, 1, 100 + step, 4).map((u) => Math.round(16 * u) / 16);
      for (const m of machines) m.step({ values: { input: sixteenths }, modulator: 0 });
      const [real, integer] = machines.map((m) => m.read(weight));
      for (const [k, w] of real!.entries()) {
        worst = Math.max(worst, Math.abs(w - integer![k]!));
        squares += w * w;
        values++;
      }
    }
    expect(Math.sqrt(squares / values)).toBeGreaterThan(0.3);
    expect(worst).toBeLessThan(2 ** -8);
  });
});
