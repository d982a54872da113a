/** One figure of the bench: a median with the least and the largest of its rounds. */
export interface Figure {
  readonly median: number;
  readonly low: number;
  readonly high: number;
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

/** Units a second, over some rounds after one that warms up. */
export async function rateOf(round: Round, rounds: number): Promise<Figure> {
  await round();
  const rates: number[] = [];
  for (let i = 0; i < rounds; i++) rates.push(await rate(round));
  return figureOf(rates);
}

/**
 * How many times faster `fast` is than `slow`: both run in turn, in pairs, after one round that warms up. What else the
 * machine does slows both of a pair.
 */
export async function ratioOf(fast: Round, slow: Round, rounds: number): Promise<Figure> {
  await fast();
  await slow();
  const ratios: number[] = [];
  for (let i = 0; i < rounds; i++) ratios.push((await rate(fast)) / (await rate(slow)));
  return figureOf(ratios);
}
