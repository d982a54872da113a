import type { Output } from './terminal.js';

/** Seconds between lines where a line cannot be rewritten. */
const PAUSE = 5;

const CLEAR_LINE = '\r\u001b[2K';

/** Progress of something long: one line, rewritten, on a terminal; elsewhere a line now and then. */
export class ProgressLine {
  private shown = false;
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly output: Output,
    private readonly clock: () => number,
  ) {}

  /** Shows `text`; `final` shows it even when it is not yet time for another line. */
  show(text: string, final = false): void {
    if (this.output.isTTY) {
      const columns = this.output.columns ?? 80;
      this.output.write(`${CLEAR_LINE}${[...text].slice(0, columns - 1).join('')}`);
      this.shown = true;
      return;
    }
    if (!final && this.clock() - this.last < PAUSE) return;
    this.last = this.clock();
    this.output.write(`${text}\n`);
  }

  /** Takes the line away, so that other text can be written. */
  clear(): void {
    if (this.shown) this.output.write(CLEAR_LINE);
    this.shown = false;
    this.last = Number.NEGATIVE_INFINITY;
  }
}
