/** An array in the memory of a module: `length` elements of `stride` bytes. */
export interface Placed {
  readonly offset: number;
  readonly length: number;
  readonly stride: number;
}

const PAGE = 65536;
/** Four lanes of 32 bits. */
export const VECTOR = 16;

/** Places arrays one after the other in a memory. */
export class Layout {
  private next: number;

  /** `start`: bytes that are taken already. */
  constructor(start = 0) {
    this.next = Math.ceil(start / VECTOR) * VECTOR;
  }

  /** Elements of four lanes each: one value per member of the batch. */
  lanes(length: number): Placed {
    return this.place(length, VECTOR);
  }

  /** Elements of four lanes of 16 bits. */
  halfLanes(length: number): Placed {
    return this.place(length, VECTOR / 2);
  }

  /** Plain 32-bit words, padded so that vectors may be read to the end. */
  words(length: number): Placed {
    return this.place(length, 4);
  }

  /** Elements of four lanes of float64. */
  wideLanes(length: number): Placed {
    return this.place(length, 2 * VECTOR);
  }

  /** Plain float64 numbers. */
  doubles(length: number): Placed {
    return this.place(length, 8);
  }

  /** Bytes placed so far. */
  get bytes(): number {
    return this.next;
  }

  get pages(): number {
    return Math.max(1, Math.ceil(this.next / PAGE));
  }

  private place(length: number, stride: number): Placed {
    const placed = { offset: this.next, length, stride };
    this.next += Math.ceil((length * stride) / VECTOR) * VECTOR;
    return placed;
  }
}
