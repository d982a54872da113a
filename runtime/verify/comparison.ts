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
  /** The format of the left integer. */
  format: z.string().nullable(),
  /** Instruction and equation in words, and the equation's place, where the caller can tell. */
  cause: z.string().nullable(),
  span: spanShape.nullable(),
  /** Further places with differences in the same step, with how many values differ. */
  also: z.array(z.strictObject({ place: z.string(), count: z.number().int() })),
});

const ruleErrorShape = z.strictObject({
  projection: z.string(),
  /** Of the weight after the step: in weight units, and in least steps of its format (1 where it has none). */
  max: z.number(),
  rms: z.number(),
  maxSteps: z.number(),
  rmsSteps: z.number(),
  /** rms divided by the rms of the reference's Δw; 0 where nothing changed. */
  relative: z.number(),
  /** rms divided by the rms of the reference's weights; 0 where all are 0. */
  relativeToWeight: z.number(),
  /** Weights compared, over the steps in which the projection learned. */
  compared: z.number().int(),
});

const termErrorShape = z.strictObject({
  projection: z.string(),
  /** `TARGET: FACTORS` of one product of the canonical rule, as in `w: x * y`. */
  term: z.string(),
  /** Of what the product adds: in units of its target, and in least steps of its format. */
  max: z.number(),
  rms: z.number(),
  maxSteps: z.number(),
  rmsSteps: z.number(),
  /** rms divided by the rms of the real product; 0 where that is 0. */
  relative: z.number(),
  compared: z.number().int(),
});

const driftPointShape = z.strictObject({
  /** Steps done in the episode. */
  step: z.number().int(),
  /** RMS of right − left over all weights, and for each projection. */
  weights: z.number(),
  projections: z.array(z.strictObject({ projection: z.string(), weights: z.number() })),
  /** Of the neurons that spiked on either machine since the last point, the share that did on both, with one sign. */
  spikes: z.number().nullable(),
});

const scoreShape = z.strictObject({
  /** Mean scores. */
  left: z.number(),
  right: z.number(),
  /** right − left. */
  difference: z.number(),
  /** 95 % bootstrap interval of the difference. */
  interval: z.tuple([z.number(), z.number()]),
  seeds: z.number().int(),
});

/** One link of a verification: what the command line's JSON and certificates say about two machines. */
export const comparisonShape = z.strictObject({
  left: z.string(),
  right: z.string(),
  kind: z.enum(['exact', 'bounded']),
  steps: z.number().int(),
  /** Values compared. */
  compared: z.number().int(),
  /** Cycles whose writes were compared, with the cycle of each; null where machines have no common clock. */
  cycles: z.number().int().nullable(),
  /** Values that differ; 0 for bounded comparisons, which `broken` judges. */
  differences: z.number().int(),
  firstDifference: differenceShape.nullable(),
  /** State that only one machine shows and that was therefore not compared. */
  onlyLeft: z.array(z.string()),
  onlyRight: z.array(z.string()),
  ruleError: z
    .strictObject({
      oneStep: z.array(ruleErrorShape),
      terms: z.array(termErrorShape),
      drift: z.array(driftPointShape),
    })
    .nullable(),
  score: scoreShape.nullable(),
  /** Bounds of the user that this comparison passed. */
  broken: z.array(z.string()),
});

export type SideValue = z.infer<typeof sideShape>;
/** Where two machines part: the first place, in causal order, of the first step that differs. */
export type Difference = z.infer<typeof differenceShape>;
/** How far one step of the integer rule is from the real rule, from the same state. */
export type ProjectionRuleError = z.infer<typeof ruleErrorShape>;
/** How far one product of a rule is from its real value, from the same state. */
export type TermRuleError = z.infer<typeof termErrorShape>;
/** How far free-running machines have parted. */
export type DriftPoint = z.infer<typeof driftPointShape>;
/** Task scores of two machines over the same seeds. */
export type ScoreComparison = z.infer<typeof scoreShape>;
export type Comparison = z.infer<typeof comparisonShape>;
