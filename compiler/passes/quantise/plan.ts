import type { Network, Projection } from '../../../src/network/network.js';
import { columnsOf, fanIns, rowStarts } from '../../../src/network/synapses.js';
import { extremesOf } from '../../analysis/extremes.js';
import { type Format, maximumOf, minimumOf } from '../../levels/numbers/format.js';
import type { PassContext } from '../../pass.js';
import { weightFormat } from './formats.js';

/** A projection with what the formats of its neighbours depend on. */
export interface ProjectionPlan {
  readonly projection: Projection;
  readonly columns: Uint32Array;
  readonly rowStart: Uint32Array;
  readonly weight: Format;
  /** Most synapses that end on one neuron. */
  readonly fanIn: number;
}

/** The synapses of a projection, the format of its weights, and its fan-in. */
export function planProjection(
  network: Network,
  projection: Projection,
  context: PassContext,
): ProjectionPlan {
  const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
  const [pre, post] = [sizeOf(projection.pre), sizeOf(projection.post)];
  return {
    projection,
    columns: columnsOf(projection, pre, post),
    rowStart: rowStarts(projection, pre, post),
    weight: weightFormat(context, projection),
    fanIn: Math.max(1, extremesOf(fanIns(projection, pre, post))[1]),
  };
}

/** The largest magnitude of a format. */
export const magnitude = (format: Format): number =>
  Math.max(-minimumOf(format), maximumOf(format));
