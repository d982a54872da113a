import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';

/** What a call fails with: code, message, and `line:column` where there is a place. */
export function failureOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.map(({ code, message, span }) =>
      span ? `${code} ${span.line}:${span.column} ${message}` : `${code} ${message}`,
    );
  }
  return [];
}
