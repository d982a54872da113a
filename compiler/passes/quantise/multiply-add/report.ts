import { extremesOf } from '../../../analysis/extremes.js';
import type { FixedRule, FixedTerm } from '../../../levels/fixed/fixed.js';
import { type Format, printFormat, signed } from '../../../levels/numbers/format.js';
import { lossOf, shareProfiles, warnOfLoss } from '../coefficients.js';
import { evaluateStatic } from '../static.js';
import { plainWords } from './coefficients.js';
import type { RuleScope } from './rule.js';

/**
 * The integers of the coefficients that synapses hold, shared by those with equal ones; a row of the report for each, and a
 * warning where a format does not hold them.
 */
export function profilesOf(
  scope: RuleScope,
  names: readonly string[],
  terms: readonly FixedTerm[],
): Pick<FixedRule, 'coefficients' | 'profiles'> {
  const { context, projection, columns } = scope;
  const format: Format = signed(context.options.coefficientBits, 0);
  const keys = terms.flatMap((t) => t.words.map((w) => w.mantissa));
  const empty = keys.map((name) => ({ name, format, values: new Int32Array(0) }));
  const rule = { terms, coefficients: empty };
  const words = plainWords(rule, projection.parameters, columns.length);
  for (const [i, term] of terms.entries()) {
    const [word] = term.words;
    if (word) noteTerm(scope, names[i]!, term, words.get(word.mantissa)!);
  }
  return shareProfiles(words, columns.length, () => format);
}

function noteTerm(
  { context, projection }: RuleScope,
  name: string,
  { coefficient, scale, origin }: FixedTerm,
  integers: Int32Array,
): void {
  const real = evaluateStatic(coefficient, projection.parameters)!;
  const values = typeof real === 'number' ? Float64Array.of(real) : real;
  const loss = lossOf(values, integers, scale);
  const where = `${projection.name}: of ${loss.of} coefficients of ${name}`;
  warnOfLoss(context, { ...loss, where }, { step: 1 / scale, span: origin });
  let [squares, errors] = [0, 0];
  for (const [k, value] of values.entries()) {
    squares += value * value;
    errors += (integers[k]! / scale - value) ** 2;
  }
  context.format({
    value: `${projection.name} coefficient of ${name}`,
    seen: extremesOf(values),
    proved: null,
    format: printFormat(signed(context.options.coefficientBits, Math.log2(scale))),
    relativeError: squares > 0 ? Math.sqrt(errors / squares) : 0,
    saturations: loss.lost + loss.saturated,
  });
}
