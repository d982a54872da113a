import { type DiagnosticCode, diagnostic } from '../../compiler/diagnostics/catalogue.js';
import type { DiagnosticBag, Span } from '../../compiler/diagnostics/diagnostic.js';
import type { Token } from './lexer.js';

/** Thrown inside the parser to give up one statement; never leaves it. */
export class SyntaxGiveUp extends Error {}

/** Most levels of parentheses, signs and calls. */
const DEEPEST = 200;
/** The way out of an expression that is too large. */
export const SPLIT = 'name parts of it on lines of their own: `part = …`';

/** A position in the tokens, with the errors found so far. */
export class Cursor {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly lines: readonly string[],
    private readonly bag: DiagnosticBag,
  ) {}

  get token(): Token {
    return this.tokens[this.position]!;
  }

  peek(offset: number): Token {
    return this.tokens[Math.min(this.position + offset, this.tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.position++;
    return token;
  }

  is(text: string): boolean {
    return (
      this.token.text === text && (this.token.kind === 'operator' || this.token.kind === 'name')
    );
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.position++;
    return true;
  }

  expect(text: string, after: string): Token {
    if (this.is(text)) return this.next();
    return this.giveUp(`expected \`${text}\` ${after}, found ${this.found()}`);
  }

  name(what: string): Token {
    if (this.token.kind === 'name') return this.next();
    return this.giveUp(`expected ${what}, found ${this.found()}`);
  }

  skipNewlines(): void {
    while (this.token.kind === 'newline') this.position++;
  }

  /** To the end of the line: where parsing goes on after an error. */
  skipLine(): void {
    while (this.token.kind !== 'newline' && this.token.kind !== 'end') this.position++;
  }

  found(): string {
    const { kind, text } = this.token;
    if (kind === 'newline') return 'the end of the line';
    return kind === 'end' ? 'the end of the text' : `\`${text}\``;
  }

  /** Reports what is wrong with the token, unless it was reported as no token at all, and leaves the statement. */
  giveUp(message: string, help?: string): never {
    if (this.token.kind !== 'unknown') this.report(message, this.token.span, help);
    throw new SyntaxGiveUp();
  }

  report(message: string, span: Span, help?: string, code: DiagnosticCode = 'PL1001'): void {
    const source = this.lines[span.line - 1] ?? '';
    this.bag.add(diagnostic(code, message, { span, source, ...(help ? { help } : {}) }));
  }

  /** Runs a parser one level deeper, and refuses texts that nest so deep that the stack would end. */
  nested<T>(parse: () => T): T {
    if (this.depth === DEEPEST) this.giveUp(`this nests more than ${DEEPEST} levels deep`, SPLIT);
    this.depth++;
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** The span from one token's start to the end of the token before the cursor (first line only). */
  from(start: Span): Span {
    const last = this.tokens[Math.max(0, this.position - 1)]!.span;
    const length =
      last.line === start.line ? last.column + last.length - start.column : start.length;
    return { ...start, length: Math.max(1, length) };
  }
}
