import type { Served } from '../../runtime/link/device.js';

/** Words at addresses, for a device that is nothing more. */
export class WordMemory implements Served {
  readonly identity = new TextEncoder().encode('memory');
  /** How often something was written. */
  writes = 0;
  private readonly words = new Map<number, number>();

  get isEmpty(): boolean {
    return this.words.size === 0;
  }

  write(address: number, word: number): void {
    this.writes++;
    this.words.set(address, word | 0);
  }

  read(address: number): number {
    return this.words.get(address) ?? 0;
  }

  reset(): void {
    this.words.clear();
  }
}

/** Numbers from 0 to 1 that follow from a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
