import { closeSync, readSync, writeSync } from 'node:fs';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { type ProcessPipes, startWithPipes } from '../../../runtime/process-pipes.js';
import type { HarnessLink } from './queued-simulator.js';

/** Bytes that are kept of what a process printed. */
const PRINTED = 4096;

/**
 * A harness in a process of its own, reached over two pipes. The process ends when this one does, or after `close`; when it ends
 * before, `exchange` throws PL5503.
 */
export class ProcessLink implements HarnessLink {
  private readonly files: ProcessPipes;
  private bytes = Buffer.alloc(1 << 12);
  private words = wordsOf(this.bytes);
  private dead = false;

  constructor(program: string) {
    this.files = startWithPipes(program);
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
