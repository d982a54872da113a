/** One figure of the bench: a median with the least and the largest of its rounds. */
export interface Figure {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The ratio of two rates, and the median of each. */
export interface Measured extends Figure {
  readonly left: number;
  readonly right: number;
}

/** The median, the least and the largest of some numbers. */
export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, low: sorted[0]!, high: sorted.at(-1)! };
}

/** One round of some work: how many units it did, and in how many seconds. */
export type Round = () => Promise<readonly [units: number, seconds: number]>;

/** A round that is work alone; it gives how many units it did. */
export function timed(work: () => number): Round {
  return async () => {
    const started = performance.now();
    const units = work();
    return [units, (performance.now() - started) / 1000];
  };
}

const rate = async (round: Round): Promise<number> => {
  const [units, seconds] = await round();
  return units / seconds;
};

/** Units a second, over some rounds after one (or so many) that warms up. */
export async function rateOf(round: Round, rounds: number, warmUps = 1): Promise<Figure> {
  for (let i = 0; i < warmUps; i++) await round();
  const rates: number[] = [];
  for (let i = 0; i < rounds; i++) rates.push(await rate(round));
  return figureOf(rates);
}

/** A rate against one that was measured elsewhere. */
export async function againstRecorded(
  round: Round,
  recorded: number,
  rounds: number,
): Promise<Measured> {
  const { median, low, high } = await rateOf(round, rounds);
  const ratio = figureOf([low, median, high].map((left) => left / recorded));
  return { ...ratio, left: median, right: recorded };
}

/**
 * How many times faster `left` is than `right`: both run in turn, in pairs, after some rounds that warm up. What else the
 * machine does slows both of a pair.
 */
export async function ratioOf(
  left: Round,
  right: Round,
  rounds: number,
  warmUps = 1,
): Promise<Measured> {
  for (let i = 0; i < warmUps; i++) {
    await left();
    await right();
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < rounds; i++) pairs.push([await rate(left), await rate(right)]);
  return {
    ...figureOf(pairs.map(([l, r]) => l / r)),
    left: figureOf(pairs.map(([l]) => l)).median,
    right: figureOf(pairs.map(([, r]) => r)).median,
  };
}
