import type { Diagnostic, Severity, Span } from './diagnostic.js';

/** How parts of a message look; every function gives its text back, with or without colour. */
export interface Style {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly note: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const same = (text: string): string => text;

/** No colour at all. */
export const PLAIN: Style = { error: same, warning: same, note: same, strong: same, faint: same };

/**
 * A diagnostic as lines of text without a final line break: severity, code and message, the place, the source line
 * with carets under the span, notes, help.
 */
export function renderDiagnostic(diagnostic: Diagnostic, style: Style = PLAIN): string {
  const { code, severity, message, span, source, notes, help } = diagnostic;
  const colour = style[severity];
  const width = span ? `${span.line}`.length : 1;
  const gutter = ' '.repeat(width);
  const bar = style.faint('|');
  const lines = [`${colour(`${severity} ${code}`)}${style.strong(`: ${visible(message)}`)}`];
  if (span) {
    lines.push(`${gutter}${style.faint('-->')} ${visible(span.file)}:${span.line}:${span.column}`);
  }
  if (span && source !== undefined) {
    const { text, carets } = underline(source, span);
    lines.push(`${gutter} ${bar}`);
    lines.push(`${style.faint(`${span.line}`)} ${bar} ${text}`.trimEnd());
    lines.push(`${gutter} ${bar} ${colour(carets)}`);
  }
  for (const note of notes)
    lines.push(`${gutter} ${style.faint('=')} note: ${indent(note, width)}`);
  if (help !== undefined) {
    lines.push(`${gutter} ${style.faint('=')} ${style.strong('help:')} ${indent(help, width)}`);
  }
  return lines.join('\n');
}

/** All diagnostics, a blank line between them, and a line that counts the errors when there are several. */
export function renderDiagnostics(list: readonly Diagnostic[], style: Style = PLAIN): string {
  const parts = list.map((d) => renderDiagnostic(d, style));
  const count = (severity: Severity): number => list.filter((d) => d.severity === severity).length;
  const errors = count('error');
  if (errors > 1) parts.push(style.strong(`${errors} errors`));
  return parts.join('\n\n');
}

const TAB = 4;
/** A line that is shown whole; of a longer one (arrays may have any length), so many characters around the carets. */
const WHOLE = 120;
const SHOWN = { before: 60, marked: 80, after: 40 };

/** The source line with tabs as spaces, and carets under the characters that the span names: at least one. */
function underline(
  source: string,
  { column, length }: Span,
): { readonly text: string; readonly carets: string } {
  const start = Math.min(Math.max(column - 1, 0), source.length);
  const end = Math.max(start, Math.min(start + length, source.length));
  const whole = source.length <= WHOLE;
  const first = whole ? 0 : Math.max(0, start - SHOWN.before);
  const last = whole ? end : Math.min(end, start + SHOWN.marked);
  const rest = whole ? source.length : last < end ? 0 : SHOWN.after;
  const before = `${first > 0 ? '…' : ''}${visible(source.slice(first, start))}`;
  const marked = visible(source.slice(start, last));
  const after = visible(source.slice(last, last + rest));
  const offset = ' '.repeat([...before].length);
  return {
    text: `${before}${marked}${after}${last + rest < source.length ? '…' : ''}`,
    carets: offset + '^'.repeat(Math.max(1, [...marked].length)),
  };
}

/** Tabs as spaces; other control characters, which could move the cursor of a terminal, as their pictures. */
function visible(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0)!;
      if (character === '\t') return ' '.repeat(TAB);
      if (character === '\n') return character;
      if (code < 0x20) return String.fromCodePoint(0x2400 + code);
      if (code >= 0x7f && code < 0xa0) return '\u2421';
      return character;
    })
    .join('');
}

/** Further lines of a note stand under its first one. */
function indent(text: string, width: number): string {
  return visible(text).replaceAll('\n', `\n${' '.repeat(width + 3)}`);
}
