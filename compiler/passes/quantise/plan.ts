import type { Network, Projection } from '../../../src/network/network.js';
import { columnsOf, fanIns, rowStarts } from '../../../src/network/synapses.js';
import { extremesOf } from '../../analysis/extremes.js';
import type { FixedField } from '../../levels/fixed/fixed.js';
import { type Format, maximumOf, minimumOf } from '../../levels/numbers/format.js';
import { realsIn } from '../../levels/numbers/integers.js';
import { toInteger } from '../../levels/numbers/rounding.js';

/** A projection with what the formats of its neighbours depend on. */
export interface ProjectionPlan {
  readonly projection: Projection;
  readonly columns: Uint32Array;
  readonly rowStart: Uint32Array;
  readonly weight: Format;
  /** Most synapses that end on one neuron. */
  readonly fanIn: number;
}

/** The synapses of a projection and its fan-in, for weights of a format. */
export function planProjection(
  network: Network,
  projection: Projection,
  weight: Format,
): ProjectionPlan {
  const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
  const [pre, post] = [sizeOf(projection.pre), sizeOf(projection.post)];
  return {
    projection,
    columns: columnsOf(projection, pre, post),
    rowStart: rowStarts(projection, pre, post),
    weight,
    fanIn: Math.max(1, extremesOf(fanIns(projection, pre, post))[1]),
  };
}

/** The largest magnitude of a format. */
export const magnitude = (format: Format): number =>
  Math.max(-minimumOf(format), maximumOf(format));

/** The field of the weights of a projection. */
export function weightField(projection: Projection, format: Format): FixedField {
  const { initialWeights } = projection;
  const initial =
    typeof initialWeights === 'number'
      ? toInteger(initialWeights, format)
      : realsIn(initialWeights, format);
  return { name: 'weight', role: 'variable', format, initial, symbol: undefined };
}
