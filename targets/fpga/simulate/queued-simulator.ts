import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { CircuitSimulator, TraceMode } from './simulator.js';

/** The way to a harness (harness/harness.h) and back. */
export interface HarnessLink {
  /**
   * Sends `words`, whose first holds the number of those behind it, and gives the words of the answer, which stay as they are
   * until the next call.
   */
  exchange(words: Uint32Array): Uint32Array;
  close(): void;
}

const MODES: Readonly<Record<TraceMode, number>> = { off: 0, hashes: 1, records: 2 };

/** Words of each command, its number included. */
const LENGTHS = [0, 3, 2, 2, 5, 1, 1, 1] as const;

/** The answer to a run that came to no end. */
const LIMIT_HIT = 0xffffffff;

/** Words after which a queue is sent though nobody waits for an answer. */
const LONG_QUEUE = 1 << 16;

const hex = (address: number): string => `0x${address.toString(16).padStart(6, '0')}`;

/** What the faults of harness.h say of the address, or the command, that follows them. */
const FAULTS: Readonly<Record<number, (what: number) => string>> = {
  1: (what) => `the circuit takes no transfer at ${hex(what)}`,
  2: (what) => `the circuit gives no data for the read of ${hex(what)}`,
};

/** Speaks the commands of harness.h over a link. */
export class QueuedSimulator implements CircuitSimulator {
  private queue = new Uint32Array(256);
  /** Words in the queue; the first is kept for their number. */
  private length = 1;
  private closed = false;

  constructor(private readonly link: HarnessLink) {
    this.reset();
  }

  write(address: number, data: number): void {
    this.command(1, address, data);
  }

  read(address: number): number {
    this.command(2, address);
    return this.exchange()[0]!;
  }

  readAll(addresses: ArrayLike<number>): Uint32Array {
    // Room for all of them: a queue that is sent because it is long would lose the answers to its first reads.
    if (this.length + 2 * addresses.length > LONG_QUEUE) this.exchange();
    for (let i = 0; i < addresses.length; i++) this.put(2, addresses[i]!);
    return this.exchange().slice();
  }

  run(command: number, limit: number): number {
    this.command(1, 0, command);
    this.command(3, limit);
    const busy = this.exchange()[0]!;
    if (busy === LIMIT_HIT) {
      fail(
        diagnostic(
          'PL5504',
          `the circuit has not done command ${command & 0xffff} after ${limit} clocks`,
        ),
      );
    }
    return busy;
  }

  trace(mode: TraceMode, window = 1, from = 0, to = 0xffffffff): void {
    this.command(4, MODES[mode], window, from, to);
  }

  traced(): Uint32Array {
    this.command(5);
    return this.exchange().slice(1);
  }

  reset(): void {
    this.command(6);
  }

  clocks(): number {
    this.command(7);
    const [low, high] = this.exchange();
    return high! * 2 ** 32 + low!;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.link.close();
  }

  /** Queues a command; one that answers must be followed by `exchange`. */
  private command(code: number, a = 0, b = 0, c = 0, d = 0): void {
    if (this.length + LENGTHS[code]! > LONG_QUEUE) this.exchange();
    this.put(code, a, b, c, d);
  }

  /** Words in the order of harness.h, without an array: a step allocates nothing. */
  private put(code: number, a = 0, b = 0, c = 0, d = 0): void {
    const at = this.length;
    if (at + 5 > this.queue.length) this.lengthen();
    const { queue } = this;
    queue[at] = code;
    queue[at + 1] = a;
    queue[at + 2] = b;
    queue[at + 3] = c;
    queue[at + 4] = d;
    this.length = at + LENGTHS[code]!;
  }

  private lengthen(): void {
    const longer = new Uint32Array(2 * this.queue.length);
    longer.set(this.queue.subarray(0, this.length));
    this.queue = longer;
  }

  /** Sends the queue; the answers to it, without the fault that stands before them. */
  private exchange(): Uint32Array {
    if (this.closed) throw new Error('the simulator was closed');
    const message = this.queue.subarray(0, this.length);
    message[0] = this.length - 1;
    this.length = 1;
    const answer = this.link.exchange(message);
    const fault = answer[0]!;
    if (fault === 0) return answer.subarray(1);
    const text = FAULTS[fault];
    if (text === undefined) throw new Error(`the harness does not know command ${answer[1]}`);
    return fail(diagnostic('PL5504', text(answer[1]!), { notes: ['waited 100000 clocks'] }));
  }
}
