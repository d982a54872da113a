import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importOnnx } from '../../src/formats/onnx/import.js';
import { readCheckpoint } from '../../src/train/checkpoint.js';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const SMALL = 'train point-mass --hidden 4 --population 4';
const ENDLESS = `${SMALL} --generations 1000000`;
const ESCAPE = '\u001b[';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-bad-input-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  /** The exit code, or the signal that ended the process. */
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Start {
  readonly environment?: Readonly<Record<string, string>>;
  /** Where standard output goes instead of to us. */
  readonly stdout?: 'closed' | '/dev/full';
  /** Called when the process runs. */
  readonly meanwhile?: (child: ChildProcess) => void | Promise<void>;
}

/** Runs the built command line as a process of its own, in the folder. */
async function plastron(line: string, start: Start = {}): Promise<Ended> {
  const { environment = { PATH: process.env['PATH'] ?? '' }, meanwhile } = start;
  const out = start.stdout === '/dev/full' ? openSync('/dev/full', 'w') : 'pipe';
  const child = spawn(process.execPath, [main, ...line.split(' ')], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', out, 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  if (start.stdout === 'closed') child.stdout?.destroy();
  else child.stdout?.on('data', (data) => (stdout += data));
  child.stderr?.on('data', (data) => (stderr += data));
  const ended = new Promise<Ended['exit']>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  await meanwhile?.(child);
  return { exit: await ended, stdout, stderr };
}

/** Waits until a checkpoint of at least so many generations is there. */
async function generations(file: string, least: number): Promise<void> {
  for (;;) {
    if (existsSync(at(file)) && readCheckpoint(at(file)).state.generation >= least) return;
    await pause(20);
  }
}

const generationOf = (file: string): number => readCheckpoint(at(file)).state.generation;

describe('a training run that is ended', () => {
  it('by kill -9 leaves a whole checkpoint, and a later run goes on from it', async () => {
    let before = 0;
    for (const milliseconds of [3, 11, 23, 37, 59, 83]) {
      const resume = before > 0 ? ' --resume k.onnx.checkpoint' : '';
      const { exit } = await plastron(`${ENDLESS} --workers 0 -o k.onnx${resume}`, {
        meanwhile: async (child) => {
          await generations('k.onnx.checkpoint', before + 1);
          await pause(milliseconds);
          child.kill('SIGKILL');
        },
      });
      expect(exit).toBe('SIGKILL');
      expect(generationOf('k.onnx.checkpoint')).toBeGreaterThan(before);
      expect(existsSync(at('k.onnx'))).toBe(false);
      before = generationOf('k.onnx.checkpoint');
    }
    const line = `${SMALL} --workers 0 --generations ${before + 1} --resume k.onnx.checkpoint`;
    expect(await plastron(`${line} -o k.onnx`)).toMatchObject({ exit: 0 });
    importOnnx(readFileSync(at('k.onnx')), 'k.onnx');
  });

  it('by kill -9 leaves the model of the run before', async () => {
    await plastron(`${SMALL} --workers 0 --generations 1 -o old.onnx`);
    const old = readFileSync(at('old.onnx'));
    await plastron(`${ENDLESS} --workers 0 -o old.onnx`, {
      meanwhile: async (child) => {
        await generations('old.onnx.checkpoint', 2);
        child.kill('SIGKILL');
      },
    });
    expect(readFileSync(at('old.onnx'))).toEqual(old);
  });

  it.each([0, 2])(
    'by Ctrl-C saves, says how to go on, and that works (%i workers)',
    async (workers) => {
      const stop = (signals: number, least: number) => async (child: ChildProcess) => {
        await generations('s.onnx.checkpoint', least);
        // npm passes the signal on that the terminal has sent to the process already.
        for (let i = 0; i < signals; i++) child.kill('SIGINT');
      };
      const first = await plastron(`${ENDLESS} --workers ${workers} -o s.onnx`, {
        meanwhile: stop(2, 2),
      });
      expect(first.exit).toBe(130);
      expect(first.stdout).toMatch(/^stopped after \d+ of 1000000 generations; to go on:$/m);
      const [, line = ''] = /^ {2}plastron (.*)$/m.exec(first.stdout) ?? [];
      const done = generationOf('s.onnx.checkpoint');
      const second = await plastron(line, { meanwhile: stop(1, done + 1) });
      expect(second).toMatchObject({ exit: 130, stderr: expect.not.stringContaining('error') });
      expect(generationOf('s.onnx.checkpoint')).toBeGreaterThan(done);
      rmSync(at('s.onnx.checkpoint'));
    },
  );

  it('by Ctrl-C prints one object under --json', async () => {
    const { exit, stdout } = await plastron(`${ENDLESS} --workers 0 -o j.onnx --json`, {
      meanwhile: async (child) => {
        await generations('j.onnx.checkpoint', 1);
        child.kill('SIGTERM');
      },
    });
    expect(exit).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, model: null });
  });

  it('leaves no temporary file for long: a later run takes them away', async () => {
    const left = at('.k.onnx.checkpoint.0123456789ab.tmp');
    const other = at('.k.onnx.checkpoint.notes.tmp');
    for (const file of [left, other]) writeFileSync(file, 'half a checkp');
    const temporary = (): string[] => readdirSync(folder).filter((f) => /tmp|partial/.test(f));
    for (const file of temporary()) utimesSync(at(file), 1, 1);
    for (const file of ['k.onnx', 'old.onnx']) {
      const { exit } = await plastron(`${SMALL} --workers 0 --generations 1 -o ${file}`);
      expect(exit).toBe(0);
    }
    expect(temporary()).toEqual(['.k.onnx.checkpoint.notes.tmp']);
  });
});

