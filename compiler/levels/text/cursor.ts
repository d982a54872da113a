import { readNumber } from '../../../src/network/text-values.js';
import { type DiagnosticCode, diagnostic } from '../../diagnostics/catalogue.js';
import { didYouMean, fail, lineOf, type Span } from '../../diagnostics/diagnostic.js';
import { type Format, parseFormat } from '../numbers/format.js';
import { readSpan } from './spans.js';
import { type Token, tokenAt } from './tokens.js';

/** A position in the text of a level, and the files that it has named. Its first fault ends the reading. */
export class LevelCursor {
  private current: Token;
  private files: readonly string[] = [];

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {
    this.current = tokenAt(text, 0);
  }

  /** The next token; it is not taken. */
  get token(): Token {
    return this.current;
  }

  next(): Token {
    const taken = this.current;
    this.current = tokenAt(this.text, taken.offset + taken.text.length);
    return taken;
  }

  /** Whether a keyword or mark comes next. */
  is(text: string): boolean {
    return this.current.text === text && this.current.kind !== 'string';
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): Token {
    return this.is(text) ? this.next() : this.refuse(`\`${text}\``);
  }

  /** `key =`. */
  key(key: string): void {
    this.expect(key);
    this.expect('=');
  }

  /** A bare word or a quoted one. */
  name(what: string): string {
    const { kind, text } = this.current;
    if (kind !== 'word' && kind !== 'string') return this.refuse(what);
    this.next();
    if (kind === 'word') return text;
    const name: string = JSON.parse(text);
    return name;
  }

  /** What `read` makes of a word; a word of which it makes nothing is a fault. */
  word<T>(what: string, read: (text: string) => T | undefined): T {
    const { kind, text } = this.current;
    const value = kind === 'word' ? read(text) : undefined;
    if (value === undefined) return this.refuse(what);
    this.next();
    return value;
  }

  number(what: string): number {
    return this.word(what, readNumber);
  }

  /** A whole number that float64 holds exactly. */
  integer(what: string): number {
    return this.word(what, (text) => (/^-?\d+$/.test(text) ? safeInteger(text) : undefined));
  }

  /** A whole number from 0. */
  count(what: string): number {
    return this.word(what, (text) => (/^\d+$/.test(text) ? safeInteger(text) : undefined));
  }

  format(): Format {
    return this.word('a format like s8.7', parseFormat);
  }

  oneOf<T extends string>(choices: readonly T[], what: string): T {
    const found = choices.find((choice) => this.is(choice));
    if (found === undefined) return this.refuse(what, didYouMean(this.current.text, choices));
    this.next();
    return found;
  }

  /** `[a, b, …]`, each as `read` reads it. */
  list<T>(read: () => T): T[] {
    const items: T[] = [];
    this.expect('[');
    if (this.take(']')) return items;
    do items.push(read());
    while (this.take(','));
    this.expect(']');
    return items;
  }

  integers(what: string): number[] {
    return this.list(() => this.integer(what));
  }

  /** A list of whole numbers from 0 to 2^32 − 1. */
  words(what: string): Uint32Array {
    const read = (text: string) => (/^\d+$/.test(text) ? within(text, 0, 2 ** 32 - 1) : undefined);
    return Uint32Array.from(this.list(() => this.word(what, read)));
  }

  /** A list of whole numbers from −2^31 to 2^31 − 1. */
  signedWords(what: string): Int32Array {
    const read = (text: string) =>
      /^-?\d+$/.test(text) ? within(text, -(2 ** 31), 2 ** 31 - 1) : undefined;
    return Int32Array.from(this.list(() => this.word(what, read)));
  }

  /** Every part that begins with a keyword. */
  many<T>(keyword: string, read: () => T): T[] {
    const found: T[] = [];
    while (this.take(keyword)) found.push(read());
    return found;
  }

  /** One value, or a list of them. */
  oneOrMany(read: () => number): number | number[] {
    return this.is('[') ? this.list(read) : read();
  }

  /** The lines `| …` that come next, joined. */
  rawText(what: string): string {
    const lines: string[] = [];
    while (this.current.kind === 'raw') lines.push(this.next().text.replace(/^\| ?/, ''));
    return lines.length > 0 ? lines.join('\n') : this.refuse(what);
  }

  /** `files = […]`, to which spans refer; there is none where no span has a file. */
  readFiles(): void {
    if (!this.take('files')) return;
    this.expect('=');
    this.files = this.list(() => this.name('a file'));
  }

  /** A span; where there is none, what stands around it gave `outer`. */
  span(outer?: Span): Span {
    const { kind, text } = this.current;
    if (kind !== 'span') return outer ?? this.refuse('a span like @1:1+1');
    const span = readSpan(text, this.files) ?? this.refuse('a span of a file that is named above');
    this.next();
    return span;
  }

  /** `end`, and nothing after it. */
  end(): void {
    this.expect('end');
    if (this.current.kind !== 'end') this.refuse('the end of the text');
  }

  /** Refuses the token that comes next. */
  refuse(wanted: string, help?: string): never {
    const { kind, text } = this.current;
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    const found = kind === 'end' ? 'the end of the text' : `\`${shown}\``;
    this.fault(`expected ${wanted}, found ${found}`, this.current, help);
  }

  /** Ends the reading with a fault at a token. */
  fault(
    message: string,
    at: Token = this.current,
    help?: string,
    code: DiagnosticCode = 'PL4101',
  ): never {
    const before = this.text.slice(0, at.offset).split('\n');
    const span: Span = {
      file: this.file,
      line: before.length,
      column: before.at(-1)!.length + 1,
      length: Math.max(1, at.text.length),
    };
    const source = lineOf(this.text, span);
    fail(diagnostic(code, message, { span, source, ...(help === undefined ? {} : { help }) }));
  }

  /** A fault of what the text means, not of how it is written. */
  contradiction(message: string, at: Token, help?: string): never {
    this.fault(message, at, help, 'PL4102');
  }

  /** Runs the checker of a level, which throws plain errors; here they are faults of the text. */
  checked<Level>(heading: Token, check: () => Level): Level {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'Error') throw error;
      return this.contradiction(error.message, heading);
    }
  }
}

function safeInteger(text: string): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

function within(text: string, low: number, high: number): number | undefined {
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
