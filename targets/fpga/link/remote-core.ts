import {
  type Access,
  accessBytes,
  answerBytes,
  encodeAccesses,
  wordAt,
} from '../../../runtime/link/accesses.js';
import { REQUEST } from '../../../runtime/link/frame.js';
import type { Greeting } from '../../../runtime/link/greeting.js';
import { encodeHash, hashWords, MOST_HASHED, numberOf } from '../../../runtime/link/hash.js';
import type { Request } from '../../../runtime/link/host.js';
import type { SynchronousLink } from '../../../runtime/link/synchronous.js';
import type { CoreConfiguration } from '../configuration.js';
import { addressIn, type CoreDevice, REGISTER } from '../memory-map.js';
import { readsOf, writesOf } from './words.js';

/** Milliseconds that a step, or a hash of a region, may take a board. */
const WORK = 200;

/** Words that are kept at most until something is read. */
const MOST_KEPT = 16_384;

const CYCLES = Uint32Array.of(
  addressIn('registers', REGISTER.cycles),
  addressIn('registers', REGISTER.cyclesHigh),
);

/** The addresses of a read, and where its words are among those of all reads. */
type Reads = ReturnType<typeof readsOf>;

/**
 * A core at the other end of a link. What is written is kept until something is read: a step is one round trip. What a board was
 * told to do it does before it takes the next access, so that nothing waits here for a command to end.
 */
export class RemoteCore implements CoreDevice {
  /** Bytes that were written to memories, as they go over the line. */
  private kept: Access[] = [];
  private keptWords = 0;
  private runAddress = -1;
  private readonly run32: number[] = [];
  /** What a step reads is the same in every step. */
  private readonly known = new WeakMap<Uint32Array, Reads>();

  constructor(
    readonly link: SynchronousLink,
    private readonly greeting: Greeting,
    readonly configuration: CoreConfiguration,
  ) {}

  write(address: number, data: number): void {
    if (address !== this.runAddress + this.run32.length) this.endRun();
    if (this.run32.length === 0) this.runAddress = address;
    this.run32.push(data | 0);
    if (++this.keptWords >= MOST_KEPT) this.flush();
  }

  read(address: number): number {
    return this.readAll(Uint32Array.of(address))[0]!;
  }

  readAll(addresses: Uint32Array): Uint32Array {
    let reads = this.known.get(addresses);
    if (!reads) {
      reads = readsOf(addresses, this.configuration);
      this.known.set(addresses, reads);
    }
    const words = this.exchange(reads.accesses);
    return reads.places.map((place) => words[place]!);
  }

  run(command: number): number {
    const [before, beforeHigh] = this.readAll(CYCLES);
    const [after, afterHigh] = this.runAndRead(command, CYCLES);
    return after! - before! + (afterHigh! - beforeHigh!) * 2 ** 32;
  }

  runAndRead(command: number, addresses: Uint32Array): Uint32Array {
    this.endRun();
    this.write(addressIn('registers', REGISTER.command), command);
    return this.readAll(addresses);
  }

  /** CRC-32 of each stretch of words, made by the board; by this computer where the board makes none. */
  hashes(stretches: readonly { readonly address: number; readonly count: number }[]): number[] {
    this.flush();
    if (!this.greeting.hashes) {
      const addresses = stretches.flatMap(({ address, count }) =>
        Array.from({ length: count }, (_, i) => address + i),
      );
      const words = this.readAll(Uint32Array.from(addresses));
      let end = 0;
      return stretches.map(({ count }) => {
        end += count;
        return hashWords(words.subarray(end - count, end));
      });
    }
    const requests = stretches.map(({ address, count }): Request => {
      if (count > MOST_HASHED) throw new Error('a hash of too many words');
      return {
        type: REQUEST.hash,
        payload: encodeHash(address, count),
        answerBytes: 4,
        work: WORK,
      };
    });
    return this.link.exchange(requests).map(numberOf);
  }

  /** Sends what is kept, and waits until it is there. */
  flush(): void {
    if (this.keptWords > 0) this.exchange([]);
  }

  close(): void {
    this.link.close();
  }

  private endRun(): void {
    if (this.run32.length === 0) return;
    this.kept.push(...writesOf(this.runAddress, this.run32));
    this.run32.length = 0;
    this.runAddress = -1;
  }

  /** Sends what is kept and then reads; the words that were read. */
  private exchange(reads: readonly Access[]): Uint32Array {
    this.endRun();
    const accesses = [...this.kept, ...reads];
    this.kept = [];
    this.keptWords = 0;
    const requests = packed(accesses, this.greeting.maximum);
    const answers = this.link.exchange(requests.map(({ request }) => request));
    const words = new Uint32Array(reads.reduce((n, a) => n + (a.kind === 'read' ? a.count : 0), 0));
    let given = 0;
    for (const [i, { reads: asked }] of requests.entries()) {
      let at = 0;
      for (const access of asked) {
        if (access.kind !== 'read') continue;
        for (let k = 0; k < access.count; k++, at += access.width) {
          words[given++] = wordAt(answers[i]!, at, access.width);
        }
      }
    }
    return words;
  }
}

/** Requests that hold accesses in their order, none longer than a device takes, and no answer either. */
export function packed(
  accesses: readonly Access[],
  maximum: number,
): readonly { readonly request: Request; readonly reads: readonly Access[] }[] {
  const requests: { request: Request; reads: readonly Access[] }[] = [];
  let part: Access[] = [];
  let sent = 0;
  let answered = 0;
  const finish = (): void => {
    if (part.length === 0) return;
    const payload = encodeAccesses(part);
    requests.push({
      request: { type: REQUEST.access, payload, answerBytes: answered, work: WORK },
      reads: part.filter(({ kind }) => kind === 'read'),
    });
    part = [];
    sent = 0;
    answered = 0;
  };
  for (const access of accesses.flatMap((a) => fitting(a, maximum))) {
    const [bytes, back] = [accessBytes(access), answerBytes(access)];
    // A byte ends the list.
    if (sent + bytes + 1 > maximum || answered + back > maximum) finish();
    part.push(access);
    sent += bytes;
    answered += back;
  }
  finish();
  return requests;
}

/** An access in parts that each fit into a request and an answer. */
function fitting(access: Access, maximum: number): readonly Access[] {
  if (accessBytes(access) < maximum && answerBytes(access) <= maximum) return [access];
  const { kind, address, width } = access;
  if (kind === 'fill') return [access];
  const most = Math.floor((maximum - 6) / width);
  const count = kind === 'write' ? access.words.length : access.count;
  const parts: Access[] = [];
  for (let from = 0; from < count; from += most) {
    const size = Math.min(most, count - from);
    const at = address + from;
    if (kind === 'read') parts.push({ kind, address: at, width, count: size });
    else {
      const words = Array.from({ length: size }, (_, i) => access.words[from + i]!);
      parts.push({ kind, address: at, width, words });
    }
  }
  return parts;
}
