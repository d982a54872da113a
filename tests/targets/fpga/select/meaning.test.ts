import { describe, expect, it } from 'vitest';
import type { Format } from '../../../../compiler/levels/numbers/format.js';
import { scaleReal, unitScale } from '../../../../compiler/levels/numbers/scale.js';
import { parametersOf } from '../../../../compiler/passes/quantise/neuron.js';
import { evaluate, FLOAT64 } from '../../../../src/equations/evaluate.js';
import { libraryNeurons, libraryRules } from '../../../../src/equations/library.js';
import type { NeuronModel, Update } from '../../../../src/equations/model.js';
import { Dice } from '../../../compiler/dice.js';
import { evaluateInstructions } from './evaluate.js';
import { neuronOfLibrary, ruleOfLibrary } from './library.js';

const SEED = 5_512;
const RUNS = 300;

type Reals = Map<string, number>;

/** Runs updates of a neuron or a rule in float64. */
function run(updates: readonly Update[], persistent: ReadonlySet<string>, reals: Reals): void {
  const assigned = new Set<string>();
  const read = (name: string): number => reals.get(name)!;
  for (const { target, value, condition } of updates) {
    const holds = !condition || evaluate(condition, read, FLOAT64) !== 0;
    const kept = persistent.has(target) || assigned.has(target) ? reals.get(target)! : 0;
    reals.set(target, holds ? evaluate(value, read, FLOAT64) : kept);
    assigned.add(target);
  }
}

const persistentOf = (model: Pick<NeuronModel, 'variables'>): Set<string> =>
  new Set(model.variables.filter((v) => v.persistent).map((v) => v.name));

const real = (integer: number, { fraction }: Format): number => integer / 2 ** fraction;

describe('neurons of the library in integers', () => {
  it.each(Object.keys(libraryNeurons))(`%s means what it says (seed ${SEED})`, (neuron) => {
    const c = neuronOfLibrary(neuron);
    const dice = new Dice(SEED);
    const population = c.network.populations.find((p) => p.name === 'cell')!;
    const { fields } = c.compiled.fixed.populations.find((p) => p.name === 'cell')!;
    const { dumps, instructions } = c.compiled.kernel('cell')!;
    const formatOf = (name: string): Format => fields.find((f) => f.name === name)!.format;
    const model = population.neuron!;
    const { weights } = c.compiled.fixed.projections[1]!;
    const scale = unitScale(weights.format);
    let flips = 0;
    for (let i = 0; i < RUNS; i++) {
      const values = new Map<string, number>();
      const reals: Reals = new Map(
        Object.entries(parametersOf(model, population)) as [string, number][],
      );
      for (const { name, format, role } of fields) {
        const size = role === 'current' ? 2 ** (format.fraction - 1) : 2 ** (format.width - 4);
        values.set(name, Math.round(dice.real(-size, size)));
        reals.set(name, real(values.get(name)!, format));
      }
      const r = scaleReal(scale, weights.format);
      reals.set('I', reals.get('I:a->cell')! + r * reals.get('I:b->cell')!);
      values
        .set('scale.mantissa:b->cell', scale.mantissa)
        .set('scale.exponent:b->cell', scale.exponent);
      run(model.updates, persistentOf(model), reals);
      const random = (): number => 0;
      evaluateInstructions(dumps, instructions, { kind: 'neuron', values, weightBits: 8, random });
      const isOff = model.variables.some(({ name }) => {
        const format = formatOf(name);
        const want = reals.get(name)!;
        const most = 2 ** (format.width - 1 - format.fraction);
        const error = Math.abs(
          real(values.get(name)!, format) - Math.max(-most, Math.min(most, want)),
        );
        return error > 8 * 2 ** -format.fraction + 1e-3 * Math.abs(want);
      });
      if (isOff) flips++;
    }
    // A threshold may be passed in one arithmetic only.
    expect(flips).toBeLessThan(RUNS / 50);
  });
});

describe('rules of the library in integers', () => {
  const learning = Object.keys(libraryRules).filter((rule) => rule !== 'none');
  it.each(learning)(`%s means what it says (seed ${SEED})`, (rule) => {
    const { compiled: c, network } = ruleOfLibrary(rule);
    const dice = new Dice(SEED);
    const { instructions } = c.kernel('pre->post')!;
    const projection = c.fixed.projections.find((p) => p.name === 'pre->post')!;
    const source = network.projections.find((p) => p.name === 'pre->post')!;
    const { weights, fields, rule: fixedRule, scale } = projection;
    const formats = (name: string): readonly { readonly name: string; readonly format: Format }[] =>
      c.fixed.populations.find((p) => p.name === name)!.fields;
    let worst = 0;
    for (let i = 0; i < RUNS; i++) {
      const values = new Map<string, number>();
      const reals: Reals = new Map();
      const put = (name: string, format: Format, as: string, signed = true): void => {
        const size = 2 ** (format.width - 3);
        values.set(name, Math.round(dice.real(signed ? -size : 0, size)));
        reals.set(as, real(values.get(name)!, format));
      };
      put('weight', weights.format, 'w');
      for (const f of fields) put(f.name, f.format, f.symbol!);
      for (const { signal, side, variable } of source.bindings) {
        const { format } = formats(source[side]).find((f) => f.name === variable)!;
        if (format.width === 2) {
          values.set(`${side}.${variable}`, dice.whole(0, 1));
          reals.set(signal, values.get(`${side}.${variable}`)!);
        } else put(`${side}.${variable}`, format, signal, false);
      }
      if (c.fixed.modulator) put('modulator', c.fixed.modulator.format, 'm');
      const k = dice.whole(0, projection.columns.length - 1);
      for (const q of fixedRule!.coefficients)
        values.set(q.name, q.values[fixedRule!.profiles[k]!]!);
      for (const [name, given] of Object.entries(source.parameters))
        reals.set(name, typeof given === 'number' ? given : given[k]!);
      for (const p of source.rule!.parameters)
        if (!reals.has(p.name)) reals.set(p.name, p.default!);
      if (scale) {
        const start = unitScale(weights.format);
        values.set('scale.mantissa', start.mantissa).set('scale.exponent', start.exponent);
      }
      run(source.rule!.updates, persistentOf(source.rule!), reals);
      const read = (name: string): number => reals.get(name)!;
      let w = reals.get('w')! + evaluate(source.rule!.dw!, read, FLOAT64);
      for (const n of source.rule!.normalizations) {
        if (n.kind === 'decay') w -= n.rate * reals.get('w')!;
        if (n.kind === 'clip') w = Math.max(n.low, Math.min(n.high, w));
      }
      const most = 2 ** (weights.format.width - 1 - weights.format.fraction);
      w = Math.max(-most, Math.min(most, w));
      const state = { kind: 'synapse', values, weightBits: weights.format.width } as const;
      evaluateInstructions([], instructions, { ...state, random: () => 2 ** 31 });
      const step = 2 ** -weights.format.fraction;
      worst = Math.max(worst, Math.abs(real(values.get('weight')!, weights.format) - w) / step);
      for (const f of fields) {
        const error = real(values.get(f.name)!, f.format) - reals.get(f.symbol!)!;
        expect(Math.abs(error)).toBeLessThan(4 * 2 ** -f.format.fraction);
      }
    }
    // The largest weight lies one step below its bound; half a step is rounding; the rest are coefficients of 16 bits.
    expect(worst).toBeLessThan(1.2);
  });
});
