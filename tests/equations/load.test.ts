import { describe, expect, it } from 'vitest';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { loadModels, neuronModel, ruleModel } from '../../src/equations/load.js';

const RULES = 'rule a\n  dw = x\n\nrule b\n  dw = y\n';
const NEURON = '# only an echo\nneuron echo\n  value <- I\n';

function faults(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.map((d) => `${d.code} ${d.message}${d.help ? ` | ${d.help}` : ''}`);
  }
  return [];
}

describe('loadModels', () => {
  it('reads every definition of a text, whatever its line ends and indents', () => {
    const text = `\uFEFF${NEURON}\t${RULES}`.replaceAll('\n', '\r\n');
    expect(loadModels(text, 'all.txt').map((m) => `${m.kind} ${m.name}`)).toEqual([
      'neuron echo',
      'rule a',
      'rule b',
    ]);
  });

  it('gives the warnings of a sound text to its caller', () => {
    const warnings: Diagnostic[] = [];
    loadModels('rule r(a)\n  dw = x\n', 'r.txt', (d) => warnings.push(d));
    expect(warnings.map((d) => [d.code, d.severity, d.span?.file])).toEqual([
      ['PL1007', 'warning', 'r.txt'],
    ]);
  });

  it('refuses a second definition of one name', () => {
    expect(faults(() => loadModels(`${NEURON}${NEURON}`, 'two.txt'))).toEqual([
      'PL1004 the neuron `echo` is defined twice',
    ]);
    expect(loadModels(`${NEURON}rule echo\n  dw = x\n`, 'two.txt')).toHaveLength(2);
  });

  it('reads a text without definitions', () => {
    expect(loadModels(' # nothing\n', 'empty.txt')).toEqual([]);
  });
});

describe('neuronModel and ruleModel', () => {
  it('find names in the library and definitions in texts', () => {
    expect(neuronModel('ternary_lif').name).toBe('ternary_lif');
    expect(neuronModel(NEURON).name).toBe('echo');
    expect(neuronModel(`${NEURON}${RULES}`).name).toBe('echo');
    expect(ruleModel('rule nothing').name).toBe('nothing');
    expect(ruleModel('pdlf').dw?.origin.file).toBe('library/pdlf');
    expect(ruleModel('rule r\n  dw = x', 'mine.rule').dw?.origin.file).toBe('mine.rule');
  });

  it.each([
    ['pdfl', 'PL1010 there is no rule `pdfl` | did you mean `pdlf`?'],
    [
      'constructor',
      'PL1010 there is no rule `constructor` | give a file, or a rule of the library: `pdlf`, `abcd`, `hebb`, `oja`, `stdp`, `triplet_stdp`, `r_stdp`, `none`',
    ],
    [
      NEURON,
      'PL1010 `rule.txt` defines no rule | a rule begins with a line such as `rule my_rule(per synapse lr, A, B)`',
    ],
    [
      RULES,
      'PL1010 `rule.txt` defines several rules (`a`, `b`), and one is asked for | keep one of them in this file, and give each of the others a file of its own',
    ],
  ])('refuse %j', (text, message) => {
    expect(faults(() => ruleModel(text))).toEqual([message]);
  });

  it('point at the second definition, and pass warnings on', () => {
    const warnings: Diagnostic[] = [];
    const report = (d: Diagnostic): number => warnings.push(d);
    let found: readonly Diagnostic[] = [];
    try {
      ruleModel(`${RULES}rule c(p)\n  dw = x\n`, 'mine.rule', report);
    } catch (error) {
      if (error instanceof DiagnosticsError) found = error.diagnostics;
    }
    expect(found).toMatchObject([{ span: { file: 'mine.rule', line: 4 }, source: 'rule b' }]);
    expect(warnings.map((d) => d.code)).toEqual(['PL1007']);
  });
});
