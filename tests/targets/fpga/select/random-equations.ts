import type { Dice } from '../../../compiler/dice.js';

/** Neurons and rules in the language, at random: what a core has instructions for. */
export class RandomEquations {
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
