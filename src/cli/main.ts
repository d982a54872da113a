#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { EXIT } from './exit.js';
import { runCli } from './program.js';
import type { Host, Output } from './terminal.js';

/** A reader that went away (`plastron tasks | head`) is no error: what it does not want is not written. */
function quietWhenClosed(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => stream.writable && stream.write(text),
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
  };
}

function onInterrupt(interrupted: () => void): () => void {
  let times = 0;
  const heard = (): void => {
    times++;
    if (times > 1) process.exit(EXIT.interrupted);
    interrupted();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, heard);
  return () => {
    for (const signal of signals) process.off(signal, heard);
  };
}

/** The version of the package: three folders up from the compiled file. */
function packageVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}

const host: Host = {
  stdout: quietWhenClosed(process.stdout),
  stderr: quietWhenClosed(process.stderr),
  environment: process.env,
  clock: () => performance.now() / 1000,
  onInterrupt,
};

process.exitCode = await runCli(process.argv.slice(2), packageVersion(), host);
