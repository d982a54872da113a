import { expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import type { Program, ProgramCore } from '../../compiler/levels/program/program.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { encodeNeuronWord } from '../../targets/loihi/neuron-instructions.js';
import { limited } from '../compiler/context.js';
import { noise } from '../lockstep/random-networks.js';
import { assertSame, bothWays } from './lockstep.js';

const target = loihiTarget('loihi2', 'a test', limited({ neuronsPerCore: 1000, cores: 8 }), []);

const PARAMETERS = ['lr', 'A', 'B', 'C', 'D'];
const parameters = (count: number, key: number) =>
  Object.fromEntries(PARAMETERS.map((name, i) => [name, noise(count, 0.9, key + i)]));

/** Many inputs onto `width` of twelve neurons from `start` on, which also learn among themselves. */
function partial(start: number, width: number): Program {
  const inputs = 60;
  const pairs = Array.from(
    { length: inputs * width },
    (_, k) => [Math.floor(k / width), start + (k % width)] as const,
  );
  const network = new NetworkBuilder('partial')
    .input('in', inputs, { clip: 4 })
    .population('h', 12, 'ternary_lif')
    .projection('in', 'h', {
      connectivity: pairs,
      rule: 'abcd',
      parameters: parameters(pairs.length, 1),
    })
    .projection('h', 'h', { delay: 1, rule: 'abcd', parameters: parameters(144, 20) })
    .output('h')
    .build();
  return compile(network, target, NO_CALIBRATION).program;
}

const inputs = (step: number) => ({
  values: { in: noise(60, 3, 100 + step) },
  modulator: 0,
});

it.each([
  [0, 5],
  [0, 8],
  [4, 8],
  [3, 5],
  [7, 1],
])('rows that end on some neurons of a group, from %i on %i of 12', (start, width) => {
  const pair = bothWays(partial(start, width));
  expect(pair[0].interpreted).toBeUndefined();
  assertSame(pair, 5, 6, inputs);
});

/** Every group runs some words first. */
function withWords(program: Program, words: readonly number[]): Program {
  const cores = program.cores.map((core): ProgramCore => {
    let neuronCode = [...core.neuronCode];
    const groups = core.groups.map((group) => {
      const entry = neuronCode.length;
      const rest = core.neuronCode.slice(group.entry);
      neuronCode = [...neuronCode, ...words, ...rest];
      return { ...group, entry };
    });
    return { ...core, neuronCode, groups };
  });
  return { ...program, cores };
}

const word = encodeNeuronWord;

it('one wrap of what is far below the range', () => {
  const words = [
    word('LD', { d: 9, immediate: 1 }),
    word('LDI', { d: 10, wide: -30_000 }),
    word('SHL', { d: 10, a: 10, immediate: 12 }),
    word('ADD', { d: 9, a: 9, b: 10 }),
    word('W24', { d: 9, a: 9 }),
    word('SAT', { d: 9, a: 9, immediate: 64 + 24 }),
    word('ST', { a: 9, immediate: 2 }),
  ];
  const pair = bothWays(withWords(partial(0, 12), words));
  expect(pair[0].interpreted).toBeUndefined();
  assertSame(pair, 5, 4, inputs);
  expect(pair[1].accounting.saturations).toBeGreaterThan(0);
});

it('a shift by what a field holds is left to the interpreter', () => {
  const words = [
    word('LD', { d: 9, immediate: 3 }),
    word('ABS', { d: 9, a: 9 }),
    word('LDI', { d: 10, wide: 3 }),
    word('SHV', { d: 10, a: 10, b: 9 }),
    word('SAT', { d: 10, a: 10, immediate: 64 + 20 }),
    word('ST', { a: 10, immediate: 1 }),
  ];
  const [generated] = bothWays(withWords(partial(0, 12), words));
  expect(generated.interpreted).toMatch(/^core 0, neuron code/);
});
