import { type DeviceLimits, LinkDevice, type Served } from './device.js';
import { LinkError, type LinkFailure } from './failure.js';
import type { Greeting } from './greeting.js';
import { LinkHost, type Patience, type Request } from './host.js';
import { memoryPair } from './memory-transport.js';
import { SimulatedTime } from './simulated-time.js';
import { Gathering, type SynchronousLink } from './synchronous.js';
import type { Timers, Transport } from './transport.js';

/** How a link in memory differs from a perfect one at a megabaud. */
export interface MemoryLinkOptions {
  readonly limits?: DeviceLimits;
  readonly baud?: number;
  readonly patience?: Patience;
  /** Puts faults between the host and the line. */
  readonly between?: (line: Transport, timers: Timers) => Transport;
  /** What it is called in messages. */
  readonly port?: string;
}

/** Bits on the line for a byte: start, eight, stop. */
export const BITS_PER_BYTE = 10;

/** What a device in memory has room for. */
export const MEMORY_LIMITS: DeviceLimits = { window: 8, maximum: 1024, hashes: true };

/** A host and a device in this thread, joined by a line in simulated time: whoever waits lets the time pass. */
export class MemoryLink implements SynchronousLink {
  readonly port: string;
  readonly baud: number;
  readonly device: LinkDevice;
  readonly host: LinkHost;
  private readonly time = new SimulatedTime();

  constructor(served: Served, options: MemoryLinkOptions = {}) {
    const {
      baud = 1_000_000,
      port = 'virtual',
      limits = MEMORY_LIMITS,
      between,
      patience,
    } = options;
    this.port = port;
    this.baud = baud;
    const [host, end] = memoryPair(this.time, baud / BITS_PER_BYTE);
    this.device = new LinkDevice(served, (bytes) => end.write(bytes), limits);
    end.onBytes = (bytes) => this.device.receive(bytes);
    this.host = new LinkHost(between ? between(host, this.time) : host, this.time, patience);
  }

  get sent(): number {
    return this.host.sent;
  }

  /** Milliseconds of the simulated line. */
  get milliseconds(): number {
    return this.time.now;
  }

  greet(): Greeting {
    let result: Greeting | LinkFailure | undefined;
    this.host.greet((found) => {
      result = found;
    });
    this.until(() => result !== undefined);
    if ('kind' in result!) throw new LinkError(result, this.port);
    return result!;
  }

  exchange(requests: readonly Request[]): readonly Uint8Array[] {
    const gathering = new Gathering(requests.length);
    for (const [i, request] of requests.entries()) {
      this.host.ask(request, (result) => gathering.put(i, result));
    }
    this.until(() => gathering.left === 0);
    if (gathering.failure) throw new LinkError(gathering.failure, this.port);
    return gathering.answers;
  }

  close(): void {
    this.host.close();
  }

  private until(isDone: () => boolean): void {
    while (!isDone()) {
      if (!this.time.next()) throw new Error('nothing is under way, and an answer is awaited');
    }
  }
}
