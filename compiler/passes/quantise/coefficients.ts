import { printExpression } from '../../../src/equations/print.js';
import type { ParameterValue } from '../../../src/network/network.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { FixedRule, FixedTerm } from '../../levels/fixed/fixed.js';
import { signed, unsigned } from '../../levels/numbers/format.js';
import type { PassContext } from '../../pass.js';
import type { SumOfProductsArithmetic } from '../../target.js';
import { exponentOf, mantissaOf, nearestWord, wordValue } from './coefficient.js';
import type { RuleScope } from './rule.js';
import { evaluateStatic } from './static.js';

/** Mantissas and exponents of every synapse, by coefficient name. */
export type CoefficientArrays = ReadonlyMap<string, Int32Array>;

/** What became of the coefficients of a term: how many rounded to zero, how many others are more than a quarter off. */
export interface CoefficientLoss {
  readonly term: FixedTerm;
  readonly lost: number;
  readonly saturated: number;
  readonly of: number;
  readonly rms: number;
}

/**
 * Encodes the coefficients of `count` synapses for the engine. Parameters are those of a folded projection: per synapse in
 * synapse order, or scalar.
 */
export function coefficientArrays(
  terms: readonly FixedTerm[],
  parameters: Readonly<Record<string, ParameterValue>>,
  count: number,
  arithmetic: Pick<SumOfProductsArithmetic, 'mantissaBits' | 'exponentMaximum'>,
  loss: (loss: CoefficientLoss) => void,
): CoefficientArrays {
  const arrays = new Map<string, Int32Array>();
  for (const term of terms) {
    const real = evaluateStatic(term.coefficient, parameters);
    if (real === undefined)
      throw new Error(`coefficient ${printExpression(term.coefficient)} is not fixed`);
    for (const word of term.words) {
      arrays.set(word.mantissa, new Int32Array(count));
      arrays.set(word.exponent, new Int32Array(count));
    }
    const words = term.words.map(({ mantissa, exponent }) => ({
      mantissas: arrays.get(mantissa)!,
      exponents: arrays.get(exponent)!,
    }));
    let lost = 0;
    let saturated = 0;
    let squares = 0;
    for (let k = 0; k < count; k++) {
      const wanted = (typeof real === 'number' ? real : real[k]!) * term.scale;
      let value = 0;
      for (const { mantissas, exponents } of words) {
        const word = nearestWord(wanted - value, arithmetic);
        mantissas[k] = mantissaOf(word);
        exponents[k] = exponentOf(word);
        value += wordValue(word);
      }
      if (value === 0 && wanted !== 0) lost++;
      else if (isFarOff(wanted, value)) saturated++;
      const error = (value - wanted) / term.scale;
      squares += error * error;
    }
    loss({ term, lost, saturated, of: count, rms: Math.sqrt(squares / Math.max(1, count)) });
  }
  return arrays;
}

type Profiles = Pick<FixedRule, 'coefficients' | 'profiles'>;

/** Synapses with equal coefficients share a profile; profiles are numbered as they appear. */
export function shareProfiles(
  arrays: CoefficientArrays,
  count: number,
  mantissaBits: number,
): Profiles {
  const names = [...arrays.keys()];
  let profiles = new Int32Array(count);
  for (const values of arrays.values()) profiles = distinguish(profiles, values);
  const rows: number[] = [];
  for (let k = 0; k < count; k++) if (profiles[k] === rows.length) rows.push(k);
  const coefficients = names.map((name) => ({
    name,
    format: name.includes('.m') ? signed(mantissaBits, 0) : unsigned(4, 0),
    values: rows.map((k) => arrays.get(name)![k]!),
  }));
  return { coefficients, profiles: Array.from(profiles) };
}

/** Numbers of the pairs of a number and a value, in the order in which they appear. */
function distinguish(numbers: Int32Array, values: Int32Array): Int32Array<ArrayBuffer> {
  const seen = new Map<number, number>();
  const result = new Int32Array(numbers.length);
  for (let k = 0; k < numbers.length; k++) {
    // Below 2^53: numbers of synapses have 31 bits at most, words of coefficients 16.
    const pair = numbers[k]! * 2 ** 20 + values[k]! + 2 ** 19;
    let number = seen.get(pair);
    if (number === undefined) {
      number = seen.size;
      seen.set(pair, number);
    }
    result[k] = number;
  }
  return result;
}

/**
 * The profiles of a rule being quantised, with a row of the report for each product (named by `names`), and a warning where the
 * engine cannot hold its coefficients.
 */
export function encodeCoefficients(
  scope: RuleScope,
  terms: readonly FixedTerm[],
  names: readonly string[],
): Profiles {
  const { learning } = scope.context.capabilities;
  const { columns, projection } = scope;
  const count = columns.length;
  const arrays = coefficientArrays(terms, projection.parameters, count, learning, (loss) => {
    const name = names[terms.indexOf(loss.term)]!;
    noteCoefficient(scope, name, loss);
    const where = `${projection.name}: of ${loss.of} coefficients of ${name}`;
    const { scale, origin } = loss.term;
    warnOfLoss(scope.context, { ...loss, where }, { step: 1 / scale, span: origin });
  });
  return shareProfiles(arrays, count, learning.mantissaBits);
}

/** How many of the values, as integers with `scale` of them to 1, are lost and how many are far off. */
export function lossOf(
  values: ArrayLike<number>,
  integers: ArrayLike<number>,
  scale: number,
): Pick<CoefficientLoss, 'lost' | 'saturated' | 'of'> {
  let [lost, saturated] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    const wanted = values[k]! * scale;
    if (integers[k] === 0 && wanted !== 0) lost++;
    else if (isFarOff(wanted, integers[k]!)) saturated++;
  }
  return { lost, saturated, of: values.length };
}

const isFarOff = (wanted: number, given: number): boolean =>
  Math.abs(given - wanted) > Math.max(1, Math.abs(wanted)) / 4;

/** One warning: PL2005 where coefficients vanish, else PL2006 where they are far off. */
export function warnOfLoss(
  context: PassContext,
  { where, lost, saturated }: Pick<CoefficientLoss, 'lost' | 'saturated'> & { where: string },
  { step, span }: { readonly step: number; readonly span: Span },
): void {
  if (lost === 0 && saturated === 0) return;
  const parts = [
    ...(lost > 0 ? [`${lost} round to zero`] : []),
    ...(saturated > 0 ? [`${saturated} are more than a quarter off`] : []),
  ];
  const message = `${where}, ${parts.join(' and ')}; the engine's least step is ${step}`;
  context.report(diagnostic(lost > 0 ? 'PL2005' : 'PL2006', message, { span }));
}

/** A row of the report for the coefficients of one product. */
function noteCoefficient(
  { context, projection }: RuleScope,
  name: string,
  { term, lost, saturated, rms }: CoefficientLoss,
): void {
  const { mantissaBits, exponentMaximum } = context.capabilities.learning;
  const real = evaluateStatic(term.coefficient, projection.parameters)!;
  const values = typeof real === 'number' ? [real] : real;
  const least = -Math.log2(term.scale);
  const word = `m${mantissaBits} 2^${least}…2^${least + exponentMaximum}`;
  let [low, high, squares] = [Infinity, -Infinity, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    squares += value * value;
  }
  const size = Math.sqrt(squares / values.length);
  context.format({
    value: `${projection.name} coefficient of ${name}`,
    seen: [low, high],
    proved: null,
    format: term.words.map(() => word).join(' + '),
    relativeError: size > 0 ? rms / size : 0,
    saturations: lost + saturated,
  });
}
