import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../src/equations/ast.js';
import { libraryNeurons, libraryRules } from '../../src/equations/library.js';
import { loadModels, ruleModel } from '../../src/equations/load.js';
import { parseDefinitions } from '../../src/equations/parse.js';
import { printDefinition, printExpression, printRuleModel } from '../../src/equations/print.js';
import { definitions, expressions, withoutSpans } from './random-definition.js';

function parsed(text: string): Expression {
  const [rule] = parseDefinitions(`rule r\n  dw = ${text}\n`, 'r.txt');
  if (rule?.kind !== 'rule' || !rule.dw) throw new Error('no dw');
  return rule.dw;
}

describe('printExpression', () => {
  it('is read back as the same tree', () => {
    fc.assert(
      fc.property(expressions(), (e) => {
        expect(withoutSpans(parsed(printExpression(e)))).toEqual(withoutSpans(e));
      }),
      { seed: 11, numRuns: 1000 },
    );
  });

  it.each([
    ['a+b*c^2', 'a + b * c^2'],
    ['((a+b))*c', '(a + b) * c'],
    ['a-(b-c)', 'a - (b - c)'],
    ['(a-b)-c', 'a - b - c'],
    ['-a^2', '-a^2'],
    ['(-a)^2', '(-a)^2'],
    ['a^2^3', 'a^8'],
    ['a^(1 + 1)', 'a^2'],
    ['|a-|b||', 'abs(a - abs(b))'],
    ['|a|*|b|', 'abs(a) * abs(b)'],
    ['not a<b and c', 'not a < b and c'],
    ['not (a and b) or c', 'not (a and b) or c'],
    ['(not a) == b', '(not a) == b'],
    ['.5 + 1e-3 + 1.', '0.5 + 0.001 + 1'],
    ['a / b * c', 'a / b * c'],
    ['a / (b * c)', 'a / (b * c)'],
    ['- - a', '--a'],
  ])('prints %s as %s', (text, printed) => {
    expect(printExpression(parsed(text))).toBe(printed);
  });
});

describe('printDefinition', () => {
  it('is read back as the same tree', () => {
    fc.assert(
      fc.property(fc.array(definitions, { minLength: 1, maxLength: 3 }), (list) => {
        const text = list.map(printDefinition).join('\n');
        expect(withoutSpans(parseDefinitions(text, 'random.txt'))).toEqual(withoutSpans(list));
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it('keeps the models of the library', () => {
    for (const text of [...Object.values(libraryNeurons), ...Object.values(libraryRules)]) {
      const [model] = loadModels(text, 'library');
      const [again] = loadModels(model!.text, 'printed');
      expect(withoutSpans(again)).toEqual(withoutSpans(model));
      expect(again!.text).toBe(model!.text);
    }
  });

  it('writes what was left out', () => {
    const text = 'neuron n ( per neuron a , b=1,\n scalar c )\nvalue<-I as u4.-2 if a # why\n';
    expect(parseDefinitions(text, 'n.txt').map(printDefinition)).toEqual([
      'neuron n(per neuron a, b = 1, scalar c)\n  value <- I as u4.-2 nearest saturate if a\n',
    ]);
  });
});

describe('printRuleModel', () => {
  it('prints a rule that a pass changed so that it reads back', () => {
    const rule = ruleModel('r_stdp');
    const again = ruleModel(printRuleModel({ ...rule, name: 'changed' }));
    expect(again.name).toBe('changed');
    expect(withoutSpans(again.updates)).toEqual(withoutSpans(rule.updates));
    expect(withoutSpans(again.variables)).toEqual(withoutSpans(rule.variables));
    expect(withoutSpans(again.parameters)).toEqual(withoutSpans(rule.parameters));
  });
});
