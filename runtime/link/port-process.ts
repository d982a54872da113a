import { Socket } from 'node:net';
import type { LinkFailure } from './failure.js';
import { encodeGreeting } from './greeting.js';
import { LinkHost } from './host.js';
import {
  type AnyFailure,
  decodeMessage,
  encodeMessage,
  messageLength,
  ORDER,
  putAnswers,
  RESULT,
  takeRequests,
} from './port-messages.js';
import { openSerial } from './serial.js';
import { Gathering } from './synchronous.js';
import type { Timers } from './transport.js';

/**
 * The process of a port: the port, and the host's end of the protocol, told what to do by a process that waits meanwhile. It is no
 * thread: the library of serial ports works in the main thread of a process alone. It ends when the other process lets go of it.
 */
const orders = new Socket({ fd: 3, readable: true, writable: false });
const results = new Socket({ fd: 4, readable: false, writable: true });
let host: LinkHost | undefined;

const timers: Timers = {
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

function finish(what: number, bytes: Uint8Array): void {
  results.write(encodeMessage({ what, sent: host?.sent ?? 0, bytes }));
}

function failed(failure: AnyFailure): void {
  const bytes = new TextEncoder().encode(JSON.stringify(failure));
  finish('path' in failure ? RESULT.portFailed : RESULT.failed, bytes);
}

async function open(bytes: Uint8Array): Promise<void> {
  const { path, baud }: { path: string; baud: number } = JSON.parse(
    new TextDecoder().decode(bytes),
  );
  try {
    host = new LinkHost(await openSerial(path, baud), timers);
    finish(RESULT.done, new Uint8Array(0));
  } catch (error) {
    failed({ path, message: error instanceof Error ? error.message : String(error) });
  }
}

function greet(): void {
  host?.greet((result) => {
    if ('kind' in result) failed(result);
    else finish(RESULT.done, encodeGreeting(result));
  });
}

function exchange(bytes: Uint8Array): void {
  const requests = takeRequests(bytes);
  const gathering = new Gathering(requests.length);
  for (const [i, request] of requests.entries()) {
    host?.ask(request, (result: Uint8Array | LinkFailure) => {
      gathering.put(i, result);
      if (gathering.left > 0) return;
      if (gathering.failure) failed(gathering.failure);
      else finish(RESULT.done, putAnswers(gathering.answers));
    });
  }
}

let waiting = new Uint8Array(0);
orders.on('data', (bytes: Uint8Array) => {
  waiting = Uint8Array.from([...waiting, ...bytes]);
  const length = messageLength(waiting);
  if (length === undefined || waiting.length < length) return;
  const message = decodeMessage(waiting);
  waiting = new Uint8Array(0);
  if (message.what === ORDER.open) void open(message.bytes);
  else if (message.what === ORDER.greet) greet();
  else exchange(message.bytes);
});
orders.on('close', () => {
  host?.close();
  results.destroy();
});
results.on('error', () => host?.close());
