import { type MicroKernel, type MicroOperation, operandsOf } from '../../levels/micro/micro.js';
import { maximumOf, minimumOf } from '../../levels/numbers/format.js';

/** Where a field of a rule comes from. */
export type FieldSide = 'pre' | 'post' | 'synapse' | 'scalar';

/**
 * When a rule leaves a synapse as it is: when of every product one factor is 0. Factors are numbers of operations; `row` has
 * those that depend on the presynaptic side alone, `vector` those that need the postsynaptic one.
 */
export interface Quiet {
  readonly products: readonly {
    readonly row: readonly number[];
    readonly vector: readonly number[];
  }[];
  /** Whether that holds only for weights that have been brought into their bounds before. */
  readonly bounded: boolean;
}

/**
 * Finds it in the algebra of a rule whose variables are sums of products, rounded: w ← round(w · 2^b + Σ products, b), then
 * bounds. Undefined for other rules, and for those with a product that no factor of a neuron can make 0.
 */
export function quietOf(
  { operations }: MicroKernel,
  side: (field: string) => FieldSide,
): Quiet | undefined {
  return new Quieting(operations, side).find();
}

class Quieting {
  private bounded = false;
  private readonly summands: number[] = [];

  constructor(
    private readonly operations: readonly MicroOperation[],
    private readonly side: (field: string) => FieldSide,
  ) {}

  find(): Quiet | undefined {
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
    const all = products.every(({ row, vector }) => row.length + vector.length > 0);
    return all && products.length > 0 ? { products, bounded: this.bounded } : undefined;
  }

  /** Whether a stored value is the variable itself once all summands are 0; collects the summands. */
  private variable(field: string, stored: number): boolean {
    let o = this.at(stored);
    for (;;) {
      if (o.kind === 'minimum' || o.kind === 'maximum') {
        const bound = this.at(o.right);
        if (bound.kind !== 'constant') return false;
        this.bounded = true;
        o = this.at(o.left);
      } else if (o.kind === 'limit' && o.overflow === 'saturate') o = this.at(o.operand);
      else break;
    }
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
