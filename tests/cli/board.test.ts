import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plastron } from './fake-host.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-board-'));
  process.env['PLASTRON_VIRTUAL_BOARD'] = join(folder, 'board.json');
});
afterAll(() => {
  delete process.env['PLASTRON_VIRTUAL_BOARD'];
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a line in which `@name` is a file of the folder; gives the fields of its JSON. */
async function run(line: string): Promise<unknown> {
  const words = line.split(' ').map((word) => word.replace(/^@/, `${folder}/`));
  const { exit, stdout, stderr } = await plastron([...words, '--json']);
  expect(`${exit} ${stderr}`).toMatch(/^0 /);
  return JSON.parse(stdout);
}

const envelope = z.object({ schema: z.literal('plastron-cli-1'), ok: z.literal(true) });
const deployed = envelope.extend({
  port: z.literal('virtual'),
  board: z.literal('icebreaker'),
  bytes: z.number().positive(),
  seconds: z.number().positive(),
  verified: z.literal(true),
  blocks: z.number(),
  skipped: z.number(),
});
const ran = envelope.extend({
  steps: z.number(),
  score: z.number().nullable(),
  p50Microseconds: z.number().positive(),
  p99Microseconds: z.number().positive(),
});

describe('the whole way to a board', () => {
  it('trains, compiles, deploys, runs, checks out and restores', async () => {
    await run(
      'train hidden-dynamics --hidden 8 --population 4 --workers 0 --generations 1 -o @m.onnx',
    );
    await run('compile @m.onnx --target fpga:icebreaker -o @p.plastron');
    const plan = await run('deploy @p.plastron --dry-run');
    expect(plan).toMatchObject({ board: 'icebreaker', verified: false, port: null });
    const first = deployed.parse(await run('deploy @p.plastron --port virtual'));
    expect(first.skipped).toBeLessThan(first.blocks);
    const again = deployed.parse(await run('deploy @p.plastron --port virtual'));
    expect(again.skipped).toBe(again.blocks);

    const whole = ran.parse(
      await run('run @p.plastron --port virtual --task hidden-dynamics --steps 400'),
    );
    const emulated = await run('emulate @p.plastron --task hidden-dynamics --steps 400');
    expect(emulated).toMatchObject({ steps: 400, score: whole.score });

    await run('run @p.plastron --port virtual --task hidden-dynamics --steps 30');
    await run('checkout @p.plastron --port virtual -o @learned.json');
    await run('run @p.plastron --port virtual --task hidden-dynamics --steps 20');
    await run('restore @p.plastron @learned.json --port virtual');
    await run('checkout @p.plastron --port virtual -o @again.json');
    const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
    expect(text('again.json')).toBe(text('learned.json'));

    // The board goes on with what it learned, and so does the emulator.
    await run('run @p.plastron --port virtual --task hidden-dynamics --steps 25 --keep');
    await run('checkout @p.plastron --port virtual -o @later.json');
    expect(JSON.parse(text('later.json'))).toMatchObject({ step: 55 });
    await run('emulate @p.plastron --task hidden-dynamics --steps 25 --from @learned.json');
  });

  it('verifies a board against the emulator, and again from a certificate', async () => {
    const found = await run(
      'verify @m.onnx @p.plastron --task hidden-dynamics --against board --port virtual --steps 40 --seeds 2 --certificate @c.json',
    );
    expect(found).toMatchObject({
      comparisons: [
        { left: 'reference', right: 'fixed' },
        { left: 'fixed', right: 'emulator', differences: 0 },
        { left: 'emulator', right: 'board', kind: 'exact', differences: 0, steps: 40 },
      ],
    });
    await run('verify --replay @c.json --port virtual');
  });

  it('looks at what there is', async () => {
    expect(await run('doctor')).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ name: 'Node.js', state: 'ok' })]),
    });
  });
});
