import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../../../compiler/diagnostics/diagnostic.js';
import { neuronModel, ruleModel } from '../../../../src/equations/load.js';
import { NetworkBuilder } from '../../../../src/network/builder.js';
import { calibrationOf, seen } from '../../../compiler/context.js';
import { Dice } from '../../../compiler/dice.js';
import { firstDifference } from './agreement.js';
import { type Compiled, compiled } from './compiled.js';
import { RandomEquations } from './random-equations.js';

const SEED = 9_031;
const CASES = 150;
const RUNS = 60;

/** What random equations may be refused for: a function that needs a table is not among what they are made of. */
const REFUSED = ['PL3010', 'PL3003'];

/** The network, or undefined where the core has too few temporaries or coefficients for it. */
function attempt(make: () => Compiled, owner: string): Compiled | undefined {
  try {
    const c = make();
    c.kernel(owner);
    return c.watched.codes().includes('PL3003') ? undefined : c;
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    expect(REFUSED).toContain(error.diagnostics[0]!.code);
    return undefined;
  }
}

const BINDINGS: Readonly<Record<string, string>> = {
  x: 'pre.value',
  y: 'post.trace',
  y_slow: 'post.slow_trace',
};

describe('random equations as instructions', () => {
  it(`neurons do what their trees do (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    let done = 0;
    for (let i = 0; i < CASES; i++) {
      const text = new RandomEquations(dice).neuron();
      const make = (): Compiled =>
        compiled(
          new NetworkBuilder('n')
            .input('a', 4)
            .population('cell', 4, neuronModel(text), { g: [0.5, 2, -1.5, 0.7] })
            .projection('a', 'cell', { initialWeights: 0.5, delay: dice.whole(0, 1) })
            .output('cell')
            .build(),
          { calibration: calibrationOf(seen('variable', 'cell', 'v', -2, 1)) },
        );
      const c = attempt(make, 'cell');
      if (!c) continue;
      done++;
      expect(firstDifference(c, 'cell', dice, RUNS), text).toBe(undefined);
    }
    expect(done).toBeGreaterThan(CASES / 2);
  });

  it(`rules do what their trees do (seed ${SEED})`, () => {
    const dice = new Dice(SEED + 1);
    let done = 0;
    for (let i = 0; i < CASES; i++) {
      const text = new RandomEquations(dice).rule();
      const values = (): Float64Array => Float64Array.from({ length: 16 }, () => dice.real(-1, 1));
      const make = (): Compiled =>
        compiled(
          new NetworkBuilder('n')
            .input('a', 4)
            .population('cell', 4, 'lif')
            .projection('a', 'cell', {
              rule: ruleModel(text),
              bindings: Object.fromEntries(
                ruleModel(text).signals.map(({ name }) => [name, BINDINGS[name]!]),
              ),
              parameters: { A: values(), B: values(), C: values() },
            })
            .output('cell')
            .build(),
          {
            options: {
              weightBits: dice.pick([4, 8, 12, 16]),
              coefficientBits: dice.pick([4, 8, 16]),
            },
          },
        );
      const c = attempt(make, 'a->cell');
      if (!c) continue;
      done++;
      expect(firstDifference(c, 'a->cell', dice, RUNS), text).toBe(undefined);
    }
    expect(done).toBeGreaterThan(CASES / 2);
  });
});
