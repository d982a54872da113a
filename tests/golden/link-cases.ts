import { Worker } from 'node:worker_threads';
import { LinkError, type LinkFailure } from '../../runtime/link/failure.js';
import { MemoryLink } from '../../runtime/link/memory-link.js';
import { portFailed } from '../../runtime/link/port-failure.js';
import { boardNamed } from '../../targets/fpga/boards/index.js';
import { connect } from '../../targets/fpga/link/connect.js';
import { deploy } from '../../targets/fpga/link/deploy.js';
import { foundPort } from '../../targets/fpga/link/ports.js';
import { servedBy } from '../../targets/fpga/link/served-board.js';
import { boardWith, programFor } from '../targets/fpga/link/boards.js';
import type { LibraryCase } from './library-cases.js';

const failing = (failure: LinkFailure) => (): never => {
  throw new LinkError(failure, '/dev/ttyUSB1');
};

const PULLED = 'a cable has to be pulled';
const HARDWARE = 'it takes a board, or a port, that is not there';

const icebreaker = boardNamed('icebreaker');
const ports = [1, 3].map((n) => ({
  path: `/dev/ttyUSB${n}`,
  vendor: icebreaker.usb.vendor,
  product: icebreaker.usb.product,
  serialNumber: `${n}`,
}));

/** A deployment to a board with a fault: what it writes or reads is changed on the way. */
function deployedTo(change: { write?: (address: number, word: number) => number; read?: number }) {
  const program = programFor();
  const { board } = boardWith(program);
  const served = {
    identity: board.identity,
    write: (address: number, word: number) =>
      board.write(address, change.write?.(address, word) ?? word),
    read: (address: number) =>
      board.read(address) +
      (address >>> 20 === 4 && (board.read(2) + 1) >>> 0 > 3 ? (change.read ?? 0) : 0),
    reset: () => board.reset(),
  };
  deploy(connect(new MemoryLink(served), program, 'core.plastron'), program);
}

/** Faults of boards, and of the way to them. */
export const LINK_CASES: readonly LibraryCase[] = [
  {
    name: 'a board that does not answer',
    code: 'PL6001',
    why: HARDWARE,
    run: failing({ kind: 'silent', waitedFor: '`hello`', seconds: 0.61, tries: 12 }),
    shown: [
      'error PL6001: /dev/ttyUSB1 does not answer: waited 0.61 s for the answer to `hello`, asked 12 times',
      '  = help: is the board powered, and its bitstream loaded (`plastron bitstream`)?',
    ],
  },
  {
    name: 'a board that is unplugged',
    code: 'PL6002',
    why: PULLED,
    run: failing({ kind: 'closed', waitedFor: '`access`', reason: 'bad file descriptor' }),
    shown: [
      'error PL6002: /dev/ttyUSB1 is gone (bad file descriptor) while the answer to `access` was awaited',
      '  = help: plug it in again and repeat: what the board still holds is not sent again',
    ],
  },
  {
    name: 'a board that is reset',
    code: 'PL6003',
    why: 'a button has to be pressed',
    run: failing({ kind: 'restarted', waitedFor: '`access`' }),
    shown: [
      'error PL6003: /dev/ttyUSB1 was switched on or reset while the answer to `access` was awaited',
      '  = help: deploy again: `plastron deploy`',
    ],
  },
  {
    name: 'a request that the device does not know',
    code: 'PL6004',
    why: 'plastron sends none',
    run: failing({ kind: 'refused', waitedFor: '`hash`' }),
    shown: ['error PL6004: /dev/ttyUSB1 refuses `hash`'],
  },
  {
    name: 'a device of another version',
    code: 'PL6005',
    why: HARDWARE,
    run: failing({ kind: 'foreign', version: 2 }),
    shown: ['error PL6005: /dev/ttyUSB1 speaks version 2 of the protocol'],
  },
  {
    name: 'a port that another program has opened',
    code: 'PL6011',
    why: HARDWARE,
    run: () =>
      portFailed({
        path: '/dev/ttyUSB1',
        message: 'Error Resource temporarily unavailable Cannot lock port',
      }),
    shown: [
      'error PL6011: `/dev/ttyUSB1` is in use by another program',
      '  = help: end the program that has opened it, and repeat',
    ],
  },
  {
    name: 'a port without permission',
    code: 'PL6012',
    why: 'the superuser may open all',
    run: () =>
      portFailed({
        path: '/dev/ttyUSB1',
        message: 'Error: Permission denied, cannot open /dev/ttyUSB1',
      }),
    shown: [
      'error PL6012: you have no permission to open `/dev/ttyUSB1`',
      '  = help: a rule of udev (MODE="0666") or a group gives it',
    ],
  },
  {
    name: 'no board',
    code: 'PL6013',
    why: HARDWARE,
    run: () => foundPort(icebreaker, ports, (path) => `${path} is ice40-hx8k`),
    shown: [
      'error PL6013: there is no icebreaker',
      '  = note: /dev/ttyUSB1 is ice40-hx8k',
      '  = note: /dev/ttyUSB3 is ice40-hx8k',
      '  = help: plug it in, name its port with --port PATH, or try `--port virtual`',
    ],
  },
  {
    name: 'two boards',
    code: 'PL6014',
    why: HARDWARE,
    run: () => foundPort(icebreaker, ports, () => undefined),
    shown: [
      'error PL6014: several boards answer: /dev/ttyUSB1, /dev/ttyUSB3',
      '  = help: name one: --port /dev/ttyUSB1',
    ],
  },
  {
    name: 'a virtual board that ends by itself',
    code: 'PL6016',
    why: 'its thread has to be ended',
    run: () => servedBy(new Worker('process.exit(3)', { eval: true }), () => undefined),
    shown: ['error PL6016: the virtual board is gone (its thread ended with 3): it did not start'],
  },
  {
    name: 'memory that does not keep what is written',
    code: 'PL6030',
    why: HARDWARE,
    run: () => deployedTo({ write: (address, word) => (address >>> 20 === 1 ? 1 : word) }),
    shown: [
      'error PL6030: 1 block of virtual differs from what was sent',
      '  = note: weights, words 0 to 8',
    ],
  },
  {
    name: 'a board that computes something else',
    code: 'PL6031',
    why: HARDWARE,
    run: () => deployedTo({ read: 1 }),
    shown: [
      'error PL6031: output 0 of `out` is -0.14208984375 on virtual in step 3, -0.142578125 on the emulator',
    ],
  },
];
