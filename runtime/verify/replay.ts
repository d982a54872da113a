import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { TOOL } from '../../compiler/tool.js';
import { compareFields, type FieldDifference } from './canonical.js';
import { type Certificate, type CertifiedFile, checkCertified } from './certificate.js';
import type { Findings } from './verify.js';

export interface ReplayInput {
  /** The files as they are now. */
  readonly model: CertifiedFile;
  readonly program: CertifiedFile;
  /** Verifies again, with the certificate's target, task and options. */
  readonly repeat: (certificate: Certificate) => Findings;
}

export interface ReplayResult {
  /** Fields of the results that were compared. */
  readonly compared: number;
  /** `left` is what the certificate says, `right` what the repetition found. */
  readonly differences: readonly FieldDifference[];
  /** PL5312 for another version of the tool (a warning), PL5313 where results differ. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the repetition found what the certificate says. */
  readonly ok: boolean;
}

/**
 * Repeats a certified verification and compares the results field by field.
 *
 * @throws DiagnosticsError PL5304 where the files are not those that were certified; nothing is run then.
 */
export function replay(certificate: Certificate, input: ReplayInput): ReplayResult {
  checkCertified(certificate, input.model, input.program);
  const diagnostics: Diagnostic[] = [];
  if (certificate.tool !== TOOL) {
    const message = `the certificate was made by ${certificate.tool}, this is ${TOOL}`;
    diagnostics.push(diagnostic('PL5312', message));
  }
  const { comparisons, ok } = input.repeat(certificate);
  const { compared, differences } = compareFields(
    { comparisons: certificate.comparisons, ok: certificate.ok },
    { comparisons, ok },
  );
  if (differences.length > 0) diagnostics.push(report(differences, compared));
  return { compared, differences, diagnostics, ok: differences.length === 0 };
}

/** The fields that a message lists before it only counts. */
const LISTED = 10;

function report(differences: readonly FieldDifference[], compared: number): Diagnostic {
  const notes = differences.slice(0, LISTED).map(describeField);
  const rest = differences.length - notes.length;
  return diagnostic('PL5313', `${differences.length} of ${compared} certified fields differ`, {
    notes: rest > 0 ? [...notes, `and ${rest} more`] : notes,
  });
}

function describeField({ path, left, right }: FieldDifference): string {
  const print = (value: FieldDifference['left']): string =>
    value === undefined ? 'nothing' : JSON.stringify(value);
  return `${path}: certified ${print(left)}, repeated ${print(right)}`;
}
