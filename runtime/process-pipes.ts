import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnostic } from '../compiler/diagnostics/catalogue.js';
import { fail } from '../compiler/diagnostics/diagnostic.js';

/** Files by which this process speaks to another one and hears it, and what that one printed. */
export interface ProcessPipes {
  readonly to: number;
  readonly from: number;
  readonly printed: number;
  /** Ends the other process, whatever it is doing. */
  kill(): void;
}

/** Both ends of a pipe, so opened that neither waits; `isPolled`: reads and writes do not wait either. */
function openPipe(path: string, isPolled: boolean): { reader: number; writer: number } {
  const flag = isPolled ? constants.O_NONBLOCK : 0;
  // Without a reader, opening to write waits.
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY | flag);
  const reader = openSync(path, constants.O_RDONLY | flag);
  closeSync(first);
  return { reader, writer };
}

/** A folder for the names of pipes. Throws DiagnosticsError PL4014 where there is no place for one. */
function makeFolder(): string {
  const above = tmpdir();
  try {
    return mkdtempSync(join(above, 'plastron-pipe-'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      diagnostic(
        'PL4014',
        `no file can be made in \`${above}\` (${code}), the folder for temporary ones`,
        {
          help: 'name a folder that you may write to: TMPDIR=/path plastron …',
        },
      ),
    );
  }
}

/** Makes named pipes. Throws DiagnosticsError PL5501 where the system has no `mkfifo`. */
function makePipes(paths: readonly string[]): void {
  try {
    execFileSync('mkfifo', paths, { stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    fail(
      diagnostic('PL5501', '`mkfifo` is not installed: it makes the pipes to another process', {
        help: 'it is one of the core utilities of Linux and macOS; on Windows use WSL',
      }),
    );
  }
}

/**
 * Starts a program with a pipe either way, its files 3 (to read) and 4 (to write); no name of them stays behind. They are named pipes:
 * Node.js reads and writes those synchronously, which it does not do with the pipes that it makes itself. Where
 * `isPolled`, reading fails with EAGAIN while there is nothing, and writing while there is no room, instead of waiting.
 *
 * @throws DiagnosticsError PL5501 where the system cannot make named pipes, PL4014 where it has no place for them.
 */
export function startWithPipes(
  program: string,
  words: readonly string[] = [],
  isPolled = false,
): ProcessPipes {
  const folder = makeFolder();
  try {
    const [to, from, text] = ['to', 'from', 'text'].map((name) => join(folder, name));
    makePipes([to!, from!]);
    const printed = openSync(text!, 'w+');
    const there = openPipe(to!, isPolled);
    const back = openPipe(from!, isPolled);
    const child = spawn(program, [...words], {
      stdio: ['ignore', printed, printed, there.reader, back.writer],
    });
    // A program that does not start shows in the pipe, as one that ends does.
    child.on('error', () => undefined);
    child.unref();
    closeSync(there.reader);
    closeSync(back.writer);
    return { to: there.writer, from: back.reader, printed, kill: () => void child.kill('SIGKILL') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
