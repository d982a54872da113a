import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAccesses, wordAt } from '../../runtime/link/accesses.js';
import { type DeviceLimits, LinkDevice } from '../../runtime/link/device.js';
import { LinkError, type LinkFailure } from '../../runtime/link/failure.js';
import { type Faults, faultyTransport } from '../../runtime/link/faults.js';
import {
  encodeFrame,
  type Frame,
  FrameReader,
  REQUEST,
  wireBytes,
} from '../../runtime/link/frame.js';
import { encodeHello } from '../../runtime/link/greeting.js';
import { encodeHash, hashWords, numberOf } from '../../runtime/link/hash.js';
import { HOST_MAXIMUM, LinkHost, type Request } from '../../runtime/link/host.js';
import { MemoryLink } from '../../runtime/link/memory-link.js';
import { memoryPair } from '../../runtime/link/memory-transport.js';
import { SimulatedTime } from '../../runtime/link/simulated-time.js';
import type { Transport } from '../../runtime/link/transport.js';
import { randomFrom, WordMemory } from './word-memory.js';

const SMALL: DeviceLimits = { window: 1, maximum: 64, hashes: true };
const WIDE: DeviceLimits = { window: 8, maximum: 256, hashes: true };

/** A request that adds to a count by writing, and reads back what it wrote. */
function counting(i: number): Request {
  const payload = encodeAccesses([
    { kind: 'write', address: 4 * i, width: 4, words: [i * 0x9e3779b1, ~i, i] },
    { kind: 'read', address: 4 * i, width: 4, count: 3 },
  ]);
  return { type: REQUEST.access, payload, answerBytes: 12, work: 0 };
}

/** A line from which answers are dropped. */
function without(line: Transport, isDropped: (frame: Frame) => boolean): Transport {
  const outer: Transport = {
    bytesPerSecond: line.bytesPerSecond,
    onBytes: undefined,
    onClosed: undefined,
    write: (bytes) => line.write(bytes),
    close: () => line.close(),
  };
  const reader = new FrameReader(4096, (frame) => {
    if (!isDropped(frame)) outer.onBytes?.(encodeFrame(frame));
  });
  line.onBytes = (bytes) => reader.push(bytes);
  line.onClosed = (closed) => outer.onClosed?.(closed);
  return outer;
}

/** A link with faults, and its memory. */
function faulty(limits: DeviceLimits, faults: Faults, seed: number) {
  const memory = new WordMemory();
  const random = randomFrom(seed);
  const link = new MemoryLink(memory, {
    limits,
    patience: { latency: 5, tries: 30 },
    between: (line, timers) => faultyTransport(line, faults, random, timers),
  });
  link.greet();
  return { link, memory };
}

