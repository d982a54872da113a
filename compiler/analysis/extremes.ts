/** The least and the largest of values, of any number of them: `Math.max(...values)` ends where the stack does. */
export function extremesOf(values: ArrayLike<number>): readonly [least: number, largest: number] {
  let least = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    largest = Math.max(largest, values[i]!);
  }
  return [least, largest];
}

/** The largest magnitude of values; 0 where there is none. */
export function largestMagnitude(values: ArrayLike<number>): number {
  if (values.length === 0) return 0;
  const [least, largest] = extremesOf(values);
  return Math.max(-least, largest);
}
