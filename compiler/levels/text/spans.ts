import type { Span } from '../../diagnostics/diagnostic.js';
import { listLines, printName } from './print.js';

/**
 * Spans as `@LINE:COLUMN+LENGTH` of the first file that a level names, `@1/LINE:COLUMN+LENGTH` of the second; `@?` stands before
 * spans of no file. The text of a level begins with the names of the files.
 */
export class SpanPrinter {
  private readonly files = new Map<string, number>();

  span({ file, line, column, length }: Span): string {
    return `@${this.mark(file)}${line}:${column}+${length}`;
  }

  /** ` @…` where a span is another than the one around it, else nothing. */
  within(origin: Span, outer: Span): string {
    const own = this.span(origin);
    return own === this.span(outer) ? '' : ` ${own}`;
  }

  /** The names of the files met so far. */
  lines(): string[] {
    return this.files.size === 0
      ? []
      : listLines('files = ', [...this.files.keys()].map(printName), 0);
  }

  private mark(file: string): string {
    if (file === '') return '?';
    const number = this.files.get(file) ?? this.files.size;
    this.files.set(file, number);
    return number === 0 ? '' : `${number}/`;
  }
}

/** Reads one such span; undefined where the text is none, or of a file that there is not. */
export function readSpan(text: string, files: readonly string[]): Span | undefined {
  const [, mark, ...numbers] = /^@(\?|\d+\/|)(\d+):(\d+)\+(\d+)$/.exec(text) ?? [];
  const file = mark === '?' ? '' : files[Number.parseInt(mark || '0', 10)];
  if (mark === undefined || file === undefined) return undefined;
  const [line, column, length] = numbers.map(Number);
  return { file, line: line!, column: column!, length: length! };
}
