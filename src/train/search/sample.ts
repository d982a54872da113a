import { type PairNoise, pairNoise } from './noise.js';

/**
 * A generation, as data that any worker can make its own members from: member 2p is centre + σ·ε(p), member
 * 2p + 1 is centre − σ·ε(p), with ε(p) standard normal numbers that depend on seed, generation and p alone.
 */
export interface Sample {
  readonly seed: number;
  readonly generation: number;
  readonly centre: Float64Array;
  /** One deviation per parameter. */
  readonly sigma: Float64Array;
  /** Where ε(p) is kept for the others who need it. */
  readonly noise: PairNoise;
}

/** Fills `into` with the parameters of a member of a generation. */
export function memberGenome(into: Float64Array, sample: Sample, member: number): Float64Array {
  const { seed, generation, centre, sigma } = sample;
  const noise = pairNoise(sample.noise, seed, generation, member >> 1);
  const side = member % 2 === 0 ? 1 : -1;
  for (let i = 0; i < into.length; i++) into[i] = centre[i]! + side * sigma[i]! * noise[i]!;
  return into;
}
