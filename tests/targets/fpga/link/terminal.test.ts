import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PortLink } from '../../../../runtime/link/port-link.js';
import { connect } from '../../../../targets/fpga/link/connect.js';
import { deploy } from '../../../../targets/fpga/link/deploy.js';
import { openPort } from '../../../../targets/fpga/link/ports.js';
import type { OpenPort } from '../../../../targets/fpga/link/served-board.js';
import { openTerminal, TerminalOutput } from '../../../../targets/fpga/link/terminal.js';
import { CoreMachine } from '../../../../targets/fpga/machine/machine.js';
import { programFor } from './boards.js';

const program = programFor();
const file = 'suite.plastron';
const hasTerminals = openTerminal() !== undefined;
let folder = '';
let port: OpenPort;
const environment = () => ({ PLASTRON_VIRTUAL_BOARD: join(folder, 'board.json') });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-board-'));
  port = await openPort('virtual', program, file, { isLoaded: true, environment: environment() });
});
afterAll(async () => {
  await port.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!hasTerminals)('a virtual board on a pseudo-terminal', () => {
  it('is reached by serialport, and deployed to', () => {
    expect(port.link).toBeInstanceOf(PortLink);
    const done = deploy(connect(port.link, program, file), program);
    expect(done.steps).toBe(16);
  });

  it('takes a step in one round trip, in less than a millisecond', () => {
    const { core } = connect(port.link, program, file);
    const machine = new CoreMachine('board', program, core, 1);
    const inputs = { values: { input: [0.5, -0.25] }, modulator: 0.5 };
    const times = Array.from({ length: 600 }, () => {
      const before = performance.now();
      machine.step(inputs);
      return performance.now() - before;
    });
    const p50 = times.slice(100).sort((a, b) => a - b)[250]!;
    console.log(`p50 of a step over a pseudo-terminal: ${p50.toFixed(3)} ms`);
    expect(p50).toBeLessThan(1);
  });

  it('keeps what it holds while it is switched off, and says what it was made for', async () => {
    await port.close();
    const other = programFor('ice40-hx8k');
    port = await openPort('virtual', other, file, { isLoaded: false, environment: environment() });
    expect(() => connect(port.link, other, file)).toThrow(
      /compiled for ice40-hx8k, virtual is icebreaker/,
    );
    const { core } = connect(port.link, program, file);
    const machine = new CoreMachine('board', program, core, 1, 'the Program');
    expect(machine.read({ kind: 'counter', name: 'step' })[0]).toBe(600);
  });
});

describe.skipIf(!hasTerminals)('what is written to a pseudo-terminal', () => {
  it('waits without work while nobody reads', async () => {
    const { master, slave } = openTerminal()!;
    // As a host sets it: otherwise what has no room is dropped, not kept waiting.
    execFileSync('stty', ['raw', '-echo'], { stdio: [slave, 'ignore', 'inherit'] });
    const output = new TerminalOutput(master);
    // More than the system keeps.
    for (let i = 0; i < 4; i++) output.send(new Uint8Array(60_000).fill(1));
    const before = process.cpuUsage();
    await setTimeout(500);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(250);
    for (const file of [master, slave]) closeSync(file);
  });

  it('is dropped where there is no line any more', () => {
    const file = openSync('/dev/null', 'r');
    vi.useFakeTimers();
    try {
      new TerminalOutput(file).send(new Uint8Array(100));
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
      closeSync(file);
    }
  });
});
