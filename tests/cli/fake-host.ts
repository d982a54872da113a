import { runCli } from '../../src/cli/program.js';
import type { Host } from '../../src/cli/terminal.js';

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FakeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  /** Called with what takes Ctrl-C's place. */
  readonly onInterrupt?: Host['onInterrupt'];
}

/** A host that keeps what is written; its clock moves a second with every look. */
export function fakeHost(options: FakeOptions = {}): {
  readonly host: Host;
  readonly written: () => { readonly stdout: string; readonly stderr: string };
} {
  const { environment = {}, isTTY = false, onInterrupt = () => () => {} } = options;
  let stdout = '';
  let stderr = '';
  let seconds = 0;
  const host: Host = {
    stdout: {
      write: (text) => {
        stdout += text;
      },
      isTTY,
      columns: 60,
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
      isTTY,
      columns: 60,
    },
    environment,
    clock: () => seconds++,
    onInterrupt,
  };
  return { host, written: () => ({ stdout, stderr }) };
}

/** Runs a command line in this process, so that tests need no compiled files and little time. */
export async function plastron(words: readonly string[], options?: FakeOptions): Promise<Ran> {
  const { host, written } = fakeHost(options);
  const exit = await runCli(words, '1.2.3', host);
  return { exit, ...written() };
}
