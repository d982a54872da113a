import type { LinkFailure } from './failure.js';
import type { Greeting } from './greeting.js';
import type { Request } from './host.js';

/** A link whose answers are waited for: what a machine, whose steps return, needs. */
export interface SynchronousLink {
  /** What it is called in messages. */
  readonly port: string;
  /** Bits per second of the line. */
  readonly baud: number;
  /** Bytes that were sent. */
  readonly sent: number;
  /** Greets the device, which forgets what was under way. Throws LinkError. */
  greet(): Greeting;
  /** Asks all of these, as many at once as the device takes; the answers in the order of the requests. Throws LinkError. */
  exchange(requests: readonly Request[]): readonly Uint8Array[];
  close(): void;
}

/** The answers of several requests, or the first failure among them. */
export class Gathering {
  left: number;
  failure: LinkFailure | undefined;
  readonly answers: Uint8Array[] = [];

  constructor(count: number) {
    this.left = count;
  }

  /** Takes what request `index` came to. */
  put(index: number, result: Uint8Array | LinkFailure): void {
    this.left--;
    if (result instanceof Uint8Array) this.answers[index] = result;
    else this.failure ??= result;
  }
}
