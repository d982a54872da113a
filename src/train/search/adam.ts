const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** The moments of Adam (Kingma & Ba 2015) and its step count, enough to resume. */
export interface AdamState {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly steps: number;
}

/** Fresh moments for `size` parameters. */
export function adamStart(size: number): AdamState {
  return { first: new Float64Array(size), second: new Float64Array(size), steps: 0 };
}

/** Moves `centre` up the gradient in place and returns the new moments. */
export function adamAscend(
  state: AdamState,
  centre: Float64Array,
  gradient: Float64Array,
  rate: number,
): AdamState {
  const steps = state.steps + 1;
  const correct1 = 1 - wholePower(BETA1, steps);
  const correct2 = 1 - wholePower(BETA2, steps);
  const first = new Float64Array(centre.length);
  const second = new Float64Array(centre.length);
  for (let i = 0; i < centre.length; i++) {
    const g = gradient[i]!;
    const m = BETA1 * state.first[i]! + (1 - BETA1) * g;
    const v = BETA2 * state.second[i]! + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    centre[i] = centre[i]! + (rate * (m / correct1)) / (Math.sqrt(v / correct2) + EPSILON);
  }
  return { first, second, steps };
}

/** base^n by squaring: `Math.pow` differs between engines in its last bit. */
function wholePower(base: number, n: number): number {
  let result = 1;
  let square = base;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
