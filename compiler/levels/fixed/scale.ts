import type { Scale } from '../numbers/scale.js';
import type { FixedNetwork } from './fixed.js';

/** A part of a scale, in the order in which machines hold the two. */
export const SCALE_PARTS = ['mantissa', 'exponent'] as const satisfies readonly (keyof Scale)[];
export type ScalePart = (typeof SCALE_PARTS)[number];

/** What an expression reads of a scale: rules name no projection, theirs is the one. */
export interface ScaleRead {
  readonly part: ScalePart;
  readonly projection: string | undefined;
}

/** The field by which a rule (no projection) or a neuron reads a part of a scale. */
export const scaleField = (part: ScalePart, projection?: string): string =>
  `scale.${part}${projection === undefined ? '' : `:${projection}`}`;

/** What a field reads of a scale; undefined where it is another field. */
export function scaleRead(field: string): ScaleRead | undefined {
  const part = SCALE_PARTS.find((p) => {
    const own = scaleField(p);
    return field === own || field.startsWith(`${own}:`);
  });
  if (part === undefined) return undefined;
  const own = scaleField(part);
  return { part, projection: field === own ? undefined : field.slice(own.length + 1) };
}

/** Which projection is normalised lazily, as a reason for refusing a network; undefined where none is. */
export function lazyProjection({ projections }: FixedNetwork): string | undefined {
  const lazy = projections.find((p) => p.scale !== undefined);
  return lazy && `${lazy.name} is normalised lazily`;
}
