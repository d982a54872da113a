#!/usr/bin/env node
import { createRequire } from 'node:module';
import { EXIT } from './exit.js';
import { runCli } from './program.js';
import type { Host, Output } from './terminal.js';

/** Whether something could not be written that somebody wanted to read. */
let lost = false;

/** A reader that went away (`plastron tasks | head`) is no error: what it does not want is not written. A full disk is one. */
function quietWhenClosed(stream: NodeJS.WriteStream, name: string): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || lost) return;
    lost = true;
    process.exitCode = EXIT.diagnostics;
    process.stderr.write(`error: ${name} cannot be written (${error.code})\n`);
  });
  return {
    write: (text) => stream.writable && stream.write(text),
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
  };
}

/** Milliseconds in which a second signal is the first one again: npm passes on what the terminal has sent already. */
const ECHO = 500;

function onInterrupt(interrupted: () => void): () => void {
  let first: number | undefined;
  const heard = (): void => {
    const now = performance.now();
    if (first === undefined) interrupted();
    else if (now - first > ECHO) process.exit(EXIT.interrupted);
    first ??= now;
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, heard);
  return () => {
    for (const signal of signals) process.off(signal, heard);
  };
}

/** The version of the package: three folders up from the compiled file. An import of node:fs would load all of its streams. */
function packageVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)('../../../package.json');
  return version;
}

const host: Host = {
  stdout: quietWhenClosed(process.stdout, 'standard output'),
  stderr: quietWhenClosed(process.stderr, 'standard error'),
  environment: process.env,
  clock: () => performance.now() / 1000,
  onInterrupt,
};

const exit = await runCli(process.argv.slice(2), packageVersion(), host);
process.exitCode = lost && exit === EXIT.ok ? EXIT.diagnostics : exit;
