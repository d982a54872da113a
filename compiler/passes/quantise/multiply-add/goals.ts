import { convert, integer, type Ranged } from '../../../analysis/ranged.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import { type Format, formatOfRange } from '../../../levels/numbers/format.js';
import { toInteger } from '../../../levels/numbers/rounding.js';
import type { MultiplyAddArithmetic } from '../../../target.js';
import { Emitter } from './emit.js';
import type { Emitted, Goal } from './emitted.js';
import { type Node, operandOf, type Planner } from './plan.js';
import type { Polynomial } from './polynomial.js';

/** A variable in its format. */
export const stored = (format: Format, rounding: 'nearest' | 'floor', origin: Span): Goal => ({
  fraction: format.fraction,
  exact: true,
  finish: (sum) => convert(sum, format, rounding, 'saturate', origin),
  roundingError: (fraction) => 2 ** (-fraction - (rounding === 'floor' ? 0 : 1)),
});

/**
 * A variable of a synapse, rounded stochastically. The draw has `randomBits` bits: what is dropped beyond them is dropped first.
 */
export function learned(format: Format, operation: number, randomBits: number, origin: Span): Goal {
  return {
    fraction: format.fraction,
    exact: true,
    finish: (sum) => {
      const point = format.fraction + randomBits;
      const drawn = sum.e.format.fraction > point ? floored(sum, point, origin) : sum;
      return convert(drawn, format, 'stochastic', 'saturate', origin, operation);
    },
    roundingError: () => 0,
  };
}

function floored(sum: Ranged, fraction: number, origin: Span): Ranged {
  const unit = 2 ** (sum.e.format.fraction - fraction);
  const format = formatOfRange(Math.floor(sum.low / unit), Math.floor(sum.high / unit), fraction);
  return convert(sum, format, 'floor', 'saturate', origin);
}

/**
 * The program of a sum that has the fewest instructions among those whose error is within the tolerance, or within twice the
 * least error of all; of these one whose last instruction multiplies the leaf `last`, which is then rounded once, by the goal.
 */
export function shortest(
  polynomial: Polynomial,
  planner: Planner,
  goal: Goal,
  tolerance: number,
  arithmetic: MultiplyAddArithmetic,
  origin: Span,
  last?: string,
): Emitted {
  const emitter = new Emitter(arithmetic, origin, tolerance);
  const found = planner
    .plans(polynomial)
    .map((node) => ({ ...emitter.root(node, goal), isLast: lastIs(node, last) }));
  const least = Math.min(...found.map((f) => f.error));
  const good = found.filter((f) => f.error <= Math.max(tolerance, 2 * least));
  const fewest = Math.min(...good.map((f) => f.macs));
  const short = good.filter((f) => f.macs === fewest);
  const preferred = short.filter((f) => f.isLast);
  return (preferred.length > 0 ? preferred : short).reduce((best, f) =>
    f.error < best.error ? f : best,
  );
}

/** The constant that a sum is, in a format; undefined where it varies. */
export function constantOf(
  polynomial: Polynomial,
  format: Format,
  origin: Span,
): Ranged | undefined {
  if (polynomial.length === 0) return integer(0, format.fraction, origin);
  const node = operandOf(polynomial);
  if (node?.kind !== 'number') return undefined;
  return integer(toInteger(node.value, format), format.fraction, origin);
}

/** Whether the last instruction multiplies a leaf. */
function lastIs(node: Node, key: string | undefined): boolean {
  if (key === undefined || node.kind !== 'mac') return false;
  return [node.a, node.c].some((o) => o?.kind === 'leaf' && o.leaf.key === key);
}
