/**
 * What the text of a level is made of. `raw` is the rest of a line after `|`, `span` a place as `SpanPrinter` prints
 * it, `bad` a character that begins nothing. Line breaks are spaces; `#` begins a comment.
 */
export type TokenKind = 'word' | 'string' | 'raw' | 'mark' | 'span' | 'end' | 'bad';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Where it begins in the text. */
  readonly offset: number;
}

const SPACE = /(?:\s+|#[^\n]*)*/y;
/** A string of JSON: control characters below U+0020 are escaped in it. */
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const FORMS: readonly (readonly [TokenKind, RegExp])[] = [
  ['mark', /[()[\],]|[<>=!]=|=/y],
  ['word', /[^\s()[\],="#@|]+/y],
  ['span', /@[\d:+/?]+/y],
  ['string', STRING],
  ['raw', /\|[^\n]*/y],
];

/** The first token at or after an offset. */
export function tokenAt(text: string, from: number): Token {
  SPACE.lastIndex = from;
  SPACE.exec(text);
  const offset = SPACE.lastIndex;
  if (offset >= text.length) return { kind: 'end', text: '', offset: text.length };
  for (const [kind, form] of FORMS) {
    form.lastIndex = offset;
    const match = form.exec(text);
    if (match) return { kind, text: match[0], offset };
  }
  return { kind: 'bad', text: text[offset]!, offset };
}

/** Whether a name can stand as it is; others are quoted. */
export const isBare = (name: string): boolean =>
  /^[\p{L}\p{N}_.:/<>*+%-]+$/u.test(name) && !/^[-+.]?\d/.test(name);
