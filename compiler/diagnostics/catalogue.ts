import type { Diagnostic, DiagnosticPlace, Severity } from './diagnostic.js';

/** One entry of the catalogue: what `plastron explain CODE` prints. */
export interface CatalogueEntry {
  readonly severity: Severity;
  readonly title: string;
  /** What happened and why it is refused, in plain sentences. */
  readonly about: string;
  /** The smallest input that gives it. */
  readonly example: string;
  /** The same input, mended. */
  readonly fix: string;
}

import { encodingEntries } from './catalogue/encoding.js';
/**
 * Every code, by phase: PL1xxx equations, 2xxx numbers, 3xxx mapping, 4xxx encoding, 5xxx running and
 * verifying, 6xxx link. One file per phase in `catalogue/`.
 */
import { equationEntries } from './catalogue/equations.js';
import { linkEntries } from './catalogue/link.js';
import { mappingEntries } from './catalogue/mapping.js';
import { numberEntries } from './catalogue/numbers.js';
import { runningEntries } from './catalogue/running.js';

export const catalogue = {
  ...equationEntries,
  ...numberEntries,
  ...mappingEntries,
  ...encodingEntries,
  ...runningEntries,
  ...linkEntries,
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosticCode = keyof typeof catalogue;

/** Makes a diagnostic of the catalogue's severity. `message` says what is wrong here, in one sentence. */
export function diagnostic(
  code: DiagnosticCode,
  message: string,
  place: DiagnosticPlace = {},
): Diagnostic {
  const { span, source, notes = [], help } = place;
  return {
    code,
    severity: catalogue[code].severity,
    message,
    notes,
    ...(span ? { span } : {}),
    ...(source !== undefined ? { source } : {}),
    ...(help !== undefined ? { help } : {}),
  };
}
