import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { parseFixed } from '../../compiler/levels/fixed/parse.js';
import { printFixed } from '../../compiler/levels/fixed/print.js';
import { parseMicro } from '../../compiler/levels/micro/parse.js';
import { printMicro } from '../../compiler/levels/micro/print.js';
import { parseProgram } from '../../compiler/levels/program/parse.js';
import { compiled, everything, small } from './networks.js';

const { fixed, micro, program } = compiled(everything());
const TEXTS = {
  fixed: printFixed(fixed),
  micro: printMicro(micro),
  program: small.print(program),
};
type LevelName = keyof typeof TEXTS;
const PARSERS: Readonly<Record<LevelName, (text: string, file: string) => unknown>> = {
  fixed: parseFixed,
  micro: parseMicro,
  program: parseProgram,
};

/** What a parser says about a text: nothing but diagnostics may come out of it. */
function faults(level: LevelName, text: string): readonly Diagnostic[] {
  try {
    PARSERS[level](text, 'level.txt');
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** The level, a part of its text, what stands there instead with `^` before the fault, and what is said about it. */
const WRONG: readonly (readonly [LevelName, string, string, string])[] = [
  ['fixed', 'fixed every.thing', '^fxed every.thing', 'PL4101: expected `fixed`, found `fxed`'],
  ['fixed', '(add u7.0', '(^ad u7.0', 'PL4101: expected a kind of node, found `ad`'],
  ['fixed', '(add u7.0', '(add ^u77.0', 'PL4101: expected a format like s8.7, found `u77.0`'],
  ['fixed', 'nearest saturate', 'nearest ^x', 'PL4101: expected an overflow, found `x`'],
  ['fixed', 'input[3] input', 'input[^-3] input', 'PL4101: expected a size, found `-3`'],
  ['fixed', 'input[3] input', 'input[^3.5] input', 'PL4101: expected a size, found `3.5`'],
  [
    'fixed',
    '(constant u7.0 64)',
    '(constant u7.0 ^"64")',
    'PL4101: expected a whole number, found `"64"`',
  ],
  [
    'fixed',
    '(constant u7.0 64))\n\n',
    '(constant u7.0 64)\n\n^',
    'PL4101: expected `(`, found `population`',
  ],
  ['fixed', 'rows = [0,', 'rows = [^-1,', 'PL4101: expected the start of a row, found `-1`'],
  [
    'fixed',
    'columns = [0,',
    'columns = [^4294967296,',
    'PL4101: expected a neuron, found `4294967296`',
  ],
  [
    'program',
    'coefficients = [',
    'coefficients = [^2147483648, ',
    'PL4101: expected a whole number, found `2147483648`',
  ],
  ['fixed', '(add u7.0', '^(negate u7.0', 'PL4101: `negate` has 1 operand, not 2'],
  [
    'fixed',
    'update a @5',
    'update a ^@9/5',
    'PL4101: expected a span of a file that is named above, found `@9/5:3+27`',
  ],
  ['fixed', 'update u @', 'update u ^', 'PL4101: expected a span like @1:1+1, found `7:3+47`'],
  ['fixed', 'from input', 'from ^inptu', 'PL4102: there is no population inptu'],
  ['fixed', 'group hidden', 'group ^hiden', 'PL4102: there is no population hiden'],
  [
    'fixed',
    '(read s15.12 value)',
    '(read s15.12 vaule)',
    'PL4102: input: read s15.12: vaule is no field',
  ],
  [
    'fixed',
    'coefficient = k0',
    'coefficient = (^plus k0)',
    'PL4101: expected an operator or a function, found `plus`',
  ],
  ['fixed', 'coefficient = k0', 'coefficient = ^(max k0)', 'PL4101: `max` does not take 1 operand'],
  [
    'micro',
    'kernel neuron hidden',
    '^kernel neuron hiden',
    'PL4102: the neuron kernel of hiden belongs to nothing',
  ],
  ['micro', '%1 =', '^%2 =', 'PL4101: expected `%1`, found `%2`'],
  ['micro', '%0 @', '^%x @', 'PL4101: expected an operand like %0, found `%x`'],
  ['micro', '-> r0', '-> ^x0', 'PL4101: expected a register like r0, found `x0`'],
  ['micro', '%0 @', '%9 @', 'PL4102: input, operation 1 (shift) reads 9, which is not earlier'],
  [
    'program',
    'version = 1',
    'version = ^7',
    'PL4002: this is a Program of version 7; this build reads 1',
  ],
  ['program', '   1: ', '   ^2: ', 'PL4101: expected `1:`, found `2:`'],
  [
    'program',
    ': 0c000002',
    ': ^0c00',
    'PL4101: expected a word of 8 hexadecimal digits, found `0c00`',
  ],
  ['program', 'in weights', 'in ^wieghts', 'PL4101: expected a memory, found `wieghts`'],
];

describe('a text that is no level', () => {
  it.each(WRONG)('%s: %j -> %j', (level, from, marked, expected) => {
    const text = TEXTS[level];
    expect(text).toContain(from);
    const changed = text.replace(from, () => marked);
    const [fault, ...others] = faults(level, changed.replace('^', ''));
    expect(others).toEqual([]);
    expect(`${fault?.code}: ${fault?.message}`).toBe(expected);
    const lines = changed.slice(0, changed.indexOf('^')).split('\n');
    const [line, column] = marked.includes('^') ? [lines.length, lines.at(-1)!.length + 1] : [1, 1];
    expect(fault?.span).toMatchObject({ file: 'level.txt', line, column });
    expect(fault?.source).toBe(changed.replace('^', '').split('\n')[line - 1]);
  });

  it('offers the nearest names', () => {
    const help = (level: LevelName, from: string, to: string): string | undefined =>
      faults(level, TEXTS[level].replace(from, to))[0]?.help;
    expect(help('fixed', '(add ', '(ad ')).toBe('did you mean `add` or `and`?');
    expect(help('fixed', 'group hidden', 'group hiden')).toBe('did you mean `hidden`?');
    expect(help('program', 'in weights', 'in wieghts')).toBe('did you mean `weights`?');
  });

  it('may end anywhere, or be empty', () => {
    expect(faults('fixed', '').map((d) => d.message)).toEqual([
      'expected `fixed`, found the end of the text',
    ]);
    for (const level of ['fixed', 'micro', 'program'] as const) {
      const lines = TEXTS[level].trimEnd().split('\n');
      for (let n = 0; n < lines.length; n += 7) {
        const found = faults(level, lines.slice(0, n).join('\n'));
        expect(found[0]?.code, `${n} lines of ${level}`).toBe('PL4101');
      }
    }
  });

  it('may not nest without end', () => {
    const deep = '(negate s8.0 '.repeat(5000);
    const text = TEXTS.fixed.replace('(add u7.0', `${deep}(add u7.0`);
    expect(faults('fixed', text)[0]?.message).toBe('this nests more than 4000 deep');
  });

  it('a Program whose parts contradict each other is refused as its bytes are', () => {
    const text = TEXTS.program.replace('phases = 1', 'phases = 0');
    expect(faults('program', text).map((d) => d.code)).toContain('PL4003');
  });
});

describe('whatever the damage', () => {
  it.each(['fixed', 'micro', 'program'] as const)(
    'the parser of %s ends in a level or diagnostics',
    (level) => {
      const text = TEXTS[level];
      fc.assert(
        fc.property(
          fc.nat(text.length - 1),
          fc.nat(12),
          fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom(...'()[]=,@#|"%-0 \n')),
          (from, cut, insert) => {
            const damaged = text.slice(0, from) + insert + text.slice(from + cut);
            for (const d of faults(level, damaged)) {
              expect(d.code).toMatch(/^PL4(00[23]|10[12])$/);
              if (d.code !== 'PL4003')
                expect(d.source).toBe(damaged.split(/\r?\n/)[d.span!.line - 1]);
            }
          },
        ),
        { seed: 12, numRuns: 300 },
      );
    },
  );
});
