import { readFileSync } from 'node:fs';
import { crc32 as zipCrc } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Access,
  encodeAccesses,
  performAccesses,
  wordAt,
} from '../../runtime/link/accesses.js';
import { stuff, unstuff } from '../../runtime/link/cobs.js';
import { crc32 } from '../../runtime/link/crc32.js';
import {
  decodeFrame,
  encodeFrame,
  type Frame,
  FrameReader,
  REQUEST,
  wireBytes,
} from '../../runtime/link/frame.js';
import { decodeGreeting, encodeGreeting, encodeHello } from '../../runtime/link/greeting.js';
import { WordMemory } from './word-memory.js';

const page = readFileSync(new URL('../../runtime/link/README.md', import.meta.url), 'utf8');

/** The bytes that the page shows under a name. */
function shown(name: string): Uint8Array {
  const [, text = ''] = new RegExp(`<!-- ${name} -->\n\`\`\`\n([0-9a-f ]+)\n`).exec(page) ?? [];
  return Uint8Array.from(text.split(' ').map((byte) => Number.parseInt(byte, 16)));
}

const frameIn = (wire: Uint8Array): Frame | undefined => decodeFrame(wire.subarray(1, -1));

describe('the example of the protocol', () => {
  it('greets', () => {
    const payload = encodeHello(4096);
    expect(encodeFrame({ type: REQUEST.hello, sequence: 0, payload })).toEqual(shown('hello'));
  });

  it('is a step: inputs, command, output', () => {
    const accesses: Access[] = [
      { kind: 'write', address: 0x500000, width: 2, words: [300, -5] },
      { kind: 'write', address: 0, width: 4, words: [0x30001] },
      { kind: 'read', address: 0x400004, width: 2, count: 1 },
    ];
    const payload = encodeAccesses(accesses);
    expect(payload).toEqual(shown('access'));
    expect(encodeFrame({ type: REQUEST.access, sequence: 1, payload })).toEqual(shown('frame'));
    const memory = new WordMemory();
    memory.write(0x400004, 42);
    expect(performAccesses(payload, memory, 64)).toEqual(Uint8Array.of(42, 0));
    expect([memory.read(0x500000), memory.read(0x500001), memory.read(0)]).toEqual([
      300, -5, 0x30001,
    ]);
  });

  it('is answered', () => {
    const answer = { type: REQUEST.access | 0x80, sequence: 1, payload: Uint8Array.of(42, 0) };
    expect(frameIn(shown('answer'))).toEqual(answer);
  });
});

describe('what frames are made of', () => {
  const bytes = fc.uint8Array({ maxLength: 1200 });

  it('has the CRC of zip', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    if (typeof zipCrc !== 'function') return;
    fc.assert(fc.property(bytes, (b) => crc32(b) === zipCrc(b)));
  });

  it('stuffs any bytes into bytes without a zero, and back', () => {
    const zeros = fc
      .array(fc.constantFrom(0, 1, 255), { maxLength: 800 })
      .map((a) => Uint8Array.from(a));
    fc.assert(
      fc.property(fc.oneof(bytes, zeros), (b) => {
        const stuffed = stuff(b);
        expect(stuffed.includes(0)).toBe(false);
        expect(stuffed.length).toBeLessThanOrEqual(b.length + Math.floor(b.length / 254) + 1);
        expect(unstuff(stuffed)).toEqual(b);
      }),
    );
    for (const length of [253, 254, 255, 508, 509]) {
      const full = new Uint8Array(length).fill(7);
      expect(unstuff(stuff(full))).toEqual(full);
    }
  });

  it('finds a frame behind any bytes, and takes no damaged one', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.nat(), fc.nat(7), (noise, payload, place, bit) => {
        const wire = encodeFrame({ type: 2, sequence: 9, payload });
        expect(wire.length).toBeLessThanOrEqual(wireBytes(payload.length));
        const damaged = wire.slice();
        const at = place % wire.length;
        damaged[at] = damaged[at]! ^ (1 << bit);
        const found: Frame[] = [];
        const reader = new FrameReader(1200, (frame) => found.push(frame));
        for (const part of [noise, wire, damaged, wire]) reader.push(part);
        // A flipped delimiter leaves the frame whole.
        const isInside = at > 0 && at < wire.length - 1;
        if (isInside) expect(found.length).toBe(2);
        for (const frame of found) expect(frame).toEqual({ type: 2, sequence: 9, payload });
      }),
    );
  });

  it('passes over what is longer than any frame', () => {
    const found: Frame[] = [];
    const reader = new FrameReader(64, (frame) => found.push(frame));
    reader.push(new Uint8Array(100_000).fill(1));
    reader.push(encodeFrame({ type: 1, sequence: 0, payload: new Uint8Array(64) }));
    expect([found.length, reader.damaged]).toEqual([1, 1]);
  });
});

describe('accesses', () => {
  const width = fc.constantFrom(1, 2, 4) as fc.Arbitrary<1 | 2 | 4>;
  const word = fc.integer();
  /** Addresses of up to a whole page. */
  const stretch = fc
    .tuple(fc.nat(0xffff), fc.nat(255), fc.nat(255))
    .map(([page, a, b]) => ({ address: 256 * page + Math.min(a, b), count: Math.abs(a - b) + 1 }));
  const access: fc.Arbitrary<Access> = fc
    .tuple(fc.constantFrom('write', 'fill', 'read'), stretch, width, word)
    .map(([kind, { address, count }, width, word]): Access => {
      if (kind === 'read') return { kind, address, width, count };
      if (kind === 'fill') return { kind, address, width, count, word };
      const words = Array.from({ length: count }, (_, i) => Math.imul(word, i + 1));
      return { kind: 'write', address, width, words };
    });
  const cut = (value: number, w: number): number => (value << (32 - 8 * w)) >> (32 - 8 * w);

  it('do what they say, in their order', () => {
    fc.assert(
      fc.property(fc.array(access, { maxLength: 12 }), (accesses) => {
        const [memory, expected] = [new WordMemory(), new WordMemory()];
        const answer = performAccesses(encodeAccesses(accesses), memory, 100_000)!;
        let at = 0;
        for (const a of accesses) {
          const count = a.kind === 'write' ? a.words.length : a.count;
          for (let i = 0; i < count; i++) {
            if (a.kind === 'write') expected.write(a.address + i, cut(a.words[i]!, a.width));
            else if (a.kind === 'fill') expected.write(a.address + i, cut(a.word, a.width));
            else {
              expect(wordAt(answer, at, a.width)).toBe(cut(expected.read(a.address + i), a.width));
              at += a.width;
            }
          }
        }
        expect(answer.length).toBe(at);
        expect(memory).toEqual(expected);
      }),
    );
  });

  it('are all done or none, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (payload) => {
        const memory = new WordMemory();
        const answer = performAccesses(payload, memory, 256);
        if (answer === undefined) expect(memory.isEmpty).toBe(true);
      }),
    );
  });
});

describe('greetings', () => {
  it('come back as they were', () => {
    const greeting = {
      version: 1,
      window: 4,
      maximum: 500,
      hashes: true,
      identity: Uint8Array.of(1, 2),
    };
    expect(decodeGreeting(encodeGreeting(greeting))).toEqual(greeting);
    expect(decodeGreeting(Uint8Array.of(1, 0, 0))).toBeUndefined();
    expect(decodeGreeting(Uint8Array.of(1, 0, 255, 0, 0))).toBeUndefined();
  });
});
