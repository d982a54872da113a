import { describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { Dice } from '../../compiler/dice.js';
import { brokenDraws, brokenWrites } from './host-rules.js';
import { CORES, forCore } from './programs.js';

const SEED = 21;

describe.each(Object.entries(CORES))(
  'Programs for %s keep what the circuit relies on',
  (_, core) => {
    it('a rule whose second rounding is its only one takes the draw of the first', () => {
      const network = new NetworkBuilder('second')
        .input('a', 3)
        .population('cell', 3, 'lif')
        .projection('a', 'cell', {
          rule: 'rule second()\n  e <- 0.5 * y\n  dw = 0.3 * e * x\n  normalize clip -1 1\n',
          bindings: { x: 'pre.value', y: 'post.spike' },
        })
        .output('cell')
        .build();
      const { compilation } = forCore(network, core);
      expect(brokenDraws(compilation.program)).toBeUndefined();
    });

    it('neurons write no field while the sum of another population is stored', () => {
      const network = new NetworkBuilder('two')
        .input('a', 3)
        .population('p', 5, 'lif')
        .population('q', 40, 'lif')
        .projection('a', 'p', { initialWeights: 0.5 })
        .projection('a', 'q', { initialWeights: 0.5 })
        .output('p')
        .output('q')
        .build();
      const { compilation } = forCore(network, core);
      expect(brokenWrites(compilation.program, new Dice(SEED), 20)).toBeUndefined();
    });
  },
);
