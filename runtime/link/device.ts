import { type AddressSpace, performAccesses } from './accesses.js';
import {
  ANSWER,
  ANSWERED,
  encodeFrame,
  type Frame,
  FrameReader,
  REFUSAL,
  REQUEST,
} from './frame.js';
import { decodeHello, encodeGreeting, PROTOCOL_VERSION } from './greeting.js';
import { performHash } from './hash.js';

/** What is served has come to a state in which only a greeting helps: nothing is answered, and the host is forgotten. */
export class DeviceRestart extends Error {}

/** What a device serves. Accesses may throw DeviceRestart. */
export interface Served extends AddressSpace {
  /** What it is: the identity of its greeting. */
  readonly identity: Uint8Array;
  /** What a button would do. */
  reset(): void;
}

/** What a device has room for. */
export interface DeviceLimits {
  /** Requests that it keeps until those before them are there: 1 … 64. */
  readonly window: number;
  /** The longest payload. */
  readonly maximum: number;
  /** Whether it makes hashes, and knows `reset`. */
  readonly hashes: boolean;
}

/**
 * The device's end of a link, in TypeScript: bytes in, bytes out. It does each request once and in order; the answers to the last
 * ones are kept, for a request that comes again wants its answer and not to be done again.
 */
export class LinkDevice {
  private readonly reader: FrameReader;
  /** The number that is to be done next; undefined before a greeting. */
  private next: number | undefined;
  private largest: number;
  /** Requests that came before their turn, and answers that may be asked for again, by their number. */
  private readonly early = new Map<number, Frame>();
  private readonly answers = new Map<number, Uint8Array>();
  /** The number that was asked for again. */
  private asked: number | undefined;

  constructor(
    private readonly served: Served,
    private readonly send: (bytes: Uint8Array) => void,
    private readonly limits: DeviceLimits,
  ) {
    this.largest = limits.maximum;
    this.reader = new FrameReader(limits.maximum, (frame) => this.take(frame));
  }

  /** Takes bytes from the line. */
  receive(bytes: Uint8Array): void {
    this.reader.push(bytes);
  }

  /** Forgets its host, as a device does that is switched on. */
  restart(): void {
    this.next = undefined;
    this.early.clear();
    this.answers.clear();
  }

  private take(frame: Frame): void {
    try {
      this.takeInTurn(frame);
    } catch (error) {
      if (!(error instanceof DeviceRestart)) throw error;
      this.restart();
    }
  }

  private takeInTurn(frame: Frame): void {
    const { type, sequence } = frame;
    if (type === REQUEST.hello) {
      this.greet(frame);
      return;
    }
    if (this.next === undefined) {
      this.refuse(sequence, REFUSAL.stranger);
      return;
    }
    const ahead = (sequence - this.next) & 255;
    if (ahead === 0) {
      this.perform(frame);
      this.catchUp();
    } else if (ahead < this.limits.window) {
      this.early.set(sequence, frame);
      this.askAgain(this.next);
    } else {
      const answer = this.answers.get(sequence);
      if (answer) this.send(answer);
    }
  }

  /** A greeting begins anew: what was under way is forgotten. */
  private greet({ sequence, payload }: Frame): void {
    const theirs = decodeHello(payload);
    const { window, maximum } = this.limits;
    if (theirs !== undefined) {
      this.early.clear();
      this.answers.clear();
      this.asked = undefined;
      this.next = (sequence + 1) & 255;
      this.largest = Math.min(maximum, theirs);
    }
    const { identity } = this.served;
    const greeting = encodeGreeting({
      version: PROTOCOL_VERSION,
      window,
      maximum,
      hashes: this.limits.hashes,
      identity,
    });
    this.send(encodeFrame({ type: REQUEST.hello | ANSWERED, sequence, payload: greeting }));
  }

  private perform(frame: Frame): void {
    const { type, sequence } = frame;
    this.next = (sequence + 1) & 255;
    this.asked = undefined;
    const payload = this.answerTo(frame);
    const answer =
      payload === undefined
        ? refusal(sequence, REFUSAL.meaningless)
        : encodeFrame({ type: type | ANSWERED, sequence, payload });
    this.answers.set(sequence, answer);
    this.answers.delete((sequence - this.limits.window) & 255);
    this.send(answer);
  }

  /** Does what came before its turn. */
  private catchUp(): void {
    for (;;) {
      const frame = this.early.get(this.next!);
      if (!frame) break;
      this.early.delete(frame.sequence);
      this.perform(frame);
    }
    if (this.early.size > 0) this.askAgain(this.next!);
  }

  private answerTo({ type, payload }: Frame): Uint8Array | undefined {
    if (type === REQUEST.access) return performAccesses(payload, this.served, this.largest);
    if (!this.limits.hashes) return undefined;
    if (type === REQUEST.hash) return performHash(payload, this.served);
    if (type !== REQUEST.reset || payload.length > 0) return undefined;
    this.served.reset();
    return new Uint8Array(0);
  }

  private askAgain(sequence: number): void {
    if (this.asked === sequence) return;
    this.asked = sequence;
    this.send(encodeFrame({ type: ANSWER.again, sequence, payload: new Uint8Array(0) }));
  }

  private refuse(sequence: number, reason: number): void {
    this.send(refusal(sequence, reason));
  }
}

const refusal = (sequence: number, reason: number): Uint8Array =>
  encodeFrame({ type: ANSWER.refused, sequence, payload: Uint8Array.of(reason) });
