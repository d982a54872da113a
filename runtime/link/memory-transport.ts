import type { Closed, Timers, Transport } from './transport.js';

/** One direction of a line in memory: bytes go through one behind the other, as fast as the line is. */
class MemoryEnd implements Transport {
  onBytes: Transport['onBytes'];
  onClosed: Transport['onClosed'];
  /** Bytes that were sent from here. */
  sent = 0;
  private other: MemoryEnd | undefined;
  private isOpen = true;
  private waiting: Uint8Array[] = [];
  private isBusy = false;

  constructor(
    readonly bytesPerSecond: number,
    private readonly timers: Timers,
  ) {}

  join(other: MemoryEnd): void {
    this.other = other;
  }

  write(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    this.sent += bytes.length;
    this.waiting.push(bytes.slice());
    this.carry();
  }

  close(): void {
    this.closed({ reason: 'closed' });
    this.other?.closed({ reason: 'the other end was closed' });
  }

  private carry(): void {
    if (this.isBusy) return;
    const bytes = this.waiting.shift();
    if (!bytes) return;
    this.isBusy = true;
    this.timers.after((1000 * bytes.length) / this.bytesPerSecond, () => {
      this.isBusy = false;
      if (this.isOpen) this.other?.onBytes?.(bytes);
      this.carry();
    });
  }

  private closed(closed: Closed): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.waiting = [];
    this.onClosed?.(closed);
  }
}

/** The two ends of a line in memory. */
export function memoryPair(
  timers: Timers,
  bytesPerSecond: number,
): readonly [host: MemoryEnd, device: MemoryEnd] {
  const [host, device] = [
    new MemoryEnd(bytesPerSecond, timers),
    new MemoryEnd(bytesPerSecond, timers),
  ];
  host.join(device);
  device.join(host);
  return [host, device];
}
