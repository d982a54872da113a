/** What begins both halves of the hash of a trace. */
const START = [0x811c9dc5, 0x1b873593] as const;

/**
 * The hash of the trace records of a circuit, to the bits of harness/harness.h. Clocks in which the circuit is busy are numbered
 * from 0; in each, every valid record in order goes in as three words of 32 bits: the number of the clock, and the two halves of
 * the record.
 */
export class TraceHash {
  private h1: number = START[0];
  private h2: number = START[1];

  /** Takes one record of clock `now`. Numbers are taken modulo 2³². */
  record(now: number, high: number, low: number): void {
    this.word(now);
    this.word(high);
    this.word(low);
  }

  /** The two halves so far, unsigned. */
  get halves(): readonly [number, number] {
    return [this.h1 >>> 0, this.h2 >>> 0];
  }

  private word(word: number): void {
    this.h1 = Math.imul(this.h1 ^ word, 0x01000193);
    this.h2 = Math.imul(((this.h2 << 5) | (this.h2 >>> 27)) ^ word, 0x9e3779b1);
  }
}
