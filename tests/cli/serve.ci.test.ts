import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { packageFile } from '../../runtime/package-file.js';
import { openPort } from '../../targets/fpga/link/ports.js';
import { deployPersistently } from '../../targets/fpga/link/resume.js';
import { plastron } from './fake-host.js';

let folder = '';
const at = (name: string): string => join(folder, name);

/** Runs a line in which `@name` is a file of the folder; gives the fields of its JSON. */
async function run(line: string): Promise<Record<string, unknown>> {
  const words = line.split(' ').map((word) => word.replace(/^@/, `${folder}/`));
  const { exit, stdout, stderr } = await plastron([...words, '--json']);
  expect(`${exit} ${stderr}`).toMatch(/^0 /);
  return JSON.parse(stdout);
}

/** Has a board at the serial port `@port`, in a process of its own. */
async function serve(kind: 'virtual' | 'rtl'): Promise<ChildProcess> {
  const words = [packageFile('dist/src/cli/main.js'), 'serve', at('p.plastron'), '--as', kind];
  const environment = { ...process.env, PLASTRON_VIRTUAL_BOARD: at('board.json') };
  const child = spawn(process.execPath, words, {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  rmSync(at('port'), { force: true });
  symlinkSync(/ is at (\S+):/.exec(line)![1]!, at('port'));
  return child;
}

async function ended(child: ChildProcess): Promise<unknown> {
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = await exit;
  return code;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-serve-'));
  await run('train point-mass --hidden 8 --population 4 --workers 0 --generations 1 -o @m.onnx');
  await run('compile @m.onnx --target fpga:icebreaker -o @p.plastron');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['virtual', 'rtl'] as const)('a board that is served: %s', (kind) => {
  it('is deployed to, learns, is checked out and restored like one at a serial port', async () => {
    const child = await serve(kind);
    const on = '@p.plastron --port @port';
    const text = (name: string): string => readFileSync(at(name), 'utf8');
    try {
      expect(await run(`deploy ${on}`)).toMatchObject({ board: 'icebreaker', verified: true });
      const whole = await run(`run ${on} --task point-mass --steps 100`);
      const emulated = await run('emulate @p.plastron --task point-mass --steps 100');
      expect(emulated['score']).toBe(whole['score']);
      await run(`checkout ${on} -o @learned.json`);
      await run(`run ${on} --task point-mass --steps 20 --keep`);
      await run(`checkout ${on} -o @later.json`);
      expect(text('later.json')).not.toBe(text('learned.json'));
      await run('restore @p.plastron @learned.json --port @port');
      await run(`checkout ${on} -o @again.json`);
      expect(text('again.json')).toBe(text('learned.json'));
      const verified = await run(
        'verify @m.onnx @p.plastron --task point-mass --steps 40 --against board --port @port',
      );
      expect(verified['ok']).toBe(true);
    } finally {
      expect(await ended(child)).toBe(0);
    }
  }, 300_000);
});

describe('a cable that is pulled', () => {
  it('while a Program is sent: the deployment waits for the board, and goes on', async () => {
    rmSync(at('board.json'), { force: true });
    let child = await serve('virtual');
    const file = at('p.plastron');
    const program = decodeProgram(readFileSync(file), file);
    const waited: string[] = [];
    let isPulled = false;
    const done = await deployPersistently(program, file, {
      open: () => openPort(at('port'), program, file, { isLoaded: true }),
      progress: (sent, words) => {
        if (isPulled || sent < words / 2) return;
        isPulled = true;
        child.kill('SIGKILL');
      },
      lost: ({ kind }) => waited.push(kind),
      sleep: async (seconds) => {
        await setTimeout(100 * seconds);
        if (waited.length === 3) child = await serve('virtual');
      },
      patience: 30,
    });
    expect(waited).toEqual(['closed', 'closed', 'closed']);
    expect(done.resumed).toBe(1);
    expect(await ended(child)).toBe(0);
  }, 60_000);
});
