import { z } from 'zod';

const sideShape = z.strictObject({
  /** A number, or the word of one that JSON cannot hold. */
  real: z.union([z.number(), z.string()]),
  /** The integer behind it; null on a real-valued machine. */
  integer: z.number().int().nullable(),
});

const spanShape = z.strictObject({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  length: z.number().int(),
});

const explanationShape = z.strictObject({
  /** The instruction that wrote the value, as the target prints it. */
  instruction: z.string().optional(),
  /** The equation that the value comes from. */
  span: spanShape.optional(),
});

const differenceShape = z.strictObject({
  episode: z.number().int(),
  /** Step within the episode; −1 right after the reset. */
  step: z.number().int(),
  /** `weight of a->b`, `output action`. */
  place: z.string(),
  /** Neuron or synapse. */
  index: z.number().int(),
  left: sideShape,
  right: sideShape,
  explanation: explanationShape.nullable(),
  /** Further places with differences in the same step, with how many values differ. */
  also: z.array(z.strictObject({ place: z.string(), count: z.number().int() })),
});

const errorShape = z.strictObject({
  /** Weights compared, over the steps in which they changed. */
  samples: z.number().int(),
  max: z.number(),
  rms: z.number(),
  /** The same in steps of the weight's format; null where there is none. */
  maxLsb: z.number().nullable(),
  rmsLsb: z.number().nullable(),
  /** rms divided by the rms of the reference's weights, and of their change; null where that is 0. */
  relative: z.number().nullable(),
  relativeToChange: z.number().nullable(),
});

const projectionErrorShape = errorShape.extend({ projection: z.string() });

const driftPointShape = z.strictObject({
  /** Steps done in the episode. */
  step: z.number().int(),
  rms: z.number(),
  weights: z.array(
    z.strictObject({ projection: z.string(), rms: z.number(), rmsLsb: z.number().nullable() }),
  ),
  /** Of the neurons that spiked on either machine since the last point, the share that did on both, with one sign; null without spikes. */
  spikeAgreement: z.number().nullable(),
});

const scoreShape = z.strictObject({
  /** Mean scores. */
  left: z.number(),
  right: z.number(),
  /** Mean of right − left over the pairs. */
  difference: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  confidence: z.number(),
  pairs: z.number().int(),
});

const boundShape = z.strictObject({
  name: z.string(),
  limit: z.number(),
  /** What is compared with the limit; null where it could not be measured. */
  value: z.number().nullable(),
  holds: z.boolean(),
});

/** One link of `plastron verify`: what its JSON and its certificate say about two machines, without the time it took. */
export const comparisonShape = z.strictObject({
  left: z.string(),
  right: z.string(),
  kind: z.enum(['exact', 'bounded']),
  steps: z.number().int(),
  episodes: z.number().int(),
  compared: z.number().int(),
  differences: z.number().int(),
  firstDifference: differenceShape.nullable(),
  onlyLeft: z.array(z.string()),
  onlyRight: z.array(z.string()),
  ruleError: z
    .strictObject({
      oneStep: errorShape.extend({ projections: z.array(projectionErrorShape) }),
      drift: z.strictObject({ rms: z.number(), points: z.array(driftPointShape) }),
    })
    .nullable(),
  score: scoreShape.nullable(),
  bounds: z.array(boundShape),
});

export type SideValue = z.infer<typeof sideShape>;
/** Where a value comes from. */
export type Explanation = z.infer<typeof explanationShape>;
/** The first place, in causal order, at which two machines differ. */
export type FirstDifference = Readonly<z.infer<typeof differenceShape>>;
/** How far weights are apart. */
export type WeightError = z.infer<typeof errorShape>;
export type ProjectionError = z.infer<typeof projectionErrorShape>;
export type DriftPoint = z.infer<typeof driftPointShape>;
export type ScoreDifference = z.infer<typeof scoreShape>;
/** A bound of the user with what was measured. */
export type BoundResult = z.infer<typeof boundShape>;
export type Comparison = z.infer<typeof comparisonShape>;