describe('where output goes', () => {
  it('a reader that went away is no error', async () => {
    for (const line of ['explain', 'targets --json', 'explain pdlf']) {
      expect(await plastron(line, { stdout: 'closed' })).toEqual({
        exit: 0,
        stdout: '',
        stderr: '',
      });
    }
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk is one', async () => {
    expect(await plastron('explain', { stdout: '/dev/full' })).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'error: standard output cannot be written (ENOSPC)\n',
    });
  });

  it('is what was asked for under --json: one object in every ending', async () => {
    await plastron(`${SMALL} --workers 0 --generations 1 -o m.onnx`);
    const lines: readonly (readonly [string, number])[] = [
      ['compile m.onnx --target loihi2 -o p.plastron --json', 0],
      ['tasks --json', 0],
      ['compile none.onnx --target loihi2 -o p.plastron --json', 1],
      ['verify m.onnx p.plastron --task point-mass --steps 5 --seeds 2 --json', 0],
      ['verify m.onnx --json', 2],
      ['trian --json', 2],
      ['--json', 2],
    ];
    for (const [line, expected] of lines) {
      const { exit, stdout } = await plastron(line, { environment: { FORCE_COLOR: '1' } });
      expect([line, exit]).toEqual([line, expected]);
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      expect(stdout).not.toContain(ESCAPE);
      expect(JSON.parse(stdout)).toMatchObject({ schema: 'plastron-cli-1', ok: expected === 0 });
    }
  });
});

describe('the environment', () => {
  it('may be empty', async () => {
    const line = `${SMALL} --workers 2 --generations 1 -o e.onnx`;
    expect(await plastron(line, { environment: {} })).toMatchObject({ exit: 0 });
    expect(await plastron('compile e.onnx --target loihi2 -o e.plastron')).toMatchObject({
      exit: 0,
    });
  });

  it('decides about colour', async () => {
    const coloured = async (environment: Readonly<Record<string, string>>): Promise<boolean> =>
      (await plastron('explain pdfl', { environment })).stderr.includes(ESCAPE);
    expect(await coloured({})).toBe(false);
    expect(await coloured({ FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await coloured({ FORCE_COLOR: '0' })).toBe(false);
    expect(await coloured({ NO_COLOR: '1' })).toBe(false);
  });
});
