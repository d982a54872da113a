import { printExpression } from '../../../src/equations/print.js';
import type { ParameterValue } from '../../../src/network/network.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import type { FixedRule, FixedTerm } from '../../levels/fixed/fixed.js';
import { signed, unsigned } from '../../levels/numbers/format.js';
import type { SumOfProductsArithmetic } from '../../target.js';
import { encodeCoefficient } from './coefficient.js';
import type { RuleScope } from './rule.js';
import { evaluateStatic, expandParameters } from './static.js';

/** Mantissas and exponents of every synapse, by coefficient name. */
export type CoefficientArrays = ReadonlyMap<string, Int32Array>;

/** Reports what became of a coefficient: told per term of the sizes that rounded to zero or saturated. */
export interface CoefficientLoss {
  readonly term: FixedTerm;
  readonly lost: number;
  readonly saturated: number;
  readonly of: number;
  readonly rms: number;
}

/**
 * Encodes the coefficients of every synapse for the engine. Parameters are those of the projection (per synapse in
 * synapse order, per postsynaptic neuron, or scalar); `columns` gives the postsynaptic neuron of each synapse.
 */
export function coefficientArrays(
  terms: readonly FixedTerm[],
  parameters: Readonly<Record<string, ParameterValue>>,
  columns: ArrayLike<number>,
  arithmetic: Pick<SumOfProductsArithmetic, 'mantissaBits' | 'exponentMaximum'>,
  loss: (loss: CoefficientLoss) => void,
): CoefficientArrays {
  const arrays = new Map<string, Int32Array>();
  const count = columns.length;
  const expanded = expandParameters(parameters, columns);
  for (const term of terms) {
    const real = evaluateStatic(term.coefficient, expanded);
    if (real === undefined)
      throw new Error(`coefficient ${printExpression(term.coefficient)} is not fixed`);
    for (const word of term.words) {
      arrays.set(word.mantissa, new Int32Array(count));
      arrays.set(word.exponent, new Int32Array(count));
    }
    let lost = 0;
    let saturated = 0;
    let squares = 0;
    for (let k = 0; k < count; k++) {
      const wanted = (typeof real === 'number' ? real : real[k]!) * term.scale;
      const encoded = encodeCoefficient(wanted, term.words.length, arithmetic);
      for (const [i, word] of term.words.entries()) {
        arrays.get(word.mantissa)![k] = encoded.mantissas[i]!;
        arrays.get(word.exponent)![k] = encoded.exponents[i]!;
      }
      if (encoded.value === 0 && wanted !== 0) lost++;
      if (Math.abs(encoded.value - wanted) > Math.max(1, Math.abs(wanted)) / 4) saturated++;
      squares += ((encoded.value - wanted) / term.scale) ** 2;
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
  const seen = new Map<string, number>();
  const rows: number[] = [];
  const profiles = Array.from({ length: count }, (_, k) => {
    const key = names.map((n) => arrays.get(n)![k]).join(',');
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, seen.size);
    rows.push(k);
    return seen.size - 1;
  });
  const coefficients = names.map((name) => ({
    name,
    format: name.includes('.m') ? signed(mantissaBits, 0) : unsigned(4, 0),
    values: rows.map((k) => arrays.get(name)![k]!),
  }));
  return { coefficients, profiles };
}

/** The profiles of a rule being quantised, with a diagnostic for every coefficient that the engine cannot hold. */
export function encodeCoefficients(scope: RuleScope, terms: readonly FixedTerm[]): Profiles {
  const { learning } = scope.context.capabilities;
  const columns = scope.columns;
  const arrays = coefficientArrays(terms, scope.projection.parameters, columns, learning, (l) => {
    const name = printExpression(l.term.coefficient);
    const where = { span: l.term.origin };
    if (l.lost > 0) {
      const message = `${l.lost} of ${l.of} coefficients ${name} of ${scope.projection.name} round to zero: the engine's least step is ${1 / l.term.scale}`;
      scope.context.report(diagnostic('PL2005', message, where));
    }
    if (l.saturated > 0) {
      const message = `${l.saturated} of ${l.of} coefficients ${name} of ${scope.projection.name} are more than a quarter off or beyond the engine's range`;
      scope.context.report(diagnostic('PL2006', message, where));
    }
  });
  return shareProfiles(arrays, columns.length, learning.mantissaBits);
}
