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
  MESSAGE_HEAD,
  type Message,
  messageLength,
  ORDER,
  putRequests,
  RESULT,
  takeAnswers,
} from './port-messages.js';
import type { SynchronousLink } from './synchronous.js';

/** Milliseconds after which a process that gives no sign hangs: long for one that starts on a busy computer. */
const SILENCE = 10_000;

/** Milliseconds between two looks for an answer: short while it may come at once, for a step is a round trip. */
const PAUSE = { short: 0.05, long: 1, after: 5 };

const ORDER_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(ORDER).map(([name, order]) => [order, `\`${name}\``]),
);

/**
 * A link over a serial port, for code that waits: a process of its own speaks to the port, keeps the deadlines, and gives signs while
 * it does. It ends when this one does, or after `close`.
 */
export class PortLink implements SynchronousLink {
  readonly port: string;
  sent = 0;
  private readonly files: ProcessPipes;
  private bytes = new Uint8Array(4096);
  private isOpen = true;
  /** What is waited for. */
  private awaited = '';

  /**
   * `name`: what the port is called in messages; `silence`: milliseconds that its process may give no sign. Throws PL6010 … PL6012 or
   * PL6015 where it cannot be opened.
   */
  constructor(
    path: string,
    readonly baud: number,
    name = path,
    private readonly silence = SILENCE,
  ) {
    this.port = name;
    const file = workerFile(import.meta.url, 'runtime/link', 'port-process.js');
    this.files = startWithPipes(process.execPath, [file], true);
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
    this.awaited = ORDER_NAMES[what]!;
    const message = encodeMessage({ what, sent: 0, bytes });
    for (let done = 0; done < message.length; ) {
      done += this.polled(() => writeSync(this.files.to, message, done));
    }
    let result = this.receive();
    while (result.what === RESULT.working) result = this.receive();
    this.sent = result.sent;
    if (result.what === RESULT.done) return result.bytes;
    const failure: unknown = JSON.parse(new TextDecoder().decode(result.bytes));
    if (result.what === RESULT.portFailed) portFailed(failure as PortFailure);
    throw new LinkError(failure as LinkFailure, this.port);
  }

  /** The next message. No more than one is under way: signs, and what ends the waiting, are read whole. */
  private receive(): Message {
    this.fill(0, MESSAGE_HEAD);
    const length = messageLength(this.bytes)!;
    if (length > this.bytes.length) {
      const longer = new Uint8Array(length);
      longer.set(this.bytes.subarray(0, MESSAGE_HEAD));
      this.bytes = longer;
    }
    this.fill(MESSAGE_HEAD, length);
    return decodeMessage(this.bytes.subarray(0, length));
  }

  /** Reads the bytes of a message up to `to`. */
  private fill(from: number, to: number): void {
    while (from < to) {
      const at = from;
      const read = this.polled(() => readSync(this.files.from, this.bytes, at, to - at, null));
      if (read === 0) this.died();
      from += read;
    }
  }

  /** Reads or writes as soon as the process has sent something, or has taken what was sent before. */
  private polled(attempt: () => number): number {
    const since = performance.now();
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') this.died();
        if (code !== 'EAGAIN') throw error;
      }
      const waited = performance.now() - since;
      if (waited > this.silence) this.hangs();
      sleep(waited < PAUSE.after ? PAUSE.short : PAUSE.long);
    }
  }

  /** A process that ends by itself takes the port with it. */
  private died(): never {
    const text = Buffer.alloc(4096);
    const printed = text.toString('utf8', 0, readSync(this.files.printed, text, 0, text.length, 0));
    return this.gone(printed.trim().split('\n').at(-1) || 'the process of the port has ended');
  }

  private hangs(): never {
    this.files.kill();
    const seconds = this.silence / 1000;
    return this.gone(`the process of the port gave no sign for ${seconds} s: its driver hangs`);
  }

  private gone(reason: string): never {
    throw new LinkError({ kind: 'closed', waitedFor: this.awaited, reason }, this.port);
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const sleep = (milliseconds: number): void => void Atomics.wait(sleeper, 0, 0, milliseconds);
