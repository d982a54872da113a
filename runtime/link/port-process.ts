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
  SIGN_MILLISECONDS,
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
/** Tells who waits that this process is not stuck: the deadlines of what it does are kept here. */
let signs: NodeJS.Timeout | undefined;

const timers: Timers = {
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

function say(what: number, bytes: Uint8Array): void {
  results.write(encodeMessage({ what, sent: host?.sent ?? 0, bytes }));
}

function finish(what: number, bytes: Uint8Array): void {
  clearInterval(signs);
  say(what, bytes);
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
  if (requests.length === 0) finish(RESULT.done, new Uint8Array(0));
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
  signs = setInterval(() => say(RESULT.working, new Uint8Array(0)), SIGN_MILLISECONDS);
  if (message.what === ORDER.open) void open(message.bytes);
  else if (message.what === ORDER.greet) greet();
  else exchange(message.bytes);
});
/** Ends this process and lets the port go. Not by `exit`, which waits for a port that is just being opened. */
const end = (): void => void process.kill(process.pid, 'SIGKILL');
orders.on('close', end);
results.on('error', end);
