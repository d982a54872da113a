import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeProgram } from '../../../../compiler/levels/program/encode.js';
import { encodeAccesses, wordAt } from '../../../../runtime/link/accesses.js';
import type { LinkFailure } from '../../../../runtime/link/failure.js';
import { faultyTransport } from '../../../../runtime/link/faults.js';
import { REQUEST } from '../../../../runtime/link/frame.js';
import type { Greeting } from '../../../../runtime/link/greeting.js';
import { LinkHost } from '../../../../runtime/link/host.js';
import { openSerial } from '../../../../runtime/link/serial.js';
import type { Timers, Transport } from '../../../../runtime/link/transport.js';
import { boardNamed } from '../../../../targets/fpga/boards/index.js';
import { checkoutOf, restoreCore } from '../../../../targets/fpga/link/checkpoint.js';
import { connect } from '../../../../targets/fpga/link/connect.js';
import { DEPLOY_SEED, deploy } from '../../../../targets/fpga/link/deploy.js';
import { openRtl, serveRtl } from '../../../../targets/fpga/link/rtl-port.js';
import type { OpenPort, ServedBoard } from '../../../../targets/fpga/link/served-board.js';
import { CoreMachine } from '../../../../targets/fpga/machine/machine.js';
import { addressIn } from '../../../../targets/fpga/memory-map.js';
import { processEnvironment } from '../../../../targets/fpga/simulate/environment.js';
import { targetNamed } from '../../../../targets/index.js';
import { randomFrom } from '../../../link/word-memory.js';
import { programFor } from './boards.js';
import { randomFrame } from './random-frames.js';

const program = programFor();
const file = 'suite.plastron';
const board = boardNamed('icebreaker');

const timers: Timers = {
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

describe('the circuit of a board behind its serial line', () => {
  let port: OpenPort;
  beforeAll(async () => {
    port = await openRtl(program, board, processEnvironment);
  });
  afterAll(() => port.close());

  it('is deployed to by the host that deploys to boards', () => {
    const connected = connect(port.link, program, file);
    expect(connected).toMatchObject({
      board: 'icebreaker',
      greeting: { window: 1, hashes: false },
    });
    expect(deploy(connected, program).steps).toBe(16);
    const again = deploy(connected, program);
    expect(again.skipped).toBe(again.blocks);
  });

  it('goes on where the emulator was, and the emulator where it was', () => {
    const bytes = encodeProgram(program);
    const { core } = connect(port.link, program, file);
    const circuit = new CoreMachine('rtl', program, core, 1, 'the Program');
    const emulator = targetNamed('fpga:icebreaker').createMachine(bytes, file) as CoreMachine;
    emulator.reset({ seed: DEPLOY_SEED });
    const step = (machine: CoreMachine, t: number): number[] => {
      const values = { input: [(t % 5) / 4 - 0.5, (t % 3) / 2 - 0.5] };
      return Object.values(machine.step({ values, modulator: 0.25 })).flatMap((v) => [...v]);
    };
    for (let t = 0; t < 20; t++) expect(step(circuit, t)).toEqual(step(emulator, t));
    restoreCore(emulator, checkoutOf(circuit, bytes));
    expect(checkoutOf(emulator, bytes)).toEqual(checkoutOf(circuit, bytes));
    for (let t = 20; t < 30; t++) step(emulator, t);
    restoreCore(circuit, checkoutOf(emulator, bytes));
    for (let t = 30; t < 50; t++) expect(step(circuit, t)).toEqual(step(emulator, t));
  });
});

describe('the loader on a bad line', () => {
  let circuit: ServedBoard;
  let line: Transport;
  beforeAll(async () => {
    circuit = await serveRtl(program, board, processEnvironment);
    line = await openSerial(circuit.path, 20_000);
  });
  afterAll(async () => {
    line.close();
    await circuit.stop();
  });

  const greeted = (host: LinkHost): Promise<Greeting | LinkFailure> =>
    new Promise((resolve) => host.greet(resolve));
  const asked = (host: LinkHost, i: number): Promise<Uint8Array | LinkFailure> => {
    const words = [Math.imul(i, 0x9e3779b1), ~i, i];
    const address = addressIn('control', 4 * (i % 8));
    const payload = encodeAccesses([
      { kind: 'write', address, width: 4, words },
      { kind: 'read', address, width: 4, count: 3 },
      { kind: 'fill', address: addressIn('fields', 0), width: 2, count: 4, word: -i },
      { kind: 'read', address: addressIn('fields', 1), width: 2, count: 2 },
    ]);
    return new Promise((resolve) =>
      host.ask({ type: REQUEST.access, payload, answerBytes: 16, work: 0 }, resolve),
    );
  };

  it('is greeted after any bytes', async () => {
    const random = randomFrom(21);
    for (let round = 0; round < 40; round++) {
      line.write(
        Uint8Array.from({ length: 1 + Math.floor(300 * random()) }, () =>
          random() < 0.1 ? 0 : Math.floor(256 * random()),
        ),
      );
      const greeting = await greeted(new LinkHost(line, timers));
      expect(greeting).toMatchObject({ version: 1, window: 1, maximum: 184 });
    }
  });

  it('is greeted after whole frames that mean nothing, and what it is does not change', async () => {
    const random = randomFrom(23);
    const first = await greeted(new LinkHost(line, timers));
    for (let round = 0; round < 40; round++) {
      for (let sequence = 1; sequence < 6; sequence++) line.write(randomFrame(random, sequence));
      // A core that does not come to an end is reset after 2²⁴ clocks.
      let greeting = await greeted(new LinkHost(line, timers));
      for (let tries = 0; tries < 60 && 'kind' in greeting; tries++) {
        greeting = await greeted(new LinkHost(line, timers));
      }
      expect(greeting, `round ${round}`).toEqual(first);
    }
  }, 600_000);

  it('does each request once and right over a line that damages one frame in ten', async () => {
    const random = randomFrom(22);
    const faults = { bitErrors: 1e-4, lost: 4e-4, doubled: 4e-4 };
    const host = new LinkHost(faultyTransport(line, faults, random, timers), timers);
    await greeted(host);
    for (let i = 0; i < 400; i++) {
      const answer = await asked(host, i);
      if (!(answer instanceof Uint8Array)) throw new Error(JSON.stringify(answer));
      const words = [0, 4, 8].map((at) => wordAt(answer, at, 4));
      expect(words).toEqual([Math.imul(i, 0x9e3779b1), ~i, i]);
      expect([wordAt(answer, 12, 2), wordAt(answer, 14, 2)]).toEqual([-i, -i].map((v) => v || 0));
    }
    expect(host.repeated).toBeGreaterThan(5);
  });
});
