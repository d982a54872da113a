import { closeSync, readSync, writeSync } from 'node:fs';
import { type ProcessPipes, startWithPipes } from '../process-pipes.js';
import { workerFile } from '../worker-file.js';
import { LinkError, type LinkFailure } from './failure.js';
import { decodeGreeting, type Greeting } from './greeting.js';
import type { Request } from './host.js';
import { type PortFailure, portFailed } from './port-failure.js';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  messageLength,
  ORDER,
  putRequests,
  RESULT,
  takeAnswers,
} from './port-messages.js';
import type { SynchronousLink } from './synchronous.js';

/**
 * A link over a serial port, for code that waits: a process of its own speaks to the port, and keeps the deadlines. It ends when this
 * one does, or after `close`.
 */
export class PortLink implements SynchronousLink {
  readonly port: string;
  sent = 0;
  private readonly files: ProcessPipes;
  private bytes = new Uint8Array(4096);
  private isOpen = true;

  /** `name`: what the port is called in messages. Throws PL6010 … PL6012 or PL6015 where it cannot be opened. */
  constructor(
    path: string,
    readonly baud: number,
    name = path,
  ) {
    this.port = name;
    const file = workerFile(import.meta.url, 'runtime/link', 'port-process.js');
    this.files = startWithPipes(process.execPath, [file]);
    try {
      this.order(ORDER.open, new TextEncoder().encode(JSON.stringify({ path, baud })));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  greet(): Greeting {
    return decodeGreeting(this.order(ORDER.greet, new Uint8Array(0)))!;
  }

  exchange(requests: readonly Request[]): readonly Uint8Array[] {
    return takeAnswers(this.order(ORDER.exchange, putRequests(requests)));
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const file of [this.files.to, this.files.from, this.files.printed]) closeSync(file);
  }

  /** Has the process do something, and waits until it is done. */
  private order(what: number, bytes: Uint8Array): Uint8Array {
    if (!this.isOpen) throw new Error('the link was closed');
    const message = encodeMessage({ what, sent: 0, bytes });
    for (let done = 0; done < message.length; ) done += this.write(message.subarray(done));
    const result = this.receive();
    this.sent = result.sent;
    if (result.what === RESULT.done) return result.bytes;
    const failure: unknown = JSON.parse(new TextDecoder().decode(result.bytes));
    if (result.what === RESULT.portFailed) portFailed(failure as PortFailure);
    throw new LinkError(failure as LinkFailure, this.port);
  }

  private write(bytes: Uint8Array): number {
    try {
      return writeSync(this.files.to, bytes);
    } catch {
      return this.died();
    }
  }

  private receive(): Message {
    let length = 0;
    for (;;) {
      const whole = messageLength(this.bytes.subarray(0, length));
      if (whole !== undefined && whole <= length)
        return decodeMessage(this.bytes.subarray(0, whole));
      if (whole !== undefined && whole > this.bytes.length) {
        const longer = new Uint8Array(whole);
        longer.set(this.bytes.subarray(0, length));
        this.bytes = longer;
      }
      const read = readSync(this.files.from, this.bytes, length, this.bytes.length - length, null);
      if (read === 0) this.died();
      length += read;
    }
  }

  /** A process that ends by itself takes the port with it. */
  private died(): never {
    const text = Buffer.alloc(4096);
    const printed = text.toString('utf8', 0, readSync(this.files.printed, text, 0, text.length, 0));
    const reason = printed.trim().split('\n').at(-1) || 'the process of the port has ended';
    throw new LinkError({ kind: 'closed', waitedFor: '`exchange`', reason }, this.port);
  }
}
