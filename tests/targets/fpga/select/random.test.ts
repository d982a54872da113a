import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../../../compiler/diagnostics/diagnostic.js';
import { neuronModel, ruleModel } from '../../../../src/equations/load.js';
import { NetworkBuilder } from '../../../../src/network/builder.js';
import { calibrationOf, seen } from '../../../compiler/context.js';
import { Dice } from '../../../compiler/dice.js';
import { firstDifference } from './agreement.js';
import { type Compiled, compiled } from './compiled.js';

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

class RandomEquations {
  constructor(private readonly dice: Dice) {}

  number(): string {
    return this.dice.pick([
      '0.5',
      '2',
      '-1',
      '0.1',
      '-0.73',
      '3.2',
      '0.01',
      '0.25',
      '7',
      'g',
      '(1 / g)',
    ]);
  }

  /** A sum over names. */
  expression(names: readonly string[], depth: number): string {
    const { dice } = this;
    if (depth === 0 || dice.chance(0.2))
      return dice.chance(0.75) ? dice.pick(names) : this.number();
    const inner = (): string => this.expression(names, depth - 1);
    return dice.pick([
      () => `(${inner()} + ${inner()})`,
      () => `(${inner()} - ${inner()})`,
      () => `(${this.number()} * ${inner()})`,
      () => `(${inner()} - ${dice.pick(names)}) / ${dice.pick(['tau', '4', '3'])}`,
      () => `(${inner()} * ${dice.pick(names)})`,
      () => `|${dice.pick(names)}|`,
      () => `sign(${inner()})`,
      () => `min(${inner()}, ${dice.pick(names)})`,
      () => `max(${inner()}, ${this.number()})`,
      () => `(${this.condition(names)})`,
    ])();
  }

  condition(names: readonly string[]): string {
    const { dice } = this;
    const side = (): string => this.expression(names, 1);
    const compared = (): string =>
      `${side()} ${dice.pick(['<', '<=', '>', '>=', '==', '!='])} ${side()}`;
    return dice.pick([
      compared,
      compared,
      () => `${compared()} and ${dice.pick(names)} > 0.2`,
      () => `${compared()} or ${compared()}`,
      () => `not ${dice.pick(names)}`,
    ])();
  }

  neuron(): string {
    const { dice } = this;
    const names = ['v', 'u', 'I'];
    const lines = ['state v = 0.1', 'state u = -0.2'];
    for (let i = dice.whole(1, 3); i > 0; i--) {
      const target = dice.pick(['v', 'u']);
      const condition = dice.chance(0.3) ? ` if ${this.condition(names)}` : '';
      lines.push(`${target} <- ${this.expression(names, 2)}${condition}`);
    }
    lines.push(
      dice.pick(['spike <- v > 0.3', 'spike <- sign(u) if |u| > threshold', 'value <- u']),
    );
    if (dice.chance(0.5)) lines.push(`v <- ${dice.pick(['0', 'u', '-0.5'])} if u > 0.3`);
    const parameters = `per neuron g, tau = 3, threshold = ${dice.pick(['0.1', '0.5'])}`;
    return `neuron n(${parameters})\n${lines.map((l) => `  ${l}\n`).join('')}`;
  }

  rule(): string {
    const { dice } = this;
    const names = ['x', 'y', 'y_slow', 'w', 'e', 'm', 'x', 'y'];
    const product = (): string => {
      const factors = Array.from({ length: dice.whole(0, 3) }, () => dice.pick(names));
      return [dice.pick(['A', 'B', 'C', '0.1', '-0.02', '1', 'rate']), ...factors].join(' * ');
    };
    const products = Array.from({ length: dice.whole(1, 3) }, product);
    const difference = dice.chance(0.3) ? ` + ${dice.pick(['0.1', 'A'])} * x * (y - y_slow)` : '';
    const normalize = dice.pick(['max', 'pow2', 'clip -1 1', 'clip 0 1', 'clip -0.5 0.25', 'none']);
    const e = dice.chance(0.5) ? '  e <- e - e / 7 + 0.3 * x * y\n' : '  e <- 0.9 * e + B * y\n';
    return `rule r(rate = 0.03, per synapse A, B, C)\n${e}  dw = ${products.join(' + ')}${difference}\n  normalize ${normalize}\n`;
  }
}

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
