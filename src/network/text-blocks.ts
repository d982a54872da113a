import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type DiagnosticBag,
  didYouMean,
  type Span,
} from '../../compiler/diagnostics/diagnostic.js';

/** Where a line stands, and the whole line. */
export interface TextPlace {
  readonly span: Span;
  readonly source: string;
}

/** One line of a network's text without its margin, and where it stands. */
export interface TextLine {
  readonly text: string;
  readonly place: TextPlace;
}

/** A heading at the margin and the indented lines below it. `from` is the heading's line number, 1-based. */
export interface TextBlock {
  readonly heading: TextLine;
  readonly lines: readonly TextLine[];
  /** The block as written, blank lines and comments included. */
  readonly raw: string;
  readonly from: number;
}

/** Cuts a text into blocks; blank lines, and lines that start with `#`, are no part of a heading or field. */
export function cutBlocks(text: string, file: string, bag: DiagnosticBag): readonly TextBlock[] {
  const blocks: { heading: TextLine; lines: TextLine[]; raw: string; from: number }[] = [];
  text.split(/\r?\n/).forEach((source, index) => {
    const content = source.trim();
    const current = blocks.at(-1);
    const blank = content === '' || content.startsWith('#');
    const indented = /^\s/.test(source);
    const column = source.length - source.trimStart().length + 1;
    const span = { file, line: index + 1, column, length: Math.max(1, content.length) };
    const line: TextLine = { text: content, place: { span, source } };
    if (!blank && !indented) {
      blocks.push({ heading: line, lines: [], raw: source, from: index + 1 });
    } else if (current) {
      current.raw += `\n${source}`;
      if (!blank) current.lines.push(line);
    } else if (!blank) {
      bag.add(diagnostic('PL1220', 'an indented line without a heading above it', line.place));
    }
  });
  return blocks;
}

/** The `key = value` lines of a block; each is taken once, and `finish` reports those that nobody took. */
export class Fields {
  private readonly open = new Map<string, { readonly value: string; readonly line: TextLine }>();
  private readonly known: string[] = [];

  constructor(
    block: TextBlock,
    private readonly bag: DiagnosticBag,
  ) {
    for (const line of block.lines) {
      const [, key, value] = /^([^=]*?)\s*=\s*(.*)$/.exec(line.text) ?? [];
      if (key === undefined || value === undefined) {
        bag.add(diagnostic('PL1220', 'this line is not of the form `key = value`', line.place));
      } else if (this.open.has(key)) {
        bag.add(diagnostic('PL1220', `\`${key}\` is given twice`, line.place));
      } else this.open.set(key, { value, line });
    }
  }

  /** The value of a key as `read` understands it, `otherwise` when the block has no such line. */
  take<T>(key: string, what: string, read: (text: string) => T | undefined, otherwise: T): T {
    this.known.push(key);
    const field = this.open.get(key);
    if (!field) return otherwise;
    this.open.delete(key);
    const value = read(field.value);
    if (value === undefined) this.refuse(field.line, what, field.value);
    return value ?? otherwise;
  }

  /** Whether the block has a line of this key that was not taken yet. */
  has(key: string): boolean {
    return this.open.has(key);
  }

  /** All lines `prefix NAME = value`, in order. */
  takeAll<T>(
    prefix: string,
    what: string,
    read: (text: string) => T | undefined,
  ): readonly (readonly [name: string, value: T])[] {
    this.known.push(`${prefix} NAME`);
    const taken: (readonly [string, T])[] = [];
    for (const [key, field] of [...this.open]) {
      if (!key.startsWith(`${prefix} `)) continue;
      this.open.delete(key);
      const value = read(field.value);
      if (value === undefined) this.refuse(field.line, what, field.value);
      else taken.push([key.slice(prefix.length + 1).trim(), value]);
    }
    return taken;
  }

  /** Reports every line that was not taken. */
  finish(): void {
    for (const [key, { line }] of this.open) {
      const help = didYouMean(key, this.known);
      this.bag.add(diagnostic('PL1220', `\`${key}\` has no meaning here`, { ...line.place, help }));
    }
  }

  private refuse(line: TextLine, what: string, text: string): void {
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    this.bag.add(diagnostic('PL1221', `\`${shown}\` is not ${what}`, line.place));
  }
}