/** Why something failed. */
function failureOf(attempt: () => unknown): LinkFailure {
  try {
    attempt();
  } catch (error) {
    if (error instanceof LinkError) return error.failure;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('a faulty line', () => {
  const faults: Faults = {
    bitErrors: 1e-4,
    lost: 1e-4,
    doubled: 1e-4,
    late: { share: 0.001, milliseconds: 12 },
  };

  it.each([
    ['a window of 1', SMALL],
    ['a window of 8', WIDE],
  ] as const)('delivers 10,000 requests, each done once, to %s', (_, limits) => {
    const { link, memory } = faulty(limits, faults, 1);
    for (let from = 0; from < 10_000; from += 500) {
      const requests = Array.from({ length: 500 }, (_, i) => counting(from + i));
      for (const [i, answer] of link.exchange(requests).entries()) {
        const n = from + i;
        const words = [0, 4, 8].map((at) => wordAt(answer, at, 4));
        expect(words).toEqual([(n * 0x9e3779b1) | 0, ~n, n]);
      }
    }
    expect(memory.writes).toBe(30_000);
    expect(link.host.repeated).toBeGreaterThan(10);
  });

  it('ends in a clear error within its deadline where nothing gets through', () => {
    const memory = new WordMemory();
    const random = randomFrom(3);
    let isCut = false;
    const link = new MemoryLink(memory, {
      between: (line, timers) =>
        faultyTransport(line, { bitErrors: 0, lost: 0 }, () => (isCut ? -1 : random()), timers),
    });
    link.greet();
    isCut = true;
    const before = link.milliseconds;
    expect(() => link.exchange([counting(1)])).toThrow(
      /PL6001: virtual does not answer: waited 0\.\d\d s for the answer to `access`, asked 12 times/,
    );
    expect(link.milliseconds - before).toBeLessThan(1000);
  });

  it('repeats a request once when its answer is lost, though seven later answers come', () => {
    let isLost = false;
    const memory = new WordMemory();
    const link = new MemoryLink(memory, {
      limits: WIDE,
      between: (line) =>
        without(line, ({ sequence }) => {
          if (sequence !== 3 || isLost) return false;
          isLost = true;
          return true;
        }),
    });
    link.greet();
    expect(link.exchange(Array.from({ length: 20 }, (_, i) => counting(i)))).toHaveLength(20);
    expect(memory.writes).toBe(60);
    expect(link.host.repeated).toBe(1);
  });

  it('says how long it really waited where one answer never comes', () => {
    const link = new MemoryLink(new WordMemory(), {
      limits: WIDE,
      between: (line) => without(line, ({ sequence }) => sequence === 1),
    });
    link.greet();
    const before = link.milliseconds;
    const asked = Array.from({ length: 20 }, (_, i) => counting(i));
    const failure = failureOf(() => link.exchange(asked));
    expect(failure).toMatchObject({ kind: 'silent', tries: 12 });
    if (failure.kind !== 'silent') return;
    expect(1000 * failure.seconds).toBeCloseTo(link.milliseconds - before, 0);
    // Each deadline, and once in each of them a later answer, sends it again.
    expect(link.host.repeated).toBeLessThanOrEqual(2 * 12 * 8);
  });

  it('tells everyone who waits that the device was greeted anew', () => {
    const time = new SimulatedTime();
    const [line, end] = memoryPair(time, 1e5);
    const device = new LinkDevice(new WordMemory(), (bytes) => end.write(bytes), SMALL);
    end.onBytes = (bytes) => device.receive(bytes);
    const host = new LinkHost(line, time);
    const results: unknown[] = [];
    host.greet(() => {
      host.ask(counting(1), (result) => results.push(result));
      host.ask(counting(2), (result) => results.push(result));
      host.greet(() => host.ask(counting(3), (result) => results.push(result)));
    });
    while (time.next());
    const forgotten = { kind: 'forgotten', waitedFor: '`access`' };
    expect(results).toEqual([forgotten, forgotten, expect.any(Uint8Array)]);
  });

  it('makes frames no longer than both ends take', () => {
    const limits = { window: 1, maximum: 3 * HOST_MAXIMUM, hashes: true };
    expect(new MemoryLink(new WordMemory(), { limits }).greet().maximum).toBe(HOST_MAXIMUM);
    expect(new MemoryLink(new WordMemory(), { limits: SMALL }).greet().maximum).toBe(64);
  });

  it('goes on after the cable was pulled at random: 10,000 frames, nothing wrong is taken, nothing hangs', () => {
    const count = 10_000;
    const memory = new WordMemory();
    const random = randomFrom(7);
    let pulled = 0;
    let repeated = 0;
    for (let done = 0; done < count; ) {
      const link = new MemoryLink(memory, {
        limits: WIDE,
        between: (line, timers) => {
          timers.after(20 + 200 * random(), () => line.close());
          return faultyTransport(line, { bitErrors: 1e-4 }, random, timers);
        },
      });
      try {
        link.greet();
        for (; done < count; done += 20) {
          const asked = Array.from({ length: 20 }, (_, i) => counting(done + i));
          for (const [i, answer] of link.exchange(asked).entries()) {
            const n = done + i;
            const words = [0, 4, 8].map((at) => wordAt(answer, at, 4));
            expect(words).toEqual([(n * 0x9e3779b1) | 0, ~n, n]);
          }
        }
      } catch (error) {
        if (!(error instanceof LinkError)) throw error;
        expect(error.failure.kind).toBe('closed');
        expect(error.message).toMatch(/PL6002: virtual is gone \(closed\) while the answer to/);
        pulled++;
      }
      repeated += link.host.repeated;
    }
    expect(pulled).toBeGreaterThan(20);
    expect(repeated).toBeGreaterThan(20);
    for (let n = 0; n < count; n++) {
      const words = [0, 1, 2].map((at) => memory.read(4 * n + at));
      expect(words).toEqual([(n * 0x9e3779b1) | 0, ~n, n]);
    }
  });

  it('says that the cable was pulled, and works when it is plugged in again', () => {
    const memory = new WordMemory();
    const link = new MemoryLink(memory);
    link.greet();
    link.close();
    expect(() => link.exchange([counting(1)])).toThrow(LinkError);
    const again = new MemoryLink(memory);
    again.greet();
    expect(again.exchange([counting(2)])).toHaveLength(1);
  });

  it('says that the device was reset', () => {
    const link = new MemoryLink(new WordMemory());
    link.greet();
    link.device.restart();
    expect(() => link.exchange([counting(1)])).toThrow(/PL6003/);
    link.greet();
    expect(link.exchange([counting(1)])).toHaveLength(1);
  });

  it('hashes what is in memory', () => {
    const memory = new WordMemory();
    const words = Uint32Array.from({ length: 300 }, (_, i) => i * 77);
    for (const [i, word] of words.entries()) memory.write(i, word);
    const link = new MemoryLink(memory);
    link.greet();
    const payload = encodeHash(0, 300);
    const [answer] = link.exchange([{ type: REQUEST.hash, payload, answerBytes: 4, work: 0 }]);
    expect(numberOf(answer!)).toBe(hashWords(words));
  });
});

describe('both ends', () => {
  it.each([SMALL, WIDE])('survive any bytes: a device with %j is greeted afterwards', (limits) => {
    const random = randomFrom(11);
    for (let round = 0; round < 300; round++) {
      const sent: Frame[] = [];
      const heard = new FrameReader(4096, (frame) => sent.push(frame));
      const device = new LinkDevice(new WordMemory(), (bytes) => heard.push(bytes), limits);
      for (let piece = 0; piece < 8; piece++) device.receive(anyBytes(random));
      sent.length = 0;
      device.receive(
        encodeFrame({ type: REQUEST.hello, sequence: 77, payload: encodeHello(4096) }),
      );
      expect(sent.map(({ type, sequence }) => [type, sequence])).toEqual([[0x81, 77]]);
    }
  });

  it('survive any bytes: a host goes on', () => {
    const random = randomFrom(12);
    for (let round = 0; round < 100; round++) {
      const time = new SimulatedTime();
      const [line, end] = memoryPair(time, 1e5);
      const device = new LinkDevice(new WordMemory(), (bytes) => end.write(bytes), WIDE);
      end.onBytes = (bytes) => {
        end.write(anyBytes(random));
        device.receive(bytes);
      };
      const host = new LinkHost(line, time);
      const answers: unknown[] = [];
      host.greet(() => {
        for (let i = 0; i < 20; i++) host.ask(counting(i), (answer) => answers.push(answer));
      });
      while (time.next());
      expect(answers.filter((answer) => answer instanceof Uint8Array)).toHaveLength(20);
    }
  });

  /** Noise, delimiters, and now and then a frame that says anything. */
  function anyBytes(random: () => number): Uint8Array {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 40) }, () =>
      random() < 0.1 ? 0 : Math.floor(random() * 256),
    );
    if (random() < 0.5) return bytes;
    // Not a type that answers have: noise that is a whole answer would be one.
    const type = Math.floor(random() * 128);
    return encodeFrame({ type, sequence: Math.floor(random() * 256), payload: bytes });
  }

  it('keep their order whatever is lost: random losses, against a plain list', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, count) => {
        const { link } = faulty(WIDE, { bitErrors: 0, lost: 0.004, doubled: 0.004 }, seed);
        const requests = Array.from({ length: count }, (_, i) => counting(i));
        expect(link.exchange(requests)).toHaveLength(count);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the rate', () => {
  it('is nine tenths of the line and more where the window is wide', () => {
    const { link } = faulty({ window: 8, maximum: 1024, hashes: true }, { bitErrors: 0 }, 1);
    const words = Array.from({ length: 250 }, (_, i) => i * 0x01010101);
    const requests = Array.from({ length: 200 }, (_, i): Request => {
      const payload = encodeAccesses([{ kind: 'write', address: 300 * i, width: 4, words }]);
      return { type: REQUEST.access, payload, answerBytes: 0, work: 0 };
    });
    const before = link.milliseconds;
    link.exchange(requests);
    const seconds = (link.milliseconds - before) / 1000;
    const carried = 200 * 1000;
    expect(carried / seconds).toBeGreaterThan(0.9 * 100_000);
    expect(link.sent).toBeLessThan(200 * wireBytes(1006) + 100);
  });
});
