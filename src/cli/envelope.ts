import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';

/** A diagnostic as JSON says it; what it has no value for is null. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly notes: readonly string[];
  readonly help: string | null;
}

/** The one object that a command prints under --json; the fields of the command stand beside these. */
export interface Envelope {
  readonly schema: 'plastron-cli-1';
  /** Null when the command line names no command. */
  readonly command: string | null;
  readonly ok: boolean;
  readonly diagnostics: readonly JsonDiagnostic[];
}

/** A diagnostic for JSON. */
export function toJson({ code, severity, message, span, notes, help }: Diagnostic): JsonDiagnostic {
  return {
    code,
    severity,
    message,
    file: span?.file ?? null,
    line: span?.line ?? null,
    column: span?.column ?? null,
    notes,
    help: help ?? null,
  };
}

/** The line of JSON that a command prints. Numbers that JSON cannot hold become null. */
export function printEnvelope(
  command: string | null,
  ok: boolean,
  diagnostics: readonly JsonDiagnostic[],
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const envelope: Envelope = { schema: 'plastron-cli-1', command, ok, diagnostics };
  return `${JSON.stringify({ ...envelope, ...fields })}\n`;
}
