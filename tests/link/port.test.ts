import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { REQUEST } from '../../runtime/link/frame.js';
import { hasOpened, permissionHelp } from '../../runtime/link/port-failure.js';
import { PortLink } from '../../runtime/link/port-link.js';
import { encodeMessage, ORDER } from '../../runtime/link/port-messages.js';
import { openSerial, serialProblem } from '../../runtime/link/serial.js';
import { packageFile } from '../../runtime/package-file.js';
import { startWithPipes } from '../../runtime/process-pipes.js';
import { openTerminal } from '../../targets/fpga/link/terminal.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-port-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Processes of ports that some process has started. */
function portProcesses(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return stat.split(' ')[1] === `${parent}` && command.includes('port-process');
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** The process that is there after something and was not there before. */
function processOf<T>(start: () => T): { readonly pid: number; readonly started: T } {
  const before = new Set(portProcesses(process.pid));
  const started = start();
  return { pid: portProcesses(process.pid).find((pid) => !before.has(pid))!, started };
}

const isThere = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Milliseconds that a process may give no sign: it has to start in them. */
const SILENCE = 3000;

const terminal = openTerminal();
const isLinux = process.platform === 'linux';

describe.skipIf(!terminal || !isLinux)('a link over a port', () => {
  const path = terminal?.path ?? '';

  it('answers at once where nothing is asked', () => {
    const link = new PortLink(path, 1e6);
    try {
      expect(link.exchange([])).toEqual([]);
    } finally {
      link.close();
    }
  });

  it('ends in a clear error where its process hangs', async () => {
    const { pid, started: link } = processOf(
      () => new PortLink(path, 1e6, '/dev/ttyUSB1', SILENCE),
    );
    process.kill(pid, 'SIGSTOP');
    const before = performance.now();
    expect(() => link.greet()).toThrow(
      /PL6002: \/dev\/ttyUSB1 is gone \(the process of the port gave no sign for 3 s: its driver hangs\) while the answer to `greet` was awaited/,
    );
    expect(performance.now() - before).toBeLessThan(2 * SILENCE);
    link.close();
    for (let i = 0; i < 100 && isThere(pid); i++) await setTimeout(50);
    expect(isThere(pid)).toBe(false);
  });

  it('ends in a clear error where its process takes nothing any more', () => {
    const { pid, started: link } = processOf(
      () => new PortLink(path, 1e6, '/dev/ttyUSB1', SILENCE),
    );
    process.kill(pid, 'SIGSTOP');
    const payload = new Uint8Array(1000);
    const requests = Array.from({ length: 300 }, () => ({
      type: REQUEST.access,
      payload,
      answerBytes: 0,
      work: 0,
    }));
    expect(() => link.exchange(requests)).toThrow(/PL6002: .* the answer to `exchange`/);
    link.close();
  });

  it('waits longer than a process may be silent while that one is at work', () => {
    const link = new PortLink(path, 2400, path, SILENCE);
    try {
      // Nobody listens: 12 deadlines pass, long ones on a slow line.
      const before = performance.now();
      expect(() => link.greet()).toThrow(/PL6001/);
      expect(performance.now() - before).toBeGreaterThan(SILENCE);
    } finally {
      link.close();
    }
  });
});

describe.skipIf(!isLinux)('the process of a port', () => {
  it('ends when the other one goes while the port is being opened', async () => {
    // A port that is opened for ever: a named pipe, by a library that opens it as a file.
    const library = join(folder, 'node_modules', 'serialport');
    mkdirSync(library, { recursive: true });
    writeFileSync(
      join(library, 'package.json'),
      '{"name":"serialport","type":"module","exports":"./index.js"}',
    );
    writeFileSync(
      join(library, 'index.js'),
      `import { open } from 'node:fs';
       export class SerialPort { constructor({ path }) { this.path = path; } open(done) { open(this.path, 'r', done); } on() {} }`,
    );
    const pipe = join(folder, 'pipe');
    await once(spawn('mkfifo', [pipe]), 'exit');
    const loader = join(folder, 'loader.mjs');
    writeFileSync(
      loader,
      `import { register } from 'node:module';
       register('data:text/javascript,' + encodeURIComponent(\`export const resolve = (name, context, next) =>
         name === 'serialport' ? { url: '${`file://${join(library, 'index.js')}`}', shortCircuit: true } : next(name, context);\`));`,
    );
    const file = packageFile('dist/runtime/link/port-process.js');
    const child = spawn(process.execPath, ['--import', loader, file], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
    });
    const exit = once(child, 'exit');
    const orders = child.stdio[3] as NodeJS.WritableStream;
    const bytes = new TextEncoder().encode(JSON.stringify({ path: pipe, baud: 1e6 }));
    orders.write(encodeMessage({ what: ORDER.open, sent: 0, bytes }));
    // The first sign of work: the port is being opened.
    await once(child.stdio[4] as NodeJS.ReadableStream, 'data');
    orders.end();
    const ended = await Promise.race([exit, setTimeout(5000, 'it lives on')]);
    child.kill('SIGKILL');
    expect(ended).toEqual([null, 'SIGKILL']);
  });

  it('cannot be started without `mkfifo`, which is said', () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      expect(() => startWithPipes('true')).toThrow(/PL5501: `mkfifo` is not installed/);
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('a serial port', () => {
  it('that a driver never opens is given up', async () => {
    vi.doMock('serialport', () => ({
      SerialPort: class {
        open(): void {}
      },
    }));
    try {
      await expect(openSerial('/dev/ttyUSB1', 1e6, 50)).rejects.toThrow(
        'the system did not do it within 0.05 s: its driver hangs',
      );
    } finally {
      vi.doUnmock('serialport');
    }
  });

  it('needs a library, of which is said why it is not there', async () => {
    vi.doMock('serialport', () => {
      throw new Error('no binary for this system');
    });
    try {
      expect(await serialProblem()).toMatch(/./);
    } finally {
      vi.doUnmock('serialport');
    }
    expect(await serialProblem()).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('a port that cannot be opened', () => {
  it('is opened by whoever has it open, though other files of that one come and go', () => {
    const files = join(folder, 'fd');
    mkdirSync(files);
    writeFileSync(join(files, '0'), 'no link: as one that was closed meanwhile');
    symlinkSync('/dev/ttyUSB1', join(files, '1'));
    expect(hasOpened(files, '/dev/ttyUSB1')).toBe(true);
    expect(hasOpened(files, '/dev/ttyUSB2')).toBe(false);
    expect(hasOpened(join(folder, 'nowhere'), '/dev/ttyUSB1')).toBe(false);
  });

  it('needs a group only where its mode gives the group something', () => {
    const port = join(folder, 'port');
    writeFileSync(port, '');
    chmodSync(port, 0o660);
    expect(permissionHelp(port, 1000)).toMatch(/^sudo usermod -aG \S+ \$USER/);
    expect(permissionHelp(port, 0)).toMatch(/^the superuser may not either/);
    chmodSync(port, 0o600);
    expect(permissionHelp(port, 1000)).toMatch(/^a rule of udev/);
  });
});
