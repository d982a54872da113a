import { describe, expect, it } from 'vitest';
import { equationEntries } from '../../compiler/diagnostics/catalogue/equations.js';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { inlineLocals, sumOfProducts } from '../../src/equations/canonical.js';
import { loadModels, ruleModel } from '../../src/equations/load.js';

/** All diagnostics of a text: those of a rule's canonical form too. */
function diagnose(text: string): readonly Diagnostic[] {
  const warnings: Diagnostic[] = [];
  try {
    for (const model of loadModels(text, 'file.txt', (d) => warnings.push(d))) {
      if (model.kind === 'neuron') continue;
      const { dw } = inlineLocals(model);
      const parameters = model.parameters.map((p) => p.name);
      if (dw) sumOfProducts(dw, (name) => parameters.includes(name));
    }
    return warnings;
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics;
  }
}

const shown = ({ code, span, message, help }: Diagnostic): string =>
  `${code} ${span?.line}:${span?.column}+${span?.length} ${message}${help ? ` | ${help}` : ''}`;

const MISTAKES: readonly (readonly [name: string, text: string, ...expected: string[]])[] = [
  [
    'a misspelt parameter',
    'neuron n(threshold = 2)\n  v <- v + I\n  spike <- v > treshold\n',
    'PL1003 3:16+8 there is no `treshold` here | did you mean `threshold`?',
    'PL1007 1:10+9 the parameter `threshold` of `n` is not used',
  ],
  [
    'unfinished expressions on several lines',
    'neuron n\n  v <- (v + I\n  spike <- v > 1 2\n  value <- * 3\n',
    'PL1001 2:14+1 expected `)` to close the parenthesis, found the end of the line',
    'PL1001 3:18+1 expected the end of the line, found `2`',
    'PL1001 4:12+1 expected a value, found `*`',
  ],
  [
    'a heading that never closes',
    'neuron n(tau = 2\n  v <- v + I\n  spike <- v > tau\nrule r\n  dw = x\n',
    'PL1001 2:3+1 expected `,` or `)` after a parameter, found `v`',
  ],
  [
    'one = for two',
    'neuron n\n  spike <- I = 1\n',
    'PL1001 2:14+1 expected the end of the line, found `=` | write `==` to compare',
  ],
  [
    'a chain of comparisons',
    'neuron n\n  spike <- 0 < I < 1\n',
    'PL1001 2:18+1 expected the end of the line, found `<` | comparisons do not chain: write `a < b and b < c`',
  ],
  [
    'a power that is no number',
    'rule r(p)\n  dw = x^p\n',
    'PL1001 2:10+1 an exponent is a whole number from 0 to 8, not `p` | write `exp(p * log(e))` for other powers',
  ],
  [
    'a negative power',
    'neuron n\n  value <- I^-1\n',
    'PL1001 2:14+2 an exponent is a whole number from 0 to 8, not `-1` | divide by the power: `1 / e^2`',
  ],
  [
    'a misspelt function',
    'neuron n\n  value <- sgn(I)\n',
    'PL1001 2:12+3 there is no function `sgn` | did you mean `sign`?',
  ],
  [
    'a missing argument',
    'neuron n\n  value <- min(I)\n',
    'PL1001 2:12+3 `min` takes 2 arguments, not 1',
  ],
  [
    'a format that is too wide',
    'neuron n\n  value <- I as s64.0\n',
    'PL1001 2:17+5 expected a format such as s24.6, found `s64.0` | s or u, the width from 1 to 53 bits, a dot, the bits after the binary point',
  ],
  [
    'a misspelt rounding',
    'neuron n\n  value <- I as s8.0 neerest\n',
    'PL1001 2:22+7 expected a rounding or an overflow, found `neerest` | did you mean `nearest`?',
  ],
  [
    'a rounding that goes on',
    'neuron n\n  value <- I as s8.0 toward-zerox\n',
    'PL1001 2:22+6 expected a rounding or an overflow, found `toward` | known: `floor`, `nearest`, `toward-zero`, `stochastic`, `saturate`, `wrap`, `symmetric`, `lava-wrap-24`',
  ],
  [
    'a format behind the condition',
    'neuron n\n  value <- I if I > 0 as s8.0\n',
    'PL1001 2:23+2 expected the end of the line, found `as` | an update is `NAME <- VALUE [as FORMAT] [if CONDITION | on NAME]`, in this order',
  ],
  [
    'a condition after on',
    'neuron n\n  value <- I on I > 0\n',
    'PL1001 2:19+1 `on` takes one name | use `if` for a condition',
  ],
  [
    'a character of another language',
    'neuron n\n  value <- I % 2\n',
    'PL1002 2:14+1 the character "%" has no meaning here',
  ],
  [
    'constants that are no numbers',
    'neuron n(a = 1 / 0)\n  value <- a * I / (2 - 2) + log(-1) + 1e999\n',
    'PL1008 1:18+1 this divides by zero',
    'PL1008 2:21+5 this divides by zero',
    'PL1008 2:30+7 this is NaN',
    'PL1008 2:40+5 this number is too large',
  ],
  [
    'a default that reads another parameter',
    'neuron n(a = 1, b = a)\n  value <- I + a + b\n',
    'PL1009 1:21+1 a default or initial value is a constant; it cannot read `a`',
  ],
  [
    'a bound that is a parameter',
    'rule r(top = 1)\n  dw = x\n  normalize clip 0 top\n',
    'PL1009 3:20+3 a bound or rate is a constant; it cannot read `top`',
  ],
  [
    'a parameter per synapse in a neuron',
    'neuron n(per synapse a)\n  value <- I * a\n',
    'PL1011 1:22+1 a neuron has no value per synapse for `a` | write `per neuron`, or put it into the rule',
  ],
  [
    'local names in the wrong order',
    'neuron n\n  a = b\n  b = I\n  value <- a\n',
    'PL1003 2:7+1 `b` is read before it is defined',
  ],
  [
    'a neuron that sends nothing',
    'neuron n\n  value = I\n',
    'PL1007 2:3+9 the local name `value` of `n` is not used',
    'PL1006 1:1+8 the neuron `n` assigns neither `spike` nor `value`, so it sends nothing | `value` is a local name here; write `value <- …`',
  ],
  [
    'a parameter that is assigned',
    'neuron n(v = 1)\n  v <- v + I\n  value <- v\n',
    'PL1004 2:3+1 `v` is declared already, as a parameter | a parameter is constant; give the variable another name',
  ],
  [
    'names that are taken',
    'rule r\n  w <- w + x\n  m <- 1\n  x_e <- 3\n  exp <- 2\n  e <- x\n  e = 2\n',
    'PL1005 2:3+1 `w` cannot be declared or assigned in a rule | the weight changes by `dw = …`, and by `normalize`',
    'PL1005 3:3+1 `m` cannot be declared or assigned in a rule | `m` is the modulator that the task returned',
    'PL1005 4:3+3 `x_e` begins with x, as signals of neurons do; a rule cannot assign it',
    'PL1005 5:3+3 `exp` cannot be declared: it is a word of the language',
    'PL1004 7:3+1 `e` is declared already, as a variable',
    'PL1007 7:3+5 the local name `e` of `r` is not used',
  ],
  [
    'the current in a rule',
    'rule r\n  dw = I\n',
    'PL1003 2:8+1 there is no `I` here | a rule reads no current; bind a signal `y_NAME` to a variable of the neuron',
  ],
  [
    'statements in the wrong order',
    'rule r\n  dw = x\n  dw = y\n  e <- x\n  normalize none, max\n',
    'PL1004 3:3+2 `dw` is given twice | add the two terms',
    'PL1001 4:3+1 `e` is assigned after the change of the weight | write `dw` and `normalize` last: they see the values of this step',
    'PL1001 5:13+4 `none` stands alone: the rule normalises otherwise too',
  ],
  [
    'normalisations out of range',
    'rule r\n  normalize clip 1 -1, decay 2\n',
    'PL1008 2:13+4 `clip` needs LOW < HIGH, not 1 -1',
    'PL1008 2:24+5 `decay` needs a rate from 0 to 1, not 2',
  ],
  [
    'a misspelt normalisation',
    'rule r\n  normalize maxx\n',
    'PL1001 2:13+4 there is no normalisation `maxx` | did you mean `max`?',
  ],
  [
    'one bound',
    'rule r\n  normalize clip 1\n',
    'PL1001 2:19+1 `clip` takes two bounds | `clip LOW HIGH`, sums in parentheses: `clip -1 1`',
  ],
  [
    'no definition at all',
    'v <- v + I\nspike <- v > 1\n',
    'PL1001 1:1+1 expected `neuron` or `rule`, found `v`',
  ],
  [
    'everything that has no effect',
    'rule r(a)\n  state c = 1\n  b = x\n  dw = x\n',
    'PL1007 1:8+1 the parameter `a` of `r` is not used',
    'PL1007 3:3+5 the local name `b` of `r` is not used',
    'PL1007 2:3+11 the variable `c` of `r` is never assigned',
  ],
];

