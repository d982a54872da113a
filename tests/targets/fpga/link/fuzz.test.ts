import { expect, it } from 'vitest';
import { LinkDevice } from '../../../../runtime/link/device.js';
import { encodeFrame, FrameReader, REQUEST } from '../../../../runtime/link/frame.js';
import { encodeHello } from '../../../../runtime/link/greeting.js';
import { MEMORY_LIMITS } from '../../../../runtime/link/memory-link.js';
import { randomFrom } from '../../../link/word-memory.js';
import { boardWith, programFor } from './boards.js';
import { randomFrame } from './random-frames.js';

const SEED = 31;

it(`a virtual board greets after any whole frames, seed ${SEED}`, () => {
  const random = randomFrom(SEED);
  const { board } = boardWith(programFor());
  const answers: number[] = [];
  const reader = new FrameReader(1024, ({ type }) => answers.push(type));
  const device = new LinkDevice(board, (bytes) => reader.push(bytes), MEMORY_LIMITS);
  let answered = 0;
  for (let round = 0; round < 400; round++) {
    for (let sequence = 1; sequence < 12; sequence++) device.receive(randomFrame(random, sequence));
    answered += answers.length;
    answers.length = 0;
    device.receive(encodeFrame({ type: REQUEST.hello, sequence: 0, payload: encodeHello(1024) }));
    expect(answers, `round ${round}`).toEqual([0x81]);
    answers.length = 0;
  }
  expect(answered).toBeGreaterThan(1000);
});
