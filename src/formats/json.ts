import { type DiagnosticCode, diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail, lineOf } from '../../compiler/diagnostics/diagnostic.js';
import { jsonFault } from './json-fault.js';

/**
 * What a text in JSON says; `file` is named in messages.
 *
 * @throws DiagnosticsError `code` with the place where the text stops being JSON.
 */
export function parseJson(text: string, file: string, code: DiagnosticCode): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const at = jsonFault(text) ?? text.length;
    const before = text.slice(0, at).split('\n');
    const span = { file, line: before.length, column: before.at(-1)!.length + 1, length: 1 };
    const what = at === text.length ? 'it ends here' : `\`${text[at]}\` stands here`;
    const source = lineOf(text, span);
    return fail(diagnostic(code, `\`${file}\` is not JSON: ${what}`, { span, source }));
  }
}

/** What a schema found wrong in a text that is JSON: the path of the field, and the fault in plain words. */
export function issueText(issue: { path: PropertyKey[]; message: string } | undefined): string {
  if (!issue) return 'it is of another form';
  const { path, message } = issue;
  const plain = message
    .replace(/^Invalid input: expected .*, received undefined$/, 'missing')
    .replace(/^Invalid input: /, '');
  return path.length === 0 ? plain : `${path.join('.')}: ${plain}`;
}