describe('mistakes', () => {
  it.each(MISTAKES)('%s', (_, text, ...expected) => {
    expect(diagnose(text).map(shown)).toEqual(expected);
  });

  it('carry the line that the span points into', () => {
    for (const [, text] of MISTAKES) {
      for (const { span, source } of diagnose(text)) {
        expect(source).toBe(text.split('\n')[span!.line - 1]);
        expect(span!.column + span!.length - 1).toBeLessThanOrEqual(source!.length + 1);
      }
    }
  });

  it('of great depth or length end in a diagnostic', () => {
    const rule = (dw: string): string[] =>
      diagnose(`rule r\n  dw = ${dw}\n`).map((d) => `${d.code} ${d.message}`);
    const deep = 'PL1001 this nests more than 200 levels deep';
    expect(rule(`${'('.repeat(50_000)}x`)).toEqual([deep]);
    expect(rule(`${'-'.repeat(50_000)}x`)).toEqual([deep]);
    expect(rule(`${'not '.repeat(50_000)}x`)).toEqual([deep]);
    expect(rule(`${'exp('.repeat(50_000)}x`)).toEqual([deep]);
    expect(rule(`x${' + x'.repeat(50_000)}`)).toEqual([
      'PL1001 this expression is more than 1000 operations long',
    ]);
    expect(rule(`x${' + x'.repeat(1000)}`)).toEqual([]);
  });

  it('of great size, written out, end in a diagnostic', () => {
    const doubled = (operator: string): string => {
      const lines = Array.from({ length: 60 }, (_, i) => `  a${i + 1} = a${i} ${operator} a${i}`);
      return ['rule r', '  a0 = x + y', ...lines, '  dw = a60', ''].join('\n');
    };
    for (const operator of ['+', '*'])
      expect(diagnose(doubled(operator)).map((d) => d.code)).toEqual(['PL1012']);
  });
});

describe('the catalogue', () => {
  const own = Object.entries(equationEntries).filter(([code]) => /^PL1[01]/.test(code));

  it.each(own)('%s: the example gives the code, and the fix mends it', (code, entry) => {
    const run = (text: string): readonly string[] => {
      const asked = /--rule (\w+)/.exec(text)?.[1];
      if (asked === undefined) return diagnose(text).map((d) => d.code);
      try {
        ruleModel(asked);
        return [];
      } catch (error) {
        if (!(error instanceof DiagnosticsError)) throw error;
        return error.diagnostics.map((d) => d.code);
      }
    };
    expect(run(entry.example)).toContain(code);
    expect(run(entry.fix)).toEqual([]);
  });
});
