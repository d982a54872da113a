import { draw } from '../../compiler/levels/numbers/draw.js';

/** A stream of random numbers for tests: the seed in a test's name repeats it. */
export class Dice {
  private count = 0;
  constructor(readonly seed: number) {}

  /** 32 bits. */
  word(): number {
    return draw(this.seed, 0, this.count++, 0, 0, 0);
  }

  /** A real number in [low, high). */
  real(low: number, high: number): number {
    return low + (this.word() / 2 ** 32) * (high - low);
  }

  /** An integer of [low, high]. */
  whole(low: number, high: number): number {
    return Math.min(high, Math.floor(this.real(low, high + 1)));
  }

  chance(probability: number): boolean {
    return this.real(0, 1) < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)]!;
  }
}
