import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import {
  renderDiagnostic,
  renderDiagnostics,
  type Style,
} from '../../compiler/diagnostics/render.js';

const at = (line: number, column: number, length: number): Span => ({
  file: 'rule.txt',
  line,
  column,
  length,
});

function isControl(character: string): boolean {
  const code = character.codePointAt(0)!;
  return character !== '\n' && (code < 0x20 || (code >= 0x7f && code < 0xa0));
}

describe('a rendered diagnostic', () => {
  it('has place, source, carets, notes and help', () => {
    const d = diagnostic('PL1003', 'there is no `vv`', {
      span: at(12, 8, 2),
      source: '  v <- vv + I',
      notes: ['names of this neuron: v, I\nand its parameters'],
      help: 'did you mean `v`?',
    });
    expect(renderDiagnostic(d)).toBe(
      [
        'error PL1003: there is no `vv`',
        '  --> rule.txt:12:8',
        '   |',
        '12 |   v <- vv + I',
        '   |        ^^',
        '   = note: names of this neuron: v, I',
        '     and its parameters',
        '   = help: did you mean `v`?',
      ].join('\n'),
    );
  });

  it('has one line when there is no place', () => {
    expect(renderDiagnostic(diagnostic('PL4010', 'the model `a` does not exist'))).toBe(
      'error PL4010: the model `a` does not exist',
    );
  });

  it('puts carets under the marked characters behind tabs, and one at the end of a line', () => {
    const tab = diagnostic('PL1001', 'unexpected `+`', { span: at(1, 2, 1), source: '\t+' });
    expect(renderDiagnostic(tab).split('\n').slice(-2)).toEqual(['1 |     +', '  |     ^']);
    const end = diagnostic('PL1001', 'unexpected end', { span: at(1, 3, 9), source: 'ab' });
    expect(renderDiagnostic(end).split('\n').slice(-2)).toEqual(['1 | ab', '  |   ^']);
  });

  it('shows a part of a line that is too long for a terminal', () => {
    const source = `${'a'.repeat(500)}!${'b'.repeat(500)}`;
    const d = diagnostic('PL1002', 'no', { span: at(1, 501, 1), source });
    const [line = '', carets = ''] = renderDiagnostic(d).split('\n').slice(-2);
    expect(line).toBe(`1 | …${'a'.repeat(60)}!${'b'.repeat(40)}…`);
    expect(carets.indexOf('^')).toBe(line.indexOf('!'));
    const all = diagnostic('PL1002', 'no', { span: at(1, 1, 1001), source });
    const [cut = '', under = ''] = renderDiagnostic(all).split('\n').slice(-2);
    expect(cut).toBe(`1 | ${'a'.repeat(80)}…`);
    expect(under).toBe(`  | ${'^'.repeat(80)}`);
  });

  it('lets no control character of a user text through', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, text, fc.nat(40), fc.nat(40), (message, line, column, length) => {
        const source = line.replaceAll('\n', '');
        const d = diagnostic('PL1001', message, { span: at(1, column + 1, length), source });
        expect([...renderDiagnostic(d)].filter(isControl)).toEqual([]);
      }),
      { seed: 7 },
    );
  });

  it('marks the severity with its own colour', () => {
    const same = (text: string): string => text;
    const style: Style = {
      error: (t) => `<e>${t}</e>`,
      warning: (t) => `<w>${t}</w>`,
      note: (t) => `<n>${t}</n>`,
      strong: same,
      faint: same,
    };
    expect(renderDiagnostic(diagnostic('PL3001', 'max'), style)).toBe('<w>warning PL3001</w>: max');
    expect(renderDiagnostic(diagnostic('PL2007', 'rms'), style)).toBe('<n>note PL2007</n>: rms');
  });
});

describe('a list of diagnostics', () => {
  it('is separated by blank lines and counts its errors', () => {
    const list = [
      diagnostic('PL3001', 'a warning'),
      diagnostic('PL1001', 'one'),
      diagnostic('PL1001', 'two'),
    ];
    expect(renderDiagnostics(list)).toBe(
      'warning PL3001: a warning\n\nerror PL1001: one\n\nerror PL1001: two\n\n2 errors',
    );
    expect(renderDiagnostics(list.slice(0, 2))).not.toContain('errors');
  });
});
