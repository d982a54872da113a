import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../compiler/compile.js';
import { parseFixed } from '../../compiler/levels/fixed/parse.js';
import { printFixed } from '../../compiler/levels/fixed/print.js';
import { parseMicro } from '../../compiler/levels/micro/parse.js';
import { printMicro } from '../../compiler/levels/micro/print.js';
import { printLevel } from '../../compiler/levels/print-level.js';
import { parseProgram } from '../../compiler/levels/program/parse.js';
import { printProgram } from '../../compiler/levels/program/print.js';
import type { PipelineHooks } from '../../compiler/pipeline.js';
import { libraryNeurons, libraryRules } from '../../src/equations/library.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { parseNetwork } from '../../src/network/parse-text.js';
import { printNetwork } from '../../src/network/text.js';
import { targets } from '../../targets/index.js';
import { networkOf, networkShapes } from '../lockstep/random-networks.js';
import { compiled, everything, networkWith, small } from './networks.js';

/** Every level is read back from its text as it was, spans included, and printed again as the same text. */
function expectReadBack({ fixed, micro, program }: Compilation): void {
  const fixedText = printFixed(fixed);
  expect(parseFixed(fixedText, 'fixed.txt')).toStrictEqual(fixed);
  const microText = printMicro(micro);
  expect(parseMicro(microText, 'micro.txt')).toStrictEqual(micro);
  const programText = small.print(program);
  const back = parseProgram(programText, 'program.txt');
  expect(back).toStrictEqual(program);
  expect(small.print(back)).toBe(programText);
}

describe('parse(print(level))', () => {
  it('is the level, for random networks', () => {
    fc.assert(
      fc.property(networkShapes, (shape) => expectReadBack(compiled(networkOf(shape)))),
      { seed: 11, numRuns: 30 },
    );
  });

  it.each(Object.keys(libraryNeurons))('is the level, for the neuron %s', (neuron) => {
    expectReadBack(compiled(networkWith(neuron)));
  });

  it.each(Object.keys(libraryRules))('is the level, for the rule %s', (rule) => {
    expectReadBack(compiled(networkWith('lif', rule)));
  });

  it('is the level, with every kind of node', () => {
    const compilation = compiled(everything());
    const text = printFixed(compilation.fixed);
    for (const kind of KINDS) expect(text).toContain(`(${kind} `);
    expectReadBack(compilation);
  });

  it('is the level before it has registers', () => {
    let read = 0;
    const afterPass: PipelineHooks['afterPass'] = (name, level) => {
      if (name !== 'select' || level.kind !== 'micro') return;
      const text = printMicro(level);
      expect(text).not.toContain('-> r');
      expect(parseMicro(text, 'micro.txt')).toStrictEqual(level);
      read++;
    };
    compile(everything(), small, NO_CALIBRATION, {}, { afterPass });
    expect(read).toBe(1);
  });

  it('is the level, for a sum of a thousand products', () => {
    const sum = Array.from({ length: 999 }, (_, i) => `I * ${i}.5`).join(' + ');
    const network = new NetworkBuilder('deep')
      .input('input', 1, { clip: 1 })
      .population('out', 1, `neuron deep\n  value <- ${sum}\n`)
      .projection('input', 'out')
      .output('out')
      .build();
    expectReadBack(compiled(network));
  });

  it.each(targets.map((t) => [t.name, t] as const))(
    'is the Program that %s prints',
    (_, target) => {
      const network = new NetworkBuilder('spikes')
        .input('input', 2, { clip: 1 })
        .population('hidden', 3, 'cuba_lif')
        .projection('input', 'hidden', { delay: 1, rule: 'hebb' })
        .output('hidden', { variable: 'spike' })
        .build();
      const { program } = compile(network, target, NO_CALIBRATION);
      expect(parseProgram(target.print(program), 'program.txt')).toStrictEqual(program);
    },
  );
});

const KINDS = [
  'constant',
  'read',
  'add',
  'subtract',
  'multiply',
  'minimum',
  'maximum',
  'negate',
  'absolute',
  'sign',
  'compare',
  'and',
  'or',
  'not',
  'select',
  'convert',
  'shift-left',
  'reinterpret',
  'table',
];

describe('names and places', () => {
  const { fixed, micro, program } = compiled(everything());
  const odd = (name: string): string => `${name} "#|@[=]\\ \u2028é`;

  it('may be any text', () => {
    const renamed = {
      ...fixed,
      name: odd('net'),
      populations: fixed.populations.map((p) => ({ ...p, name: odd(p.name) })),
      projections: fixed.projections.map((p) => ({
        ...p,
        name: '12',
        pre: odd(p.pre),
        post: odd(p.post),
      })),
      inputs: fixed.inputs.map((p) => ({ ...p, population: odd(p.population) })),
      outputs: fixed.outputs.map((p) => ({ ...p, population: odd(p.population) })),
      groups: fixed.groups.map((g) => ({ ...g, population: odd(g.population) })),
    };
    expect(parseFixed(printFixed(renamed), 'x')).toStrictEqual(renamed);
  });

  it('are read back whatever characters they have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), fc.string(), (name, file) => {
        const [population, ...others] = fixed.populations;
        const updates = population!.updates.map((u) => ({ ...u, origin: { ...u.origin, file } }));
        const populations = [{ ...population!, updates }, ...others];
        const level = { ...fixed, name, populations };
        expect(parseFixed(printFixed(level), 'x')).toStrictEqual(level);
      }),
      { seed: 13, numRuns: 200 },
    );
  });

  it('may lie in several files', () => {
    const operations = micro.kernels[0]!.operations.map((o, i) => ({
      ...o,
      origin: {
        file: ['', 'own rule.txt', 'network', 'C:\\x'][i % 4]!,
        line: i,
        column: 7,
        length: i,
      },
    }));
    const level = { ...micro, kernels: [{ ...micro.kernels[0]!, operations }] };
    const text = printMicro(level);
    expect(text).toContain('files = ["own rule.txt", network, "C:\\\\x"]\n');
    expect(parseMicro(text, 'x')).toStrictEqual(level);
  });

  it('texts of the provenance keep their line ends and spaces', () => {
    const texts = { network: 'a\r\n\n  b \n', calibration: '', options: '| x\n|\n # no comment' };
    const changed = { ...program, provenance: { ...program.provenance, ...texts } };
    const text = printProgram(changed, () => '');
    expect(parseProgram(text, 'x')).toStrictEqual(changed);
  });

  it('comments mean nothing', () => {
    const text = small.print(program);
    expect(text).toMatch(/ {2}# LD r0, 2 +network:\d+:\d+\n/);
    const bare = text.replace(/^( {4} *\d+: [0-9a-f]{8}) .*$/gm, '$1');
    expect(bare).not.toContain('LD r0');
    expect(parseProgram(`# a remark\n${bare}# the end`, 'x')).toStrictEqual(program);
  });
});

describe('a network with cores', () => {
  it('is read as the network; its cores are comments', () => {
    const { network } = compiled(networkWith('lif', 'hebb'));
    const text = printLevel(network);
    expect(text).toContain(
      '# hidden: neurons 0 to 2 on core 0\n# hidden: neurons 3 to 3 on core 1\n',
    );
    expect(printNetwork(parseNetwork(text, 'x'))).toBe(printNetwork(network.network));
  });
});
