import {
  type MicroAction,
  type MicroKernel,
  type MicroOperation,
  operandsOf,
} from '../../levels/micro/micro.js';
import {
  maximumOf,
  minimumOf,
  type Range,
  rangeOfFormat,
  unsigned,
} from '../../levels/numbers/format.js';
import { narrowKernel } from './narrow.js';

/** Where a field of a rule comes from. */
export type FieldSide = 'pre' | 'post' | 'synapse' | 'scalar';

/**
 * When a rule leaves a synapse as it is: when of every product one factor is 0. Both kernels store `bits`: bit p is 1 where the
 * factors of product p that depend on that side alone are not 0. A synapse whose sides have no bit in common stays as it is,
 * once it has been brought into the rule's bounds.
 */
export interface Quiet {
  readonly pre: MicroKernel;
  readonly post: MicroKernel;
}

/** Products of a rule that bits of a byte can tell apart. */
const MOST_PRODUCTS = 7;

/**
 * Finds it in the algebra of a rule whose variables are sums of products, rounded: w ← round(w · 2^b + Σ products, b), then
 * bounds. Undefined for other rules, and for those with a product that no factor of a neuron can make 0.
 */
export function quietOf(rule: MicroKernel, side: (field: string) => FieldSide): Quiet | undefined {
  const products = new Quieting(rule.operations, side).find();
  if (!products) return undefined;
  return {
    pre: bitsKernel(
      rule,
      products.map(({ row }) => row),
    ),
    post: bitsKernel(
      rule,
      products.map(({ vector }) => vector),
    ),
  };
}

/** Bit p of `bits`: whether none of the factors of product p is 0. */
function bitsKernel(rule: MicroKernel, products: readonly (readonly number[])[]): MicroKernel {
  const { origin } = rule.operations[0]!;
  const made: MicroOperation[] = rule.operations.map((o) =>
    o.kind === 'store' ? { kind: 'constant', value: 0, format: unsigned(1, 0), origin } : o,
  );
  const add = (o: MicroAction, bits: number): number =>
    made.push({ ...o, format: unsigned(bits, 0), origin }) - 1;
  const right = add({ kind: 'constant', value: 0 }, 1);
  let sum = right;
  for (const [p, factors] of products.entries()) {
    const one = add({ kind: 'constant', value: 1 }, 1);
    const all = factors.reduce((left, factor) => {
      const differs = add({ kind: 'compare', operator: '!=', left: factor, right }, 1);
      return add({ kind: 'and', left, right: differs }, 1);
    }, one);
    const shift = { kind: 'shift', bits: -p, rounding: 'floor', operation: 0 } as const;
    const bit = p === 0 ? all : add({ ...shift, operand: all }, p + 1);
    sum = add({ kind: 'add', left: sum, right: bit }, p + 1);
  }
  add({ kind: 'store', field: 'bits', value: sum }, MOST_PRODUCTS);
  const formats = new Map(made.flatMap((o) => (o.kind === 'load' ? [[o.field, o.format]] : [])));
  const field = (name: string): Range => rangeOfFormat(formats.get(name)!);
  return narrowKernel({ ...rule, kind: 'neuron', operations: made }, { field }).kernel;
}

/** Factors of a product by the side that they depend on; those of the synapse itself do not count. */
interface Factors {
  readonly row: readonly number[];
  readonly vector: readonly number[];
}

class Quieting {
  private readonly summands: number[] = [];

  constructor(
    private readonly operations: readonly MicroOperation[],
    private readonly side: (field: string) => FieldSide,
  ) {}

  find(): readonly Factors[] | undefined {
    for (const o of this.operations) {
      if (o.kind === 'store' && !this.variable(o.field, o.value)) return undefined;
    }
    const products = this.summands.map((index) => {
      const factors = this.factors(index);
      return {
        row: factors.filter((f) => this.reach(f) === 'row'),
        vector: factors.filter((f) => this.reach(f) === 'vector'),
      };
    });
    if (this.countsBeside()) return undefined;
    const all = products.every(({ row, vector }) => row.length + vector.length > 0);
    return all && products.length > 0 && products.length <= MOST_PRODUCTS ? products : undefined;
  }

  /** Whether a limit is there whose value no store needs: it may be counted. */
  private countsBeside(): boolean {
    const needed = new Set<number>();
    for (let index = this.operations.length - 1; index >= 0; index--) {
      const o = this.operations[index]!;
      if (o.kind === 'store') needed.add(index);
      if (needed.has(index)) for (const operand of operandsOf(o)) needed.add(operand);
    }
    return this.operations.some((o, index) => o.kind === 'limit' && !needed.has(index));
  }

  /** Whether a stored value is the variable itself once all summands are 0; collects the summands. */
  private variable(field: string, stored: number): boolean {
    let o = this.at(stored);
    for (;;) {
      if (o.kind === 'minimum' || o.kind === 'maximum') {
        const bound = this.at(o.right);
        if (bound.kind !== 'constant') return false;
        o = this.at(o.left);
      } else if (o.kind === 'limit' && o.overflow === 'saturate') o = this.at(o.operand);
      else break;
    }
    if (o.kind === 'add') return this.rounded(o, field);
    if (o.kind !== 'shift' || o.rounding !== 'stochastic') return false;
    const { bits } = o;
    let sum = this.at(o.operand);
    const limits: MicroOperation[] = [];
    for (;;) {
      if (sum.kind === 'limit' && sum.overflow === 'saturate') {
        limits.push(sum);
        sum = this.at(sum.operand);
      } else if (sum.kind === 'add') {
        this.summands.push(sum.right);
        sum = this.at(sum.left);
      } else break;
    }
    const { format } = sum;
    const inside = limits.every(
      (l) => minimumOf(format) >= minimumOf(l.format) && maximumOf(format) <= maximumOf(l.format),
    );
    if (sum.kind !== 'shift' || sum.bits !== -bits || !inside) return false;
    const base = this.at(sum.operand);
    return base.kind === 'load' && base.field === field;
  }

  /** A sum that was cut before it was made: the variable and a rounded product. */
  private rounded(
    { left, right }: { readonly left: number; readonly right: number },
    field: string,
  ): boolean {
    const [base, rest] = [this.at(left), this.at(right)];
    if (base.kind !== 'load' || base.field !== field) return false;
    if (rest.kind !== 'shift' || rest.rounding !== 'stochastic') return false;
    this.summands.push(rest.operand);
    return true;
  }

  /** Operations of which each makes the value 0 when it is 0. */
  private factors(index: number): number[] {
    const o = this.at(index);
    switch (o.kind) {
      case 'multiply':
        return [...this.factors(o.left), ...this.factors(o.right)];
      case 'shift':
        return o.rounding === 'floor' ? this.factors(o.operand) : [];
      case 'limit':
        return o.overflow === 'saturate' ? this.factors(o.operand) : [];
      case 'shift-left':
        return this.factors(o.operand);
      case 'constant':
        return [];
      default:
        return [index];
    }
  }

  /** What a value depends on; undefined where it depends on the synapse. */
  private reach(index: number): 'row' | 'vector' | undefined {
    const o = this.at(index);
    if (o.kind === 'load') {
      const side = this.side(o.field);
      if (side === 'synapse') return undefined;
      return side === 'post' ? 'vector' : 'row';
    }
    const parts = operandsOf(o).map((operand) => this.reach(operand));
    if (parts.includes(undefined)) return undefined;
    return parts.includes('vector') ? 'vector' : 'row';
  }

  private at(index: number): MicroOperation {
    return this.operations[index]!;
  }
}
