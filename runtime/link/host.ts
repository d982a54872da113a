import type { LinkFailure } from './failure.js';
import {
  ANSWER,
  ANSWERED,
  encodeFrame,
  type Frame,
  FrameReader,
  REFUSAL,
  REQUEST,
  wireBytes,
} from './frame.js';
import { decodeGreeting, encodeHello, type Greeting, PROTOCOL_VERSION } from './greeting.js';
import type { Timers, Transport } from './transport.js';

/** What is asked of a device. */
export interface Request {
  /** One of `REQUEST`. */
  readonly type: number;
  readonly payload: Uint8Array;
  /** Bytes of the answer's payload. */
  readonly answerBytes: number;
  /** Milliseconds that the device may work on it. */
  readonly work: number;
}

/** How patient a host is. */
export interface Patience {
  /** Milliseconds between the last byte of a request and the first of its answer, beyond the work. */
  readonly latency: number;
  /** How often a request is sent before it fails. */
  readonly tries: number;
}

export const PATIENCE: Patience = { latency: 50, tries: 12 };

/** What a request comes to. */
export type Done = (answer: Uint8Array | LinkFailure) => void;

interface Flight {
  readonly request: Request;
  readonly wire: Uint8Array;
  readonly sequence: number;
  readonly done: Done;
  /** How often its deadline began, and milliseconds of those that passed. */
  tries: number;
  waited: number;
  /** Whether it was repeated before its deadline: once at most in each. */
  isHurried: boolean;
  cancel: () => void;
}

/** The longest payload that a host takes or sends. */
export const HOST_MAXIMUM = 4096;

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(REQUEST).map(([name, type]) => [type, name]),
);

/**
 * The host's end of a link. A request is sent again until its answer comes; as many are under way as the device takes, and only the
 * one that is missing is repeated. A device does each of them once, in the order in which they were asked for.
 */
export class LinkHost {
  /** Frames that were sent more than once. */
  repeated = 0;
  /** Bytes that were sent. */
  sent = 0;
  private greeting: Greeting | undefined;
  private sequence = 0;
  private readonly flights: Flight[] = [];
  private readonly waiting: { request: Request; done: Done }[] = [];
  private reason: string | undefined;
  /** What became of the device since it was greeted. */
  private lost: ((waitedFor: string) => LinkFailure) | undefined;
  private readonly reader = new FrameReader(HOST_MAXIMUM, (frame) => this.answered(frame));

  constructor(
    private readonly transport: Transport,
    private readonly timers: Timers,
    private readonly patience: Patience = PATIENCE,
  ) {
    transport.onBytes = (bytes) => this.reader.push(bytes);
    transport.onClosed = ({ reason }) => this.closed(reason);
  }

  /**
   * Greets the device: what was under way before is forgotten at both ends. The greeting's `maximum` is what both ends take.
   */
  greet(done: (result: Greeting | LinkFailure) => void): void {
    this.failAll((waitedFor) => ({ kind: 'forgotten', waitedFor }));
    const payload = encodeHello(HOST_MAXIMUM);
    this.send({ type: REQUEST.hello, payload, answerBytes: 64, work: 0 }, (answer) => {
      if (!(answer instanceof Uint8Array)) {
        done(answer.kind === 'refused' ? { kind: 'foreign', version: undefined } : answer);
        return;
      }
      const theirs = decodeGreeting(answer);
      if (theirs?.version === PROTOCOL_VERSION) {
        this.greeting = { ...theirs, maximum: Math.min(theirs.maximum, HOST_MAXIMUM) };
        done(this.greeting);
      } else done({ kind: 'foreign', version: theirs?.version });
    });
  }

  /** Asks; `done` is called once, with the answer or with why there is none. Who failed is asked nothing more until it is greeted. */
  ask(request: Request, done: Done): void {
    if (!this.greeting) {
      if (!this.lost) throw new Error('the device was not greeted');
      done(this.lost(nameOf(request)));
      return;
    }
    if (request.payload.length > this.greeting.maximum) throw new Error('a request too long');
    this.waiting.push({ request, done });
    this.fill();
  }

  close(): void {
    this.transport.close();
  }

