import { z } from 'zod';
import { diagnostic } from '../diagnostics/catalogue.js';
import { fail } from '../diagnostics/diagnostic.js';

const rangeShape = z.object({
  kind: z.enum(['variable', 'weight', 'synapse']),
  /** The population or projection. */
  owner: z.string(),
  /** The variable; `w` for weights; `m` of owner `modulator` for the third factor. */
  name: z.string(),
  minimum: z.number(),
  maximum: z.number(),
  rms: z.number().nonnegative(),
  samples: z.number().int().positive(),
});

const calibrationShape = z.object({
  schema: z.literal('plastron-calibration-1'),
  /** What was run: task, episodes, seeds. */
  source: z.string(),
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
export function printCalibration({ schema, source, ranges }: Calibration): string {
  const rows = ranges.map((r) => JSON.stringify(r));
  return `{"schema":${JSON.stringify(schema)},"source":${JSON.stringify(source)},"ranges":[\n${rows.join(',\n')}\n]}\n`;
}

/** Reads a calibration; PL2009 when the text is none. */
export function parseCalibration(text: string, file: string): Calibration {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(
      diagnostic('PL2009', `${file} is no JSON: ${error instanceof Error ? error.message : ''}`),
    );
  }
  const parsed = calibrationShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return fail(diagnostic('PL2009', `${file}: ${issue?.path.join('.')}: ${issue?.message}`));
}
