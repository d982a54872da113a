import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { ModuleLink } from '../../../targets/fpga/simulate/module-link.js';
import { ProcessLink } from '../../../targets/fpga/simulate/process-link.js';
import {
  type HarnessLink,
  QueuedSimulator,
} from '../../../targets/fpga/simulate/queued-simulator.js';

/** Answers as it is told, and keeps what it was sent. */
class FakeLink implements HarnessLink {
  readonly sent: number[][] = [];
  constructor(private readonly answers: readonly (readonly number[])[]) {}
  exchange(words: Uint32Array): Uint32Array {
    this.sent.push([...words]);
    return Uint32Array.from(this.answers[this.sent.length - 1] ?? [0]);
  }
  close(): void {
    this.sent.push([]);
  }
}

describe('a queue', () => {
  it('sends what waits with what answers', () => {
    const link = new FakeLink([
      [0, 7],
      [0, 30],
      [0, 5, 6],
      [0, 2, 8, 9],
      [0, 4, 1],
    ]);
    const circuit = new QueuedSimulator(link);
    circuit.write(0x100001, 0xffffffff);
    expect(circuit.read(2)).toBe(7);
    circuit.trace('hashes', 64);
    expect(circuit.run(0x00010001, 500)).toBe(30);
    expect([...circuit.readAll([5, 6])]).toEqual([5, 6]);
    expect([...circuit.traced()]).toEqual([8, 9]);
    expect(circuit.clocks()).toBe(2 ** 32 + 4);
    circuit.close();
    const run = [4, 1, 64, 0, 0xffffffff, 1, 0, 0x00010001, 3, 500];
    expect(link.sent).toEqual([
      [6, 6, 1, 0x100001, 0xffffffff, 2, 2],
      [run.length, ...run],
      [4, 2, 5, 2, 6],
      [1, 5],
      [1, 7],
      [],
    ]);
  });

  it.each([
    [[0, 0xffffffff], 'PL5504: the circuit has not done command 1 after 20 clocks'],
    [[1, 0x100002], 'PL5504: the circuit takes no transfer at 0x100002'],
    [[2, 0x30], 'PL5504: the circuit gives no data for the read of 0x000030'],
    [[3, 99], 'the harness does not know command 99'],
  ])('turns %j into what happened', (answer, message) => {
    const circuit = new QueuedSimulator(new FakeLink([answer]));
    expect(() => circuit.run(1, 20)).toThrow(message);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'plastron-links-'));
afterAll(() => rmSync(folder, { recursive: true }));

const message = Uint32Array.from([1, 7]);

/** What a link says twice. */
function deaths(link: HarnessLink): string[] {
  const texts = [0, 1].map(() => {
    try {
      return String(link.exchange(message));
    } catch (error) {
      const { diagnostics } = error as { diagnostics?: { code: string; notes: string[] }[] };
      return `${diagnostics?.[0]?.code} ${diagnostics?.[0]?.notes}`;
    }
  });
  link.close();
  return texts;
}

describe('a process', () => {
  const script = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it('answers', () => {
    const link = new ProcessLink(script('echo', 'exec cat <&3 >&4'));
    const long = Uint32Array.from({ length: 10_000 }, (_, i) => (i === 0 ? 9999 : i));
    expect([...link.exchange(message)]).toEqual([7]);
    expect([...link.exchange(long)]).toEqual([...long.subarray(1)]);
    link.close();
  });

  it.each([
    ['ends at once', 'echo out of luck; exit 3', 'out of luck'],
    [
      'ends within an answer',
      "head -c 8 <&3 >/dev/null; printf '\\002\\000' >&4",
      'it printed nothing',
    ],
    ['is killed', 'kill -9 $$', 'it printed nothing'],
  ])('that %s is reported', (name, text, note) => {
    const link = new ProcessLink(script(name.replaceAll(' ', '-'), text));
    expect(deaths(link)).toEqual([`PL5503 ${note}`, `PL5503 ${note}`]);
  });

  it('that does not start is reported', () => {
    expect(deaths(new ProcessLink(join(folder, 'none')))[0]).toBe('PL5503 it printed nothing');
  });
});

it('reports a module that traps or ends itself', async () => {
  const module = async (work: string): Promise<WebAssembly.Module> => {
    const text = `(module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (func (export "_initialize"))
      (func (export "message") (param i32) (result i32) i32.const 64)
      (func (export "work") (result i32) ${work})
      (func (export "answer") (result i32) i32.const 64))`;
    const { parseWat } = await wabt();
    const { buffer } = parseWat('harness.wat', text).toBinary({});
    return new WebAssembly.Module(new Uint8Array(buffer));
  };
  const echo = new ModuleLink(await module('i32.const 1'));
  expect([...echo.exchange(message)]).toEqual([7]);
  const traps = deaths(new ModuleLink(await module('unreachable')));
  expect(traps).toEqual(['PL5503 unreachable', 'PL5503 it had ended before']);
  const ends = deaths(new ModuleLink(await module('i32.const 1 call $exit i32.const 0')));
  expect(ends).toEqual(['PL5503 it ended itself', 'PL5503 it had ended before']);
});
