/** Ranks from 0 (worst) to n − 1 (best); equal fitnesses share the mean of their ranks. NaN ranks worst. */
export function ranksOf(fitness: ArrayLike<number>): Float64Array {
  const value = (i: number): number => (Number.isNaN(fitness[i]!) ? -Infinity : fitness[i]!);
  const order = Array.from({ length: fitness.length }, (_, i) => i);
  order.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a - b));
  const ranks = new Float64Array(fitness.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && value(order[end]!) === value(order[start]!)) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}

/** Ranks spread evenly over [−0.5, 0.5], so that only the order of fitnesses matters. */
export function centredRanks(fitness: ArrayLike<number>): Float64Array {
  const ranks = ranksOf(fitness);
  const last = Math.max(1, fitness.length - 1);
  return ranks.map((r) => r / last - (fitness.length > 1 ? 0.5 : 0));
}
