import { expect, it } from 'vitest';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { loadProgram } from '../../../targets/fpga/machine/loaded.js';
import { Dice } from '../../compiler/dice.js';
import { firstDifference, forCore } from './programs.js';

const SEED = 865;

/** Takes its second draw in the last unit of the first pass, where that is already there: the core draws fast, its units are slow. */
it(`a rule takes a draw before the pass that asks for it (seed ${SEED})`, () => {
  const network = new NetworkBuilder('two')
    .input('a', 3)
    .population('cell', 9, 'cuba_lif')
    .projection('a', 'cell', {
      rule: 'rule two(A = 0.3, B = 0.4)\n  e <- 0.9 * e + A * y\n  dw = B * x * x\n  normalize clip -0.7 0.9\n',
      bindings: { x: 'pre.value', y: 'post.v' },
      initialWeights: 0.5,
    })
    .output('cell')
    .build();
  const core = { lanes: 4, units: 4, depth: 3, rounds: 13, paletteBits: 8 };
  const { compilation, machine } = forCore(network, core);
  const { commands } = loadProgram(compilation.program);
  expect(commands[0]).toMatchObject({ kind: 'sweep', passes: 2, draws: 2 });
  expect(firstDifference(compilation, machine, new Dice(SEED), 60)).toBeUndefined();
});
