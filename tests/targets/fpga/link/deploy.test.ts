import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { faultyTransport } from '../../../../runtime/link/faults.js';
import { MemoryLink } from '../../../../runtime/link/memory-link.js';
import { portFailed } from '../../../../runtime/link/port-failure.js';
import { LOADER_LIMITS } from '../../../../targets/fpga/bitstream/top.js';
import { boardNamed } from '../../../../targets/fpga/boards/index.js';
import { configurationOf } from '../../../../targets/fpga/encode/parameters.js';
import { connect } from '../../../../targets/fpga/link/connect.js';
import { DEPLOY_SEED, deploy, holdsCode } from '../../../../targets/fpga/link/deploy.js';
import {
  decodeIdentity,
  encodeIdentity,
  identityOf,
} from '../../../../targets/fpga/link/identity.js';
import { imageOf } from '../../../../targets/fpga/link/image.js';
import { planOf } from '../../../../targets/fpga/link/plan.js';
import { deployPersistently } from '../../../../targets/fpga/link/resume.js';
import { addressesOfAll } from '../../../../targets/fpga/link/virtual-board.js';
import { loadProgram } from '../../../../targets/fpga/machine/loaded.js';
import { CoreMachine } from '../../../../targets/fpga/machine/machine.js';
import { CoreModel } from '../../../../targets/fpga/model/core-model.js';
import { randomFrom } from '../../../link/word-memory.js';
import { boardWith, programFor } from './boards.js';

const program = programFor();
const file = 'suite.plastron';
type TestBoard = ReturnType<typeof boardWith>;

describe('a deployment', () => {
  it('leaves on the board what the emulator starts from', () => {
    const { board, link } = boardWith(program);
    const done = deploy(connect(link, program, file), program);
    expect(done.skipped).toBeLessThan(done.blocks);
    const model = new CoreModel(configurationOf(program));
    new CoreMachine('emulator', program, model, 1).reset({ seed: DEPLOY_SEED });
    const own = addressesOfAll(configurationOf(program));
    expect(board.words).toEqual(model.readAll(own));
  });

  it('sends nothing that is there already', () => {
    const { link } = boardWith(program);
    const connected = connect(link, program, file);
    deploy(connected, program);
    const first = link.sent;
    const again = deploy(connected, program);
    expect(again.skipped).toBe(again.blocks);
    expect(link.sent - first).toBeLessThan(first);
  });

  it('sends no more than its plan says', () => {
    const plan = planOf(program, file);
    const { link } = boardWith(program, { limits: LOADER_LIMITS });
    const connected = connect(link, program, file);
    const fresh = deploy(connected, program);
    expect(fresh.blocks).toBe(plan.blocks);
    const { sent, milliseconds } = link;
    expect(sent).toBeLessThanOrEqual(plan.bytes);
    expect(sent).toBeGreaterThan(0.5 * plan.bytes);
    expect(milliseconds / 1000).toBeLessThanOrEqual(plan.seconds);
    expect(milliseconds / 1000).toBeGreaterThan(0.5 * plan.seconds);
    // A loader makes no hashes: what it holds is read, and not sent.
    const again = deploy(connected, program);
    expect(again.skipped).toBe(again.blocks);
    expect(link.sent - sent).toBeLessThan(0.9 * sent);
  });

  it('is the same over a faulty line', () => {
    const { board, link } = boardWith(program, {
      between: (line, timers) =>
        faultyTransport(line, { bitErrors: 1e-4, lost: 1e-4 }, randomFrom(5), timers),
    });
    deploy(connect(link, program, file), program);
    const { board: clean, link: cleanLink } = boardWith(program);
    deploy(connect(cleanLink, program, file), program);
    expect(board.words).toEqual(clean.words);
    expect(link.host.repeated).toBeGreaterThan(0);
  });

  it('knows whether a board holds its code', () => {
    const { link } = boardWith(program);
    const { core } = connect(link, program, file);
    const image = imageOf(loadProgram(program), DEPLOY_SEED);
    expect(holdsCode(core, image)).toBe(false);
    deploy({ core }, program);
    expect(holdsCode(core, image)).toBe(true);
  });

  it.each([
    ['the cable was pulled', 'closed', ({ link }: TestBoard) => link.close()],
    [
      'the board was reset',
      'restarted',
      ({ link, board }: TestBoard) => {
        board.reset();
        link.device.restart();
      },
    ],
  ] as const)('goes on where it was when %s', async (_, kind, lose) => {
    const there = boardWith(program);
    const { board, link } = there;
    const lines = [link];
    const waited: string[] = [];
    let stops = 0;
    const done = await deployPersistently(program, file, {
      open: async () => {
        const line = lines.pop() ?? new MemoryLink(board);
        return { link: line, close: async () => line.close() };
      },
      progress: (_done, _words, doing) => {
        if (doing === 'sending weights' && stops++ === 0) lose(there);
      },
      lost: (failure) => waited.push(failure.kind),
      sleep: async () => undefined,
      patience: 5,
    });
    expect(done.resumed).toBe(1);
    expect(done.skipped).toBeGreaterThan(0);
    expect(waited).toEqual([kind]);
    const { board: clean, link: cleanLink } = boardWith(program);
    deploy(connect(cleanLink, program, file), program);
    expect(board.words).toEqual(clean.words);
  });

  /** Deploys to a board that is reset and then opened like this. */
  async function lostWhere(open: () => Promise<never>, patience: number): Promise<number> {
    const { link } = boardWith(program);
    let opened = 0;
    const deployed = deployPersistently(program, file, {
      open: async () => {
        if (opened++ > 0) return open();
        return { link, close: async () => link.close() };
      },
      progress: (_, __, doing) => {
        if (doing.startsWith('sending')) link.device.restart();
      },
      sleep: async () => undefined,
      patience,
    });
    await expect(deployed).rejects.toThrow(/PL6003/);
    return opened;
  }

  const gone = () => portFailed({ path: '/dev/ttyUSB1', message: 'ENOENT' });

  it('gives a board up that does not come back', async () => {
    expect(await lostWhere(async () => gone(), 5)).toBe(11);
  });

  it('counts as waiting what opening takes', async () => {
    const slowly = () => setTimeout(600).then(gone);
    expect(await lostWhere(slowly, 2)).toBe(3);
  });

  it('waits for no port whose failure time does not mend', async () => {
    const broken = lostWhere(async () => {
      throw new TypeError('a bug');
    }, 5);
    await expect(broken).rejects.toThrow(/a bug/);
  });
});

