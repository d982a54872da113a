import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';

/** Takes a text piece by piece. */
export interface TextSink {
  write(text: string): void;
}

/** What a trace may grow to: 512 MiB. */
export const MOST_BYTES = 2 ** 29;

const CHUNK = 2 ** 16;

/** Keeps a text as UTF-8, so that it may be longer than a string can be. */
export class MemorySink implements TextSink {
  private readonly chunks: Uint8Array[] = [];
  private pending: string[] = [];
  private characters = 0;
  private length = 0;

  /** `most` bytes at most. */
  constructor(private readonly most = MOST_BYTES) {}

  /** Throws DiagnosticsError PL4413 when the text has passed the limit. */
  write(text: string): void {
    this.pending.push(text);
    this.characters += text.length;
    if (this.characters >= CHUNK) this.flush();
  }

  /** All that was written. */
  bytes(): Uint8Array {
    this.flush();
    return Buffer.concat(this.chunks);
  }

  private flush(): void {
    const chunk = new TextEncoder().encode(this.pending.join(''));
    this.pending = [];
    this.characters = 0;
    this.length += chunk.length;
    this.chunks.push(chunk);
    if (this.length <= this.most) return;
    fail(
      diagnostic('PL4413', `the trace passed ${this.most.toLocaleString('en')} bytes`, {
        help: 'trace fewer steps (--steps) or, in a .vcd, fewer signals (--signals)',
      }),
    );
  }
}
