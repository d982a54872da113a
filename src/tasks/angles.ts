/** A direction in the plane: cosine and sine. */
export interface Direction {
  readonly x: number;
  readonly y: number;
}

const EIGHTH = 45;
/** π / 180 as a double. */
const RADIANS_PER_DEGREE = 0.017453292519943295;

/**
 * The unit vector at an angle in degrees. The angle is reduced exactly to the first eighth of the circle and the
 * Taylor series (to degree 17, error below 1e-16 there) is evaluated with adds and multiplications only, so the
 * result is the same on every engine; multiples of 90 give exactly 0 and ±1.
 */
export function directionAt(degrees: number): Direction {
  const turn = ((degrees % 360) + 360) % 360;
  const quadrant = Math.floor(turn / 90);
  const rest = turn - quadrant * 90;
  const { x, y } = firstQuadrant(rest);
  switch (quadrant) {
    case 0:
      return { x, y };
    case 1:
      return { x: 0 - y, y: x };
    case 2:
      return { x: 0 - x, y: 0 - y };
    default:
      return { x: y, y: 0 - x };
  }
}

function firstQuadrant(degrees: number): Direction {
  if (degrees === EIGHTH) return { x: Math.SQRT1_2, y: Math.SQRT1_2 };
  if (degrees > EIGHTH) {
    const { x, y } = firstQuadrant(90 - degrees);
    return { x: y, y: x };
  }
  const r = degrees * RADIANS_PER_DEGREE;
  return { x: series(r, 0), y: r * series(r, 1) };
}

/** Σ (−1)^k r^2k / (2k + odd)! by Horner's scheme: the cosine (odd = 0) or the sine divided by r (odd = 1). */
function series(r: number, odd: 0 | 1): number {
  let sum = 1;
  for (let k = 8; k >= 1; k--) sum = 1 - (sum * r * r) / ((2 * k - 1 + odd) * (2 * k + odd));
  return sum;
}

/** `count` angles in degrees, evenly spaced around the circle, the first one at `offset`. */
export function evenAngles(count: number, offset: number): number[] {
  return Array.from({ length: count }, (_, k) => offset + (k * 360) / count);
}
