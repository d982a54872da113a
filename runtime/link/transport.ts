/** Why a line is closed. */
export interface Closed {
  /** What the system says of it. */
  readonly reason: string;
}

/**
 * A line of bytes to a device. Nothing above it knows what it is made of: a serial port, a pseudo-terminal, Web Serial, memory.
 * Bytes may be lost, changed, doubled or late on it.
 */
export interface Transport {
  /** Bytes per second that the line carries. */
  readonly bytesPerSecond: number;
  /** Sends bytes, at once or when the line is free; never waits. */
  write(bytes: Uint8Array): void;
  /** Who hears what comes; one listener each. */
  onBytes: ((bytes: Uint8Array) => void) | undefined;
  onClosed: ((closed: Closed) => void) | undefined;
  close(): void;
}

/** Time, as far as the link needs it: real, or simulated in tests. */
export interface Timers {
  /** Calls back after so many milliseconds; what it returns takes the call back. */
  after(milliseconds: number, action: () => void): () => void;
}
