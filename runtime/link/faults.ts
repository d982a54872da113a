import type { Timers, Transport } from './transport.js';

/** What goes wrong on a line, as shares of bytes or bits. */
export interface Faults {
  readonly bitErrors: number;
  readonly lost?: number;
  readonly doubled?: number;
  /** Pieces that come late, by so many milliseconds. */
  readonly late?: { readonly share: number; readonly milliseconds: number };
}

/** A line with faults in both directions, drawn from `random` (0 … 1): for tests. */
export function faultyTransport(
  inner: Transport,
  faults: Faults,
  random: () => number,
  timers: Timers,
): Transport {
  const spoil = (bytes: Uint8Array): Uint8Array => {
    const out: number[] = [];
    for (const byte of bytes) {
      if (random() < (faults.lost ?? 0)) continue;
      let came = byte;
      for (let bit = 0; bit < 8; bit++) if (random() < faults.bitErrors) came ^= 1 << bit;
      out.push(came);
      if (random() < (faults.doubled ?? 0)) out.push(came);
    }
    return Uint8Array.from(out);
  };
  const pass = (bytes: Uint8Array, to: (bytes: Uint8Array) => void): void => {
    const { share, milliseconds } = faults.late ?? { share: 0, milliseconds: 0 };
    if (random() < share) timers.after(milliseconds, () => to(bytes));
    else to(bytes);
  };
  const outer: Transport = {
    bytesPerSecond: inner.bytesPerSecond,
    onBytes: undefined,
    onClosed: undefined,
    write: (bytes) => pass(spoil(bytes), (b) => inner.write(b)),
    close: () => inner.close(),
  };
  inner.onBytes = (bytes) => pass(spoil(bytes), (b) => outer.onBytes?.(b));
  inner.onClosed = (closed) => outer.onClosed?.(closed);
  return outer;
}