  /** Sends what fits into the window: numbers from the oldest that is unanswered. */
  private fill(): void {
    const window = this.greeting?.window ?? 1;
    while (this.waiting.length > 0) {
      const [oldest] = this.flights;
      if (oldest && ((this.sequence - oldest.sequence) & 255) >= window) return;
      const { request, done } = this.waiting.shift()!;
      this.send(request, done);
    }
  }

  private send(request: Request, done: Done): void {
    const sequence = this.sequence;
    this.sequence = (sequence + 1) & 255;
    if (this.reason !== undefined) {
      done({ kind: 'closed', waitedFor: nameOf(request), reason: this.reason });
      return;
    }
    const { type, payload } = request;
    const wire = encodeFrame({ type, sequence, payload });
    const flight: Flight = {
      request,
      wire,
      sequence,
      done,
      tries: 0,
      waited: 0,
      isHurried: false,
      cancel: () => undefined,
    };
    this.flights.push(flight);
    this.launch(flight);
  }

  /** Sends a request, again or for the first time, and waits for its answer. */
  private launch(flight: Flight): void {
    if (flight.tries > 0) this.repeated++;
    flight.tries++;
    flight.isHurried = false;
    this.put(flight);
    const milliseconds = this.deadlineOf(flight);
    flight.cancel = this.timers.after(milliseconds, () => {
      flight.waited += milliseconds;
      if (flight.tries < this.patience.tries) this.launch(flight);
      else this.silent(flight);
    });
  }

  /** Repeats a request whose answer is known to be missing. Its deadline stays: that is what bounds the wait. */
  private hurry(flight: Flight): void {
    if (flight.isHurried) return;
    flight.isHurried = true;
    this.repeated++;
    this.put(flight);
  }

  private put({ wire }: Flight): void {
    this.sent += wire.length;
    this.transport.write(wire);
  }

  /** All that is under way may go over the line before the answer does. */
  private deadlineOf(flight: Flight): number {
    let bytes = 0;
    let { work } = flight.request;
    for (const other of this.flights) {
      bytes += other.wire.length + wireBytes(other.request.answerBytes);
      if (other !== flight) work += other.request.work;
    }
    return (1000 * bytes) / this.transport.bytesPerSecond + this.patience.latency + work;
  }

  private answered({ type, sequence, payload }: Frame): void {
    if (type === ANSWER.again) {
      const missing = this.flights.find((flight) => flight.sequence === sequence);
      if (missing) this.hurry(missing);
      return;
    }
    const at = this.flights.findIndex((flight) => flight.sequence === sequence);
    const flight = this.flights[at];
    if (!flight) return;
    if (type === ANSWER.refused) {
      this.refused(flight, payload[0]);
      return;
    }
    const { request } = flight;
    if (type !== (request.type | ANSWERED)) return;
    if (request.type !== REQUEST.hello && payload.length !== request.answerBytes) return;
    this.flights.splice(at, 1);
    flight.cancel();
    // Requests are done in their order: answers to those before it were lost.
    for (const before of this.flights.slice(0, at)) this.hurry(before);
    flight.done(payload);
    this.fill();
  }

  private refused(flight: Flight, reason: number | undefined): void {
    if (reason === REFUSAL.stranger) {
      this.failAll((waitedFor) => ({ kind: 'restarted', waitedFor }));
      return;
    }
    this.flights.splice(this.flights.indexOf(flight), 1);
    flight.cancel();
    flight.done({ kind: 'refused', waitedFor: nameOf(flight.request) });
    this.fill();
  }

  /** A device that does not answer one request answers none. */
  private silent({ waited, tries }: Flight): void {
    this.failAll((waitedFor) => ({ kind: 'silent', waitedFor, seconds: waited / 1000, tries }));
  }

  private closed(reason: string): void {
    this.reason = reason;
    this.failAll((waitedFor) => ({ kind: 'closed', waitedFor, reason }));
  }

  private failAll(failure: (waitedFor: string) => LinkFailure): void {
    const asked = [...this.flights.splice(0), ...this.waiting.splice(0)];
    this.greeting = undefined;
    this.lost = failure;
    for (const each of asked) {
      if ('cancel' in each) each.cancel();
      each.done(failure(nameOf(each.request)));
    }
  }
}

const nameOf = ({ type }: Request): string => `\`${NAMES[type] ?? type}\``;
