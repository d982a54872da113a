import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { packageFile } from '../../../runtime/package-file.js';
import type { BatchRound } from './batch.js';
import { CLIP, SEED, SYNAPSES, WORK } from './work.js';

/** The first line of `gcc --version`; undefined where there is no gcc. */
export function gccVersion(command = 'gcc'): string | undefined {
  try {
    const text = execFileSync(command, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return text.split('\n')[0];
  } catch {
    return undefined;
  }
}

/** A program to run: its file among the sources, the flags, names with values, and what it reads. */
export interface CSource {
  readonly file: string;
  readonly flags: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly data: Buffer;
}

/**
 * A compiled C program that waits as a child process for rounds, so that both sides keep what is warm: a line with a number of
 * episodes goes in, and the nanoseconds of its own clock and the checksum come back.
 */
export class CProgram {
  private readonly folder = mkdtempSync(join(tmpdir(), 'plastron-bench-'));
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private fail: (error: Error) => void = () => undefined;

  constructor({ file, flags, constants, data }: CSource) {
    const program = join(this.folder, 'program');
    const input = join(this.folder, 'data');
    writeFileSync(input, data);
    const given = {
      ...{ PRE: WORK.pre, HIDDEN: WORK.hidden, POST: WORK.post, MEMBERS: WORK.members },
      ...{ STEPS: WORK.steps, INPUT_ROWS: WORK.inputRows, CLIP, SEED },
      ...constants,
    };
    const defined = Object.entries(given).map(([name, value]) => `-D${name}=${value}`);
    const words = [
      '-std=gnu11',
      '-Wall',
      ...flags,
      ...defined,
      packageFile(`tests/bench/c/${file}`),
    ];
    execFileSync('gcc', [...words, '-o', program, '-lm'], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = spawn(program, [input], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.once('exit', () => this.fail(new Error('the C program has ended')));
    this.lines = createInterface({ input: this.child.stdout! });
  }

  async round(episodes: number): Promise<BatchRound> {
    const answer = new Promise<string>((resolve, reject) => {
      this.lines.once('line', resolve);
      this.fail = reject;
    });
    this.child.stdin!.write(`${episodes}\n`);
    const [nanoseconds, checksum] = (await answer).split(' ').map(Number);
    const updates = episodes * WORK.members * WORK.steps * SYNAPSES;
    return { updates, seconds: nanoseconds! / 1e9, checksum: checksum! };
  }

  /** Ends the process and removes its files. */
  end(): void {
    this.child.stdin!.end();
    this.lines.close();
    rmSync(this.folder, { recursive: true });
  }
}
