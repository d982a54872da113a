import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PortLink } from '../../../../runtime/link/port-link.js';
import { connect } from '../../../../targets/fpga/link/connect.js';
import { openPort } from '../../../../targets/fpga/link/ports.js';
import { serveProcess } from '../../../../targets/fpga/link/rtl-port.js';
import { portOf, type ServedBoard, servedBy } from '../../../../targets/fpga/link/served-board.js';
import { readStored, writeStored } from '../../../../targets/fpga/link/virtual-store.js';
import { CORE_VERSION } from '../../../../targets/fpga/memory-map.js';
import { programFor } from './boards.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-served-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that says where its board is, and then does something else than a board. */
const workerThat = (does: string): Worker =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     parentPort.postMessage({ kind: 'ready', path: '/nowhere/board' });
     ${does}`,
    { eval: true },
  );

describe('a virtual board that ends by itself', () => {
  const keep = (): never => {
    throw new Error('nothing is to be kept');
  };

  it('says so when it is stopped, though its end was heard before', async () => {
    const board = await servedBy(
      workerThat(`setTimeout(() => { throw new Error("out of memory"); }, 100);`),
      keep,
    );
    expect(await board!.failed).toBe('Error: out of memory');
    await expect(board!.stop()).rejects.toThrow(
      /PL6016: the virtual board is gone \(Error: out of memory\): what it held is not kept/,
    );
  });

  it('says so when it hangs', async () => {
    const hanging = workerThat(`parentPort.on('message', () => { for (;;); });`);
    const board = await servedBy(hanging, keep, 2000);
    await expect(board!.stop()).rejects.toThrow(/PL6016: .*it says nothing for 2 s/);
  });

  it('says so where it does not start', async () => {
    const worker = new Worker('process.exit(3)', { eval: true });
    await expect(servedBy(worker, keep)).rejects.toThrow(
      /PL6016: .*its thread ended with 3\): it did not start/,
    );
  });
});

describe('a served board', () => {
  it('is stopped when its port cannot be opened', async () => {
    const stop = vi.fn(async () => undefined);
    const path = join(folder, 'nowhere');
    const board: ServedBoard = { path, failed: new Promise(() => undefined), stop };
    await expect(portOf(board, 1e6, 'virtual')).rejects.toThrow(/PL6010/);
    expect(stop).toHaveBeenCalledOnce();
  });

  it('is reached in memory where the library of serial ports is missing', async () => {
    const program = programFor();
    vi.doMock('serialport', () => {
      throw new Error('no binary for this system');
    });
    try {
      const environment = { PLASTRON_VIRTUAL_BOARD: join(folder, 'board.json') };
      const port = await openPort('virtual', program, 'p', { isLoaded: true, environment });
      expect(port.link).not.toBeInstanceOf(PortLink);
      expect(connect(port.link, program, 'p').board).toBe('icebreaker');
      await port.close();
    } finally {
      vi.doUnmock('serialport');
    }
  });

  it('is not taken from a file of another version of the core', () => {
    const file = join(folder, 'kept.json');
    writeStored(file, { board: 'icebreaker', parameters: [], words: Uint32Array.of(7) });
    expect(readStored(file)?.words).toEqual(Uint32Array.of(7));
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(`"core":${CORE_VERSION}`);
    writeFileSync(file, text.replace(`"core":${CORE_VERSION}`, `"core":${CORE_VERSION - 1}`));
    expect(readStored(file)).toBeUndefined();
    writeFileSync(file, text.replace(`"core":${CORE_VERSION},`, ''));
    expect(readStored(file)).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('a simulation', () => {
  it('that ends before it has a terminal is an error, and so is one that is not there', async () => {
    await expect(serveProcess('sh', ['-c', 'exit 3'])).rejects.toThrow(
      /PL5503: the circuit of the board does not start: the simulation ended \(3\)/,
    );
    await expect(serveProcess('/nowhere/simulation', [])).rejects.toThrow(/PL5503: .*ENOENT/);
  });

  it('that says nothing is ended', async () => {
    const pid = join(folder, 'pid');
    const script = `echo $$ > ${pid}; exec sleep 60`;
    await expect(serveProcess('sh', ['-c', script], 2000)).rejects.toThrow(
      /PL5503: .* says nothing for 2 s/,
    );
    await vi.waitFor(() => expect(() => process.kill(Number(readFileSync(pid)), 0)).toThrow());
  });
});
