import { printExpression } from '../../../src/equations/print.js';
import type { ParameterValue } from '../../../src/network/network.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { FixedRule, FixedTerm } from '../../levels/fixed/fixed.js';
import { type Format, signed, unsigned } from '../../levels/numbers/format.js';
import { integersOf } from '../../levels/numbers/integers.js';
import type { PassContext } from '../../pass.js';
import { type SumOfProductsArithmetic, sumOfProductsOf } from '../../target.js';
import { exponentOf, mantissaOf, nearestWord, wordValue } from './coefficient.js';
import type { RuleScope } from './rule.js';
import { evaluateStatic } from './static.js';

/** Mantissas and exponents of every synapse, by coefficient name. */
export type CoefficientArrays = ReadonlyMap<string, Int32Array>;

/** The same, with one number where all synapses have it. */
export type CoefficientWords = ReadonlyMap<string, number | Int32Array>;

/** What became of the coefficients of a term: how many rounded to zero, how many others are more than a quarter off. */
export interface CoefficientLoss {
  readonly term: FixedTerm;
  readonly lost: number;
  readonly saturated: number;
  readonly of: number;
  readonly rms: number;
}

type WordArithmetic = Pick<SumOfProductsArithmetic, 'mantissaBits' | 'exponentMaximum'>;

/** `coefficientWords`, with an integer for every synapse. */
export function coefficientArrays(
  terms: readonly FixedTerm[],
  parameters: Readonly<Record<string, ParameterValue>>,
  count: number,
  arithmetic: WordArithmetic,
  loss: (loss: CoefficientLoss) => void,
): CoefficientArrays {
  const words = coefficientWords(terms, parameters, count, arithmetic, loss);
  return new Map(
    [...words].map(([name, values]) => [
      name,
      typeof values === 'number' ? new Int32Array(count).fill(values) : values,
    ]),
  );
}

/**
 * Encodes the coefficients of `count` synapses for the engine. Parameters are those of a folded projection: per synapse in
 * synapse order, or scalar.
 */
export function coefficientWords(
  terms: readonly FixedTerm[],
  parameters: Readonly<Record<string, ParameterValue>>,
  count: number,
  arithmetic: WordArithmetic,
  loss: (loss: CoefficientLoss) => void,
): CoefficientWords {
  const words = new Map<string, number | Int32Array>();
  const room = roomOf(terms, count);
  for (const term of terms) {
    const real = evaluateStatic(term.coefficient, parameters);
    if (real === undefined)
      throw new Error(`coefficient ${printExpression(term.coefficient)} is not fixed`);
    loss(
      typeof real === 'number'
        ? encodeOne(term, real, count, arithmetic, words)
        : encodeEach(term, real, arithmetic, words, room),
    );
  }
  return words;
}

/** Gives an integer per synapse time after time, for all words of all terms: one piece of memory, made when it is asked for. */
function roomOf(terms: readonly FixedTerm[], count: number): () => Int32Array {
  const most = terms.reduce((sum, term) => sum + 2 * term.words.length * count, 0);
  let memory: Int32Array | undefined;
  let next = 0;
  return () => {
    memory ??= new Int32Array(most);
    next += count;
    return memory.subarray(next - count, next);
  };
}

/** One coefficient for all synapses. */
function encodeOne(
  term: FixedTerm,
  real: number,
  count: number,
  arithmetic: WordArithmetic,
  words: Map<string, number | Int32Array>,
): CoefficientLoss {
  const wanted = real * term.scale;
  let value = 0;
  for (const { mantissa, exponent } of term.words) {
    const word = nearestWord(wanted - value, arithmetic);
    words.set(mantissa, mantissaOf(word));
    words.set(exponent!, exponentOf(word));
    value += wordValue(word);
  }
  const isLost = value === 0 && wanted !== 0;
  const lost = isLost ? count : 0;
  const saturated = !isLost && isFarOff(wanted, value) ? count : 0;
  const rms = count > 0 ? Math.abs((value - wanted) / term.scale) : 0;
  return { term, lost, saturated, of: count, rms };
}

/** A coefficient per synapse. */
function encodeEach(
  term: FixedTerm,
  reals: Float64Array,
  arithmetic: WordArithmetic,
  words: Map<string, number | Int32Array>,
  room: () => Int32Array,
): CoefficientLoss {
  const count = reals.length;
  const made = term.words.map(({ mantissa, exponent }) => {
    const [mantissas, exponents] = [room(), room()];
    words.set(mantissa, mantissas);
    words.set(exponent!, exponents);
    return { mantissas, exponents };
  });
  let [lost, saturated, squares] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const wanted = reals[k]! * term.scale;
    let value = 0;
    for (const { mantissas, exponents } of made) {
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
  return { term, lost, saturated, of: count, rms: Math.sqrt(squares / Math.max(1, count)) };
}

type Profiles = Pick<FixedRule, 'coefficients' | 'profiles'>;

/** Synapses with equal coefficients share a profile; profiles are numbered as they appear. */
export function shareProfiles(
  words: CoefficientWords,
  count: number,
  formatOf: (name: string) => Format,
): Profiles {
  const varied = [...words.values()].filter((values) => typeof values !== 'number');
  const { profiles, firsts } = distinguish(varied, count);
  const coefficients = [...words].map(([name, values]) => {
    const format = formatOf(name);
    const ofProfiles = firsts.map((k) => (typeof values === 'number' ? values : values[k]!));
    return { name, format, values: integersOf(ofProfiles, format) };
  });
  return { coefficients, profiles };
}

/** Numbers the rows of some columns, equal rows with one number, as they appear; `firsts` is where each first does. */
function distinguish(
  columns: readonly Int32Array[],
  count: number,
): { readonly profiles: Uint32Array; readonly firsts: readonly number[] } {
  const profiles = new Uint32Array(count);
  const firsts: number[] = [];
  if (columns.length === 0) return { profiles, firsts: count > 0 ? [0] : [] };
  // Open addressing: a slot holds the number of a profile plus one, and at least half of the slots stay empty.
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * count + 1)));
  const same = (a: number, b: number): boolean => columns.every((c) => c[a] === c[b]);
  for (let k = 0; k < count; k++) {
    let hash = 0;
    for (const column of columns) hash = Math.imul(hash ^ column[k]!, 0x9e3779b1) ^ (hash >>> 15);
    let slot = (hash ^ (hash >>> 16)) & (slots.length - 1);
    while (slots[slot] !== 0 && !same(firsts[slots[slot]! - 1]!, k)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    if (slots[slot] === 0) slots[slot] = firsts.push(k);
    profiles[k] = slots[slot]! - 1;
  }
  return { profiles, firsts };
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
  const learning = sumOfProductsOf(scope.context.capabilities);
  const { columns, projection } = scope;
  const count = columns.length;
  const words = coefficientWords(terms, projection.parameters, count, learning, (loss) => {
    const name = names[terms.indexOf(loss.term)]!;
    noteCoefficient(scope, name, loss);
    const where = `${projection.name}: of ${loss.of} coefficients of ${name}`;
    const { scale, origin } = loss.term;
    warnOfLoss(scope.context, { ...loss, where }, { step: 1 / scale, span: origin });
  });
  return shareProfiles(words, count, (name) =>
    name.includes('.m') ? signed(learning.mantissaBits, 0) : unsigned(4, 0),
  );
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
  const { mantissaBits, exponentMaximum } = sumOfProductsOf(context.capabilities);
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
