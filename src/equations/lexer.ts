import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import type { DiagnosticBag, Span } from '../../compiler/diagnostics/diagnostic.js';
import { OVERFLOWS, ROUNDINGS } from '../../compiler/levels/numbers/rounding.js';

/** `unknown` is a character without meaning: it was reported, and what it breaks is not reported again. */
export type TokenKind = 'number' | 'name' | 'format' | 'operator' | 'newline' | 'unknown' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly span: Span;
}

const FIRST = { line: 1, column: 1 };
const OPERATORS = [
  '<-',
  '<=',
  '>=',
  '==',
  '!=',
  '<',
  '>',
  '=',
  '+',
  '-',
  '*',
  '/',
  '^',
  '(',
  ')',
  ',',
  '|',
];
const NUMBER = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const FORMAT = /^[su]\d+\.-?\d+(?![\w.])/;
const HYPHENATED: readonly string[] = [...ROUNDINGS, ...OVERFLOWS].filter((n) => n.includes('-'));

/** Splits a text into tokens; `#` begins a comment. Reports every character that begins none (PL1002). */
export function tokenize(text: string, file: string, bag: DiagnosticBag): readonly Token[] {
  const tokens: Token[] = [];
  const lines = text.split(/\r?\n/);
  for (const [index, source] of lines.entries()) {
    const spanAt = (column: number, length: number): Span => ({
      file,
      line: index + 1,
      column: column + 1,
      length,
    });
    let column = 0;
    while (column < source.length) {
      const rest = source.slice(column);
      if (rest[0] === '#') break;
      if (/^\s/.test(rest)) {
        column++;
        continue;
      }
      const token = scan(rest, tokens.at(-1));
      if (!token) {
        const character = String.fromCodePoint(rest.codePointAt(0)!);
        const span = spanAt(column, character.length);
        bag.add(
          diagnostic('PL1002', `the character ${JSON.stringify(character)} has no meaning here`, {
            span,
            source,
          }),
        );
        tokens.push({ kind: 'unknown', text: character, span });
        column += character.length;
        continue;
      }
      tokens.push({ ...token, span: spanAt(column, token.text.length) });
      column += token.text.length;
    }
    tokens.push({ kind: 'newline', text: '\n', span: spanAt(source.length, 1) });
  }
  // Where the text ends for its reader: behind the last word, and not below empty lines.
  const last = tokens.findLast((t) => t.kind !== 'newline')?.span;
  const { line, column } = last ? { ...last, column: last.column + last.length } : FIRST;
  tokens.push({ kind: 'end', text: '', span: { file, line, column, length: 1 } });
  return tokens;
}

function scan(rest: string, before: Token | undefined): Omit<Token, 'span'> | undefined {
  const afterAs = before?.kind === 'name' && before.text === 'as';
  const format = afterAs ? FORMAT.exec(rest) : undefined;
  if (format) return { kind: 'format', text: format[0] };
  // Names with a hyphen exist after a format only; elsewhere `toward-zero` is a difference.
  const afterFormat = before?.kind === 'format' || isRounding(before);
  const word = afterFormat ? HYPHENATED.find((n) => startsWithWord(rest, n)) : undefined;
  if (word) return { kind: 'name', text: word };
  const number = NUMBER.exec(rest);
  if (number) return { kind: 'number', text: number[0] };
  const name = NAME.exec(rest);
  if (name) return { kind: 'name', text: name[0] };
  const operator = OPERATORS.find((o) => rest.startsWith(o));
  return operator ? { kind: 'operator', text: operator } : undefined;
}

const isRounding = (token: Token | undefined): boolean =>
  token?.kind === 'name' && ROUNDINGS.some((r) => r === token.text);

const startsWithWord = (text: string, word: string): boolean =>
  text.startsWith(word) && !/^[\w-]/.test(text.slice(word.length));
