import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files by which this process speaks to another one and hears it, and what that one printed. */
export interface ProcessPipes {
  readonly to: number;
  readonly from: number;
  readonly printed: number;
}

/** Both ends of a pipe, so opened that neither waits. */
function openPipe(path: string): { reader: number; writer: number } {
  // Without a reader, opening to write waits. This one is let go: its reads would not wait for data.
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const reader = openSync(path, constants.O_RDONLY);
  closeSync(first);
  return { reader, writer };
}

/**
 * Starts a program with a pipe either way, its files 3 (to read) and 4 (to write); no name of them stays behind. They are named pipes:
 * Node.js reads and writes those synchronously, which it does not do with the pipes that it makes itself.
 */
export function startWithPipes(program: string, words: readonly string[] = []): ProcessPipes {
  const folder = mkdtempSync(join(tmpdir(), 'plastron-pipe-'));
  try {
    const [to, from, text] = ['to', 'from', 'text'].map((name) => join(folder, name));
    execFileSync('mkfifo', [to!, from!]);
    const printed = openSync(text!, 'w+');
    const there = openPipe(to!);
    const back = openPipe(from!);
    const child = spawn(program, [...words], {
      stdio: ['ignore', printed, printed, there.reader, back.writer],
    });
    // A program that does not start shows in the pipe, as one that ends does.
    child.on('error', () => undefined);
    child.unref();
    closeSync(there.reader);
    closeSync(back.writer);
    return { to: there.writer, from: back.reader, printed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