describe('a board that does not fit', () => {
  it('is refused by name', () => {
    const other = programFor('ice40-hx8k');
    const { link } = boardWith(other);
    expect(() => connect(link, program, file)).toThrow(
      /PL6020: `suite.plastron` was compiled for icebreaker, virtual is ice40-hx8k/,
    );
  });

  it('is refused by its core', () => {
    const { link } = boardWith({
      ...program,
      parameters: program.parameters.map((p) =>
        p.name === 'FIELD_WORDS' ? { ...p, value: 128 } : p,
      ),
    });
    expect(() => connect(link, program, file)).toThrow(
      /PL6020: `suite.plastron` was compiled for the usual core of icebreaker \([0-9a-f]{8}\), virtual has core [0-9a-f]{8}/,
    );
  });

  it('is refused by its version', () => {
    const configuration = configurationOf(program);
    const identity = { ...identityOf(boardNamed('icebreaker'), configuration, 24), version: 7 };
    const { board } = boardWith(program);
    const link = new MemoryLink({
      identity: encodeIdentity(identity),
      write: (address, word) => board.write(address, word),
      read: (address) => board.read(address),
      reset: () => board.reset(),
    });
    expect(() => connect(link, program, file)).toThrow(
      /PL6020: .* of version 0x504c0002, .* has version 0x7/,
    );
  });

  it('is refused where it is no core', () => {
    const { board } = boardWith(program);
    const device = { ...plainly(board), identity: Uint8Array.of(1) };
    expect(() => connect(new MemoryLink(device), program, file)).toThrow(/PL6005/);
  });

  it('says who it is', () => {
    for (const name of ['icebreaker', 'tang-nano-20k', 'ulx3s-85f']) {
      const board = boardNamed(name);
      const identity = identityOf(board, board.core, 60.5);
      expect(decodeIdentity(encodeIdentity(identity))).toEqual(identity);
    }
    expect(decodeIdentity(new Uint8Array(3))).toBeUndefined();
  });
});

describe('memory that does not keep', () => {
  it('is found by its hash', () => {
    const { board } = boardWith(program);
    const stuck = {
      ...plainly(board),
      write: (a: number, w: number) => board.write(a, a >>> 20 === 1 ? 1 : w),
    };
    const core = connect(new MemoryLink(stuck), program, file);
    expect(() => deploy(core, program)).toThrow(/PL6030: 1 block of virtual differs/);
  });

  it('is found by its outputs where it shows other words', () => {
    const { board } = boardWith(program);
    // A circuit whose sums come out one too large.
    const wrong = {
      ...plainly(board),
      read: (a: number) =>
        board.read(a) + ((board.read(2) + 1) >>> 0 > 3 && a >>> 20 === 4 ? 1 : 0),
    };
    const core = connect(new MemoryLink(wrong), program, file);
    expect(() => deploy(core, program)).toThrow(
      /PL6031: output 0 of `out` is .* on virtual in step 3, .* on the emulator/,
    );
  });
});

/** What a device serves, each part to be replaced. */
function plainly(board: ReturnType<typeof boardWith>['board']) {
  return {
    identity: board.identity,
    write: (address: number, word: number) => board.write(address, word),
    read: (address: number) => board.read(address),
    reset: () => board.reset(),
  };
}
