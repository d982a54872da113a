import { type MicroKernel, type MicroOperation, operandsOf } from '../../levels/micro/micro.js';
import { type Format, maximumOf, rangeOfFormat, signed } from '../../levels/numbers/format.js';
import { shiftFields } from './integer-kernel.js';
import { signedWidth } from './integer-value.js';
import { narrowKernel } from './narrow.js';

/** What a rule reads of the coefficients of a synapse: `mantissa · 2^exponent`, each 1 where there is none, saturated to a format. */
export interface LaneCoefficient {
  readonly mantissa: string | undefined;
  readonly exponent: string | undefined;
  readonly format: Format;
}

/** A rule as lanes run it, and what its loads of coefficients stand for. */
export interface FittedRule {
  readonly kernel: MicroKernel;
  readonly coefficients: ReadonlyMap<string, LaneCoefficient>;
}

/** Fits a rule to the formats of its coefficients and of the other fields: coefficients can be of any value, member by member. */
export function fitLaneRule(
  kernel: MicroKernel,
  formats: ReadonlyMap<string, Format>,
  formatOf: (field: string) => Format,
): FittedRule {
  const products = new Map<string, readonly [mantissa: string, exponent: string]>();
  const narrow = narrowKernel(kernel, {
    field: (name) => {
      const product = products.get(name);
      if (!product) return rangeOfFormat(formats.get(name) ?? formatOf(name));
      const [low, high] = rangeOfFormat(formats.get(product[0])!);
      const power = 2 ** maximumOf(formats.get(product[1])!);
      return [low * power, high * power];
    },
    scaled: (mantissa, exponent) => {
      const [m, e] = [formats.get(mantissa), formats.get(exponent)];
      if (!m || !e || signedWidth(m) + maximumOf(e) > 32) return undefined;
      const name = `${mantissa}<<${exponent}`;
      products.set(name, [mantissa, exponent]);
      return name;
    },
  });
  const rule = loadLimited(narrow.kernel, new Set(products.keys()));
  const powers = shiftFields(rule);
  const coefficients = new Map<string, LaneCoefficient>();
  for (const o of rule.operations) {
    if (o.kind !== 'load') continue;
    const { field } = o;
    const power = powers.has(field);
    const plain = power ? [undefined, field] : [field, undefined];
    const [mantissa, exponent] = products.get(productOf(field)) ?? plain;
    if (!formats.has((mantissa ?? exponent)!)) continue;
    coefficients.set(field, { mantissa, exponent, format: power ? signed(32, 0) : o.format });
  }
  return { kernel: rule, coefficients };
}

/**
 * The same kernel, where products of coefficients that are only limited are limited in memory: their loads have another name and
 * the format of the limit.
 */
function loadLimited(kernel: MicroKernel, products: ReadonlySet<string>): MicroKernel {
  const { operations } = kernel;
  const limits = new Map<number, MicroOperation & { kind: 'limit' }>();
  for (const o of operations) {
    if (o.kind !== 'limit' || o.overflow !== 'saturate') continue;
    const loaded = operations[o.operand]!;
    const users = operations.filter((user) => operandsOf(user).includes(o.operand));
    if (loaded.kind !== 'load' || !products.has(loaded.field) || users.length > 1) continue;
    limits.set(o.operand, o);
  }
  return {
    ...kernel,
    operations: operations.map((o, index) => {
      const limit = limits.get(index);
      if (o.kind !== 'load' || !limit) return o;
      const { format } = limit;
      return {
        ...o,
        field: `${o.field}${LIMITED}${format.signed ? 's' : 'u'}${format.width}`,
        format,
      };
    }),
  };
}

const LIMITED = ' to ';
/** The name of a product, limited or not. */
const productOf = (field: string): string => field.split(LIMITED)[0]!;
