import type { BlockSynapses } from '../../program/cut.js';
import type { CoreConfiguration } from '../configuration.js';

/** Two words of 32 bits, the lower one first: what a host writes of a synapse beside weight and variable. */
export type Words = readonly [lower: number, upper: number];

export const sameWords = ([a, b]: Words, [c, d]: Words): boolean => a === c && b === d;

/** The coefficients of a synapse side by side, k0 lowest. */
export function vectorOf(
  { wordsPerProfile, profiles, coefficients }: BlockSynapses,
  k: number,
  { coefficientBits }: Pick<CoreConfiguration, 'coefficientBits'>,
): Words {
  const words: [number, number] = [0, 0];
  for (let i = 0; i < wordsPerProfile; i++) {
    const value = coefficients[profiles[k]! * wordsPerProfile + i]!;
    const low = i * coefficientBits;
    const half = low >= 32 ? 1 : 0;
    const bits = value & (2 ** coefficientBits - 1);
    words[half] = (words[half]! | (bits << (low - 32 * half))) >>> 0;
  }
  return words;
}

/** The vectors of coefficients that synapses have, each once, in the order in which they come. */
export function paletteOf(
  blocks: Iterable<BlockSynapses>,
  configuration: Pick<CoreConfiguration, 'coefficientBits'>,
): readonly Words[] {
  const found = new Map<string, Words>();
  for (const block of blocks) {
    if (block.wordsPerProfile === 0) continue;
    for (let k = 0; k < block.columns.length; k++) {
      const vector = vectorOf(block, k, configuration);
      found.set(vector.join(), vector);
    }
  }
  return [...found.values()];
}
