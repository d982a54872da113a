import {
  combine,
  compare,
  constant,
  convert,
  integer,
  logical,
  multiply,
  narrow,
  type Ranged,
  read,
  reinterpret,
  select,
  shiftLeft,
  table,
  unary,
} from '../../compiler/analysis/ranged.js';
import type { FixedComparison } from '../../compiler/levels/fixed/fixed.js';
import { type Format, maximumOf, minimumOf } from '../../compiler/levels/numbers/format.js';
import { OVERFLOWS, ROUNDINGS } from '../../compiler/levels/numbers/rounding.js';
import type { Dice } from './dice.js';

export const HERE = { file: 'test', line: 1, column: 1, length: 1 };

/** A field of an expression: its format, and the integers that it takes. */
export interface Leaf {
  readonly name: string;
  readonly format: Format;
  readonly range: readonly [number, number];
}

export const COMPARISONS: readonly FixedComparison[] = ['<', '<=', '>', '>=', '==', '!='];

export function randomFormat(dice: Dice, widest = 12): Format {
  const width = dice.whole(1, widest);
  return { signed: dice.chance(0.7), width, fraction: dice.whole(-3, 9) };
}

export function randomLeaf(dice: Dice, name: string): Leaf {
  const format = randomFormat(dice);
  const ends = [0, 1].map(() => dice.whole(minimumOf(format), maximumOf(format)));
  const whole = dice.chance(0.5);
  const low = whole ? minimumOf(format) : Math.min(...ends);
  const high = whole ? maximumOf(format) : Math.max(...ends);
  return { name, format, range: [low, high] };
}

/** Makes trees of every constructor, and keeps each node with the interval that was proved for it. */
export class RandomRanged {
  readonly made: Ranged[] = [];
  constructor(
    private readonly dice: Dice,
    private readonly leaves: readonly Leaf[],
    private readonly stochastic: boolean,
  ) {}

  tree(depth: number): Ranged {
    const made = depth === 0 || this.dice.chance(0.1) ? this.leaf() : this.node(depth - 1);
    this.made.push(made);
    return made;
  }

  private leaf(): Ranged {
    const { dice } = this;
    if (dice.chance(0.15)) return constant(dice.real(-20, 20), dice.whole(2, 10), HERE);
    if (dice.chance(0.1)) return integer(dice.whole(-9, 9), dice.whole(-2, 4), HERE);
    const { name, format, range } = dice.pick(this.leaves);
    return read(name, format, HERE, range);
  }

  /** Narrow enough that no tree passes 53 bits. */
  private operand(depth: number): Ranged {
    return narrow(this.tree(depth), 14, HERE);
  }

  private pair(depth: number): [Ranged, Ranged] {
    const [a, b] = [this.operand(depth), this.operand(depth)];
    const [left, right] = [a.e.format.fraction, b.e.format.fraction];
    return Math.abs(left - right) > 16 ? [a, reinterpret(b, left, HERE)] : [a, b];
  }

  private node(depth: number): Ranged {
    const { dice } = this;
    const one = (): Ranged => this.operand(depth);
    const two = (): [Ranged, Ranged] => this.pair(depth);
    switch (dice.whole(0, 11)) {
      case 0:
        return combine(dice.pick(['add', 'subtract']), ...two(), HERE);
      case 1:
        return combine(dice.pick(['minimum', 'maximum']), ...two(), HERE);
      case 2:
        return multiply(...two(), HERE);
      case 3:
        return unary(dice.pick(['negate', 'absolute', 'sign', 'not']), one(), HERE);
      case 4:
        return compare(dice.pick(COMPARISONS), ...two(), HERE);
      case 5:
        return logical(dice.pick(['and', 'or']), ...two(), HERE);
      case 6:
        return select(one(), ...two(), HERE);
      case 7:
        return shiftLeft(one(), this.count(), HERE);
      case 8: {
        const operand = one();
        return reinterpret(operand, operand.e.format.fraction + dice.whole(-3, 3), HERE);
      }
      case 9:
        return this.table(one());
      default:
        return this.convert(one());
    }
  }

  private count(): Ranged {
    const { dice } = this;
    if (dice.chance(0.5)) return integer(dice.whole(0, 6), 0, HERE);
    const high = dice.whole(0, 6);
    const format: Format = { signed: false, width: 3, fraction: 0 };
    return read(`count${high}`, format, HERE, [0, high]);
  }

  private convert(operand: Ranged): Ranged {
    const { dice } = this;
    const roundings = this.stochastic ? ROUNDINGS : ROUNDINGS.filter((r) => r !== 'stochastic');
    const overflow = dice.pick(OVERFLOWS);
    const lava = overflow === 'lava-wrap-24';
    const format: Format = {
      signed: dice.chance(0.7) || overflow === 'symmetric' || lava,
      width: lava ? 25 : dice.whole(1, 16),
      fraction: operand.e.format.fraction + dice.whole(-12, 8),
    };
    return convert(operand, format, dice.pick(roundings), overflow, HERE, dice.whole(0, 3));
  }

  private table(operand: Ranged): Ranged {
    const { dice } = this;
    const format = randomFormat(dice);
    const entries = Array.from({ length: dice.whole(1, 8) }, () =>
      dice.whole(minimumOf(format), maximumOf(format)),
    );
    return table(operand, entries, dice.whole(-40, 40), dice.whole(0, 4), format, HERE);
  }
}

/** The values of the leaves, at random: ends of their ranges in one of two cases; and what shifts are read from. */
export function randomValues(dice: Dice, leaves: readonly Leaf[]): Map<string, number> {
  const within = (low: number, high: number): number =>
    dice.chance(0.5) ? dice.pick([low, high]) : dice.whole(low, high);
  const values = new Map(leaves.map(({ name, range }) => [name, within(...range)]));
  for (let most = 0; most <= 6; most++) values.set(`count${most}`, within(0, most));
  return values;
}
