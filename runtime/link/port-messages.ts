import type { LinkFailure } from './failure.js';
import type { Request } from './host.js';
import type { PortFailure } from './port-failure.js';

/** What the process of a port is told. */
export const ORDER = { open: 1, greet: 2, exchange: 3 } as const;

/** What comes back: bytes, or a failure as JSON; before it signs that the process is at work. */
export const RESULT = { done: 0, failed: 1, portFailed: 2, working: 3 } as const;
/** Milliseconds between two signs. */
export const SIGN_MILLISECONDS = 1000;
export type AnyFailure = LinkFailure | PortFailure;

/** Before the bytes of a message: their number [4], order or result [1], and bytes sent over the line so far [4]. */
export const MESSAGE_HEAD = 9;

/** A message between the two processes of a port. */
export interface Message {
  readonly what: number;
  readonly sent: number;
  readonly bytes: Uint8Array;
}

export function encodeMessage({ what, sent, bytes }: Message): Uint8Array {
  const out = new Uint8Array(MESSAGE_HEAD + bytes.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint8(4, what);
  view.setUint32(5, sent, true);
  out.set(bytes, MESSAGE_HEAD);
  return out;
}

/** Bytes of the message that begins here; undefined where its head is not there yet. */
export const messageLength = (bytes: Uint8Array): number | undefined =>
  bytes.length < MESSAGE_HEAD
    ? undefined
    : MESSAGE_HEAD + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);

export function decodeMessage(bytes: Uint8Array): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    what: view.getUint8(4),
    sent: view.getUint32(5, true),
    bytes: bytes.slice(MESSAGE_HEAD),
  };
}

const HEAD = 7;

/** Requests one behind the other, and back. */
export function putRequests(requests: readonly Request[]): Uint8Array {
  const bytes = new Uint8Array(requests.reduce((n, { payload }) => n + HEAD + payload.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { type, payload, answerBytes, work } of requests) {
    view.setUint8(at, type);
    view.setUint16(at + 1, work, true);
    view.setUint16(at + 3, answerBytes, true);
    view.setUint16(at + 5, payload.length, true);
    bytes.set(payload, at + HEAD);
    at += HEAD + payload.length;
  }
  return bytes;
}

export function takeRequests(bytes: Uint8Array): Request[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const requests: Request[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint16(at + 5, true);
    requests.push({
      type: view.getUint8(at),
      work: view.getUint16(at + 1, true),
      answerBytes: view.getUint16(at + 3, true),
      payload: bytes.slice(at + HEAD, at + HEAD + length),
    });
    at += HEAD + length;
  }
  return requests;
}

/** Answers one behind the other, and back. */
export function putAnswers(answers: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(answers.reduce((n, { length }) => n + 2 + length, 0));
  let at = 0;
  for (const answer of answers) {
    bytes.set([answer.length & 255, answer.length >> 8], at);
    bytes.set(answer, at + 2);
    at += 2 + answer.length;
  }
  return bytes;
}

export function takeAnswers(bytes: Uint8Array): Uint8Array[] {
  const answers: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at]! + 256 * bytes[at + 1]!;
    answers.push(bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return answers;
}
