import { describe, expect, it } from 'vitest';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { SourceTexts } from '../../compiler/diagnostics/sources.js';

const at = (file: string, line: number) => ({ file, line, column: 1, length: 1 });
const fault = (file: string, line: number) =>
  diagnostic('PL1003', 'there is no `v` here', { span: at(file, line) });

describe('texts that were read', () => {
  const sources = new SourceTexts((file) => (file === 'library/pdlf' ? 'a\nb' : undefined));
  sources.add('own.txt', 'first\r\nsecond\n');

  it('give their lines to diagnostics', () => {
    expect(sources.complete(fault('own.txt', 1)).source).toBe('first');
    expect(sources.complete(fault('own.txt', 2)).source).toBe('second');
    expect(sources.complete(fault('library/pdlf', 2)).source).toBe('b');
  });

  it('leave alone what has a line, no place, or a place in no text', () => {
    const whole = { ...fault('own.txt', 1), source: 'mine' };
    for (const d of [
      whole,
      fault('other.txt', 1),
      fault('own.txt', 9),
      diagnostic('PL4010', 'the model `a` does not exist'),
    ]) {
      expect(sources.complete(d)).toBe(d);
    }
  });
});
