import type { Network, Projection } from '../../../src/network/network.js';
import { columnsOf, rowStarts } from '../../../src/network/synapses.js';
import { extremesOf } from '../../analysis/extremes.js';
import { type Format, maximumOf, minimumOf } from '../../levels/numbers/format.js';
import type { PassContext } from '../../pass.js';
import { weightFormat } from './formats.js';

/** A projection with what the formats of its neighbours depend on. */
export interface ProjectionPlan {
  readonly projection: Projection;
  readonly columns: readonly number[];
  readonly rowStart: readonly number[];
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
  const columns = Array.from(columnsOf(projection, pre, post));
  const rowStart = Array.from(rowStarts(projection, pre, post));
  const perPost = new Array<number>(post).fill(0);
  for (const column of columns) perPost[column]!++;
  const weight = weightFormat(context, projection);
  return { projection, columns, rowStart, weight, fanIn: Math.max(1, extremesOf(perPost)[1]) };
}

/** The largest magnitude of a format. */
export const magnitude = (format: Format): number =>
  Math.max(-minimumOf(format), maximumOf(format));
