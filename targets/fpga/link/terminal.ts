import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A pseudo-terminal: what is written to one end is read at the other. */
export interface PseudoTerminal {
  /** The file of this end. */
  readonly master: number;
  /** That of the other; as long as it is open, a host may come and go. */
  readonly slave: number;
  /** What a host opens. */
  readonly path: string;
}

/** What the binary of the package offers, of which its own interface shows less. */
interface PtyBinary {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** Opens a pseudo-terminal; undefined on systems that have none, or where the package with its binary is missing. */
export function openTerminal(): PseudoTerminal | undefined {
  try {
    const load = createRequire(import.meta.url);
    const { requireBinary } = load('@lydell/node-pty/requireBinary.js') as {
      requireBinary(file: string): PtyBinary;
    };
    const { master, slave, pty } = requireBinary('pty.node').open(80, 24);
    return { master, slave, path: pty };
  } catch {
    return undefined;
  }
}

/** Bytes that wait at most; what comes then is lost, as on a line that nobody reads. */
const MOST_WAITING = 2 ** 16;

/** Milliseconds after which it is tried again whether there is room. */
const PAUSE = 2;

/** Writes to a pseudo-terminal, whose own room is small, without waiting for its reader. */
export class TerminalOutput {
  private waiting: Uint8Array[] = [];
  private bytes = 0;
  private isPlanned = false;

  constructor(private readonly file: number) {}

  send(bytes: Uint8Array): void {
    if (this.bytes + bytes.length > MOST_WAITING) return;
    this.waiting.push(bytes);
    this.bytes += bytes.length;
    if (!this.isPlanned) this.drain();
  }

  private drain(): void {
    this.isPlanned = false;
    for (;;) {
      const first = this.waiting[0];
      if (!first) return;
      const written = this.write(first);
      this.bytes -= written;
      if (written === first.length) this.waiting.shift();
      else {
        this.waiting[0] = first.subarray(written);
        this.isPlanned = true;
        setTimeout(() => this.drain(), PAUSE);
        return;
      }
    }
  }

  /** Bytes that had room, or that are lost: where there is no line any more. */
  private write(bytes: Uint8Array): number {
    try {
      return writeSync(this.file, bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : bytes.length;
    }
  }
}
