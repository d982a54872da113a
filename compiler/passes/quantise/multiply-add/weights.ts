import type { Projection } from '../../../../src/network/network.js';
import { largestMagnitude } from '../../../analysis/extremes.js';
import { type Format, signed } from '../../../levels/numbers/format.js';
import type { ScaleKind } from '../../../levels/numbers/scale.js';
import type { PassContext } from '../../../pass.js';
import { largestSeen, weightFormat, wholeBits } from '../formats.js';
import { clipOf } from '../rule.js';

/** How the weights of a projection are normalised lazily, if they are. */
export function lazyKind({ rule }: Projection): ScaleKind | undefined {
  for (const { kind } of rule?.normalizations ?? [])
    if (kind === 'max' || kind === 'pow2') return kind;
  return undefined;
}

/**
 * Weights: as ever; under a scale, stored weights W′ lie beyond 1 by as much as one step of learning adds, and no room is left
 * above what was seen of that: a bit more for W′ is a bit less for every weight, and saturations are counted.
 */
export function weightFormatOf(context: PassContext, projection: Projection): Format {
  if (!lazyKind(projection)) return weightFormat(context, projection);
  const { weightBits } = context.options;
  return signed(weightBits, weightBits - 1 - wholeBits(weightBound(context, projection)));
}

/** The largest magnitude of the weights of a projection that formats count on. */
export function weightBound(context: PassContext, projection: Projection): number {
  const { initialWeights, name, rule } = projection;
  const initial = largestMagnitude(
    typeof initialWeights === 'number' ? [initialWeights] : initialWeights,
  );
  if (lazyKind(projection)) {
    return Math.max(initial, 1 + largestSeen(context, 'change', name, 'dw', 1));
  }
  const clip = rule && clipOf(rule);
  const seen = rule ? largestSeen(context, 'weight', name, 'w', 1) : 0;
  const bound = clip ? Math.max(Math.abs(clip.low), Math.abs(clip.high)) : seen;
  return Math.max(initial, bound) || 1;
}
