import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { type Diagnostic, DiagnosticBag } from '../../compiler/diagnostics/diagnostic.js';
import { TOOL } from '../../compiler/tool.js';
import { compareFields, type FieldDifference } from './canonical.js';
import { type Certificate, fileOf } from './certificate.js';
import type { VerifyResult } from './verify.js';

export interface ReplayInput {
  /** The bytes of the files as they are now. */
  readonly model: Uint8Array;
  readonly program: Uint8Array;
  /** Verifies again as the certificate's drive and options say. */
  readonly repeat: (certificate: Certificate) => VerifyResult;
}

export interface ReplayResult {
  /** Fields of the results that were compared. */
  readonly compared: number;
  /** `left` is what the certificate says, `right` what the repetition found. */
  readonly differences: readonly FieldDifference[];
  /** PL5322 for another version of the tool (a warning), PL5323 where results differ. */
  readonly diagnostics: readonly Diagnostic[];
  readonly ok: boolean;
}

/** The fields that a message lists before it only counts. */
const LISTED = 10;

/**
 * Repeats a certified verification and compares the results field by field.
 *
 * @throws DiagnosticsError PL5321 where the files are not those that were certified; nothing is run then.
 */
export function replay(certificate: Certificate, input: ReplayInput): ReplayResult {
  checkFiles(certificate, input);
  const diagnostics: Diagnostic[] = [];
  if (certificate.tool !== TOOL) {
    const message = `the certificate was made by ${certificate.tool}, this is ${TOOL}`;
    diagnostics.push(diagnostic('PL5322', message));
  }
  const result = input.repeat(certificate);
  const { comparisons, ok } = certificate;
  const { compared, differences } = compareFields(
    { comparisons, ok },
    { comparisons: result.comparisons.map(({ seconds: _, ...rest }) => rest), ok: result.ok },
  );
  if (differences.length > 0) diagnostics.push(report(differences, compared));
  return { compared, differences, diagnostics, ok: differences.length === 0 };
}

function checkFiles(certificate: Certificate, input: ReplayInput): void {
  const bag = new DiagnosticBag();
  for (const kind of ['model', 'program'] as const) {
    const certified = certificate[kind];
    const given = fileOf(input[kind]);
    if (given.sha256 === certified.sha256 && given.bytes === certified.bytes) continue;
    bag.add(
      diagnostic('PL5321', `the ${kind} is not the one that was certified`, {
        notes: [
          `certified: ${certified.bytes} bytes, SHA-256 ${certified.sha256}`,
          `given: ${given.bytes} bytes, SHA-256 ${given.sha256}`,
        ],
      }),
    );
  }
  bag.finish();
}

function report(differences: readonly FieldDifference[], compared: number): Diagnostic {
  const print = (value: FieldDifference['left']): string =>
    value === undefined ? 'nothing' : JSON.stringify(value);
  const notes = differences
    .slice(0, LISTED)
    .map(({ path, left, right }) => `${path}: certified ${print(left)}, repeated ${print(right)}`);
  const rest = differences.length - notes.length;
  return diagnostic('PL5323', `${differences.length} of ${compared} certified fields differ`, {
    notes: rest > 0 ? [...notes, `and ${rest} more`] : notes,
  });
}
