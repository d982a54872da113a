import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { HarnessLink } from './queued-simulator.js';

/** Bytes that are kept of what a process printed. */
const PRINTED = 4096;

/** Both ends of a pipe, so opened that neither waits. */
function openPipe(path: string): { reader: number; writer: number } {
  // Without a reader, opening to write waits. This one is let go: its reads would not wait for data.
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const reader = openSync(path, constants.O_RDONLY);
  closeSync(first);
  return { reader, writer };
}

/** Starts the program with a pipe either way; no name of them stays behind. */
function start(program: string): { to: number; from: number; printed: number } {
  const folder = mkdtempSync(join(tmpdir(), 'plastron-pipe-'));
  try {
    const [to, from, text] = ['to', 'from', 'text'].map((name) => join(folder, name));
    execFileSync('mkfifo', [to!, from!]);
    const printed = openSync(text!, 'w+');
    const there = openPipe(to!);
    const back = openPipe(from!);
    const child = spawn(program, [], {
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

/**
 * A harness in a process of its own, reached over two named pipes: Node.js reads and writes those synchronously, which it does
 * not do with the pipes that it makes itself. The process ends when this one does, or after `close`; when it ends before,
 * `exchange` throws PL5503.
 */
export class ProcessLink implements HarnessLink {
  private readonly files: { to: number; from: number; printed: number };
  private bytes = Buffer.alloc(1 << 12);
  private words = wordsOf(this.bytes);
  private dead = false;

  constructor(program: string) {
    this.files = start(program);
  }

  exchange(message: Uint32Array): Uint32Array {
    if (this.dead) return this.died();
    this.send(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
    return this.receive();
  }

  close(): void {
    closeSync(this.files.to);
    closeSync(this.files.from);
    closeSync(this.files.printed);
  }

  private send(bytes: Buffer): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.files.to, bytes, done, bytes.length - done);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') this.died();
      throw error;
    }
  }

  private receive(): Uint32Array {
    for (let done = 0, length = 4; done < length; ) {
      const read = readSync(this.files.from, this.bytes, done, this.bytes.length - done, null);
      if (read === 0) this.died();
      done += read;
      if (done >= 4) length = 4 * (1 + this.words[0]!);
      if (length > this.bytes.length) this.lengthen(length);
    }
    return this.words.subarray(1, 1 + this.words[0]!);
  }

  private lengthen(length: number): void {
    const longer = Buffer.alloc(length);
    this.bytes.copy(longer);
    this.bytes = longer;
    this.words = wordsOf(longer);
  }

  private died(): never {
    this.dead = true;
    const bytes = Buffer.alloc(PRINTED);
    const text = bytes.toString('utf8', 0, readSync(this.files.printed, bytes, 0, PRINTED, 0));
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const notes = lines.length > 0 ? lines.slice(-8) : ['it printed nothing'];
    return fail(diagnostic('PL5503', 'the process of the circuit has ended', { notes }));
  }
}

const wordsOf = (bytes: Buffer): Uint32Array =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
