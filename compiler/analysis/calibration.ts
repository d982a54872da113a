import { z } from 'zod';
import { issueText, parseJson } from '../../src/formats/json.js';
import { diagnostic } from '../diagnostics/catalogue.js';
import { fail } from '../diagnostics/diagnostic.js';

const rangeShape = z
  .strictObject({
    /**
     * `variable` and `current` belong to a population, the others to a projection: `weight` after the rule,
     * `synapse` a per-synapse variable, `change` dw. `term` is one product of the canonical rule (or of a
     * per-synapse variable's change), `local` a value that lives within the step (of a neuron or a rule).
     */
    kind: z.enum(['variable', 'current', 'weight', 'synapse', 'change', 'term', 'local']),
    /** The population or projection. */
    owner: z.string(),
    /**
     * The variable; `I` for currents, `w` for weights, `dw` for changes, `w + dw` for weights before normalisation,
     * `TARGET: FACTORS` for terms; `m` of owner `modulator` for the third factor.
     */
    name: z.string(),
    /** Over all samples and over values that were overwritten within a step. */
    minimum: z.number(),
    maximum: z.number(),
    maximumAbsolute: z.number().nonnegative(),
    /** Over the samples: one per neuron or synapse and step. */
    rms: z.number().nonnegative(),
    samples: z.number().int().positive(),
  })
  .refine((r) => r.maximumAbsolute === Math.max(Math.abs(r.minimum), Math.abs(r.maximum)), {
    message: 'maximumAbsolute is not the larger magnitude of minimum and maximum',
    path: ['maximumAbsolute'],
  })
  .refine((r) => r.minimum <= r.maximum, {
    message: 'minimum is above maximum',
    path: ['minimum'],
  });

const provenanceShape = z.strictObject({
  drive: z.string(),
  seed: z.number().int(),
  episodes: z.number().int().positive(),
  steps: z.number().int().positive(),
  /** SHA-256 of the text of the Network. */
  network: z.string(),
});

const calibrationShape = z.strictObject({
  schema: z.literal('plastron-calibration-1'),
  /** What was run, in words: task, episodes, seed. */
  source: z.string(),
  /** The same for machines; absent where nothing was run. */
  provenance: provenanceShape.optional(),
  ranges: z.array(rangeShape),
});

/** What one value did over the rollouts. */
export type CalibrationRange = z.infer<typeof rangeShape>;

/** Ranges of values over rollouts on the reference machine: made by runtime/calibrate, read by the compiler. */
export type Calibration = z.infer<typeof calibrationShape>;

/** Fast access to the ranges of a calibration. */
export interface CalibrationLookup {
  find(kind: CalibrationRange['kind'], owner: string, name: string): CalibrationRange | undefined;
}

export function lookup(calibration: Calibration): CalibrationLookup {
  const byKey = new Map(calibration.ranges.map((r) => [`${r.kind} ${r.owner} ${r.name}`, r]));
  return { find: (kind, owner, name) => byKey.get(`${kind} ${owner} ${name}`) };
}

/** No rollouts: formats then come from declared clips and the target's widths. */
export const NO_CALIBRATION: Calibration = {
  schema: 'plastron-calibration-1',
  source: 'none',
  ranges: [],
};

/** The text of a calibration: JSON, one range a line. */
export function printCalibration(calibration: Calibration): string {
  const { schema, source, provenance, ranges } = calibration;
  const head = JSON.stringify({ schema, source, ...(provenance ? { provenance } : {}) });
  const rows = ranges.map((r) => JSON.stringify(r));
  return `${head.slice(0, -1)},"ranges":[\n${rows.join(',\n')}\n]}\n`;
}

/** Reads a calibration; PL2009 when the text is none. */
export function parseCalibration(text: string, file: string): Calibration {
  const parsed = calibrationShape.safeParse(parseJson(text, file, 'PL2009'));
  if (parsed.success) return parsed.data;
  const why = issueText(parsed.error.issues[0]);
  return fail(diagnostic('PL2009', `\`${file}\` is not a calibration: ${why}`));
}
