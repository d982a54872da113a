import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoResult } from '../../src/report/demo.js';
import { scoresTable } from '../../src/report/scores.js';
import { markdownTable } from '../../src/report/support-matrix.js';
import { expectBlock, ROOT, UPDATING } from './blocks.js';

/** The whole way, as `npm start` goes it, with the seed of the README. */
describe('plastron demo', () => {
  let folder = '';
  let result: DemoResult;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plastron-demo-'));
    const words = [join(ROOT, 'dist/src/cli/main.js'), 'demo', '--json', '--workers', '2'];
    const { status, stdout } = spawnSync(process.execPath, words, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    expect(status).toBe(0);
    result = JSON.parse(stdout);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the table of the README', () => {
    expectBlock('scores', markdownTable(scoresTable(result.rows)));
  });

  it('gives the picture of the README', () => {
    const drawn = join(folder, 'scores.svg');
    const draw = join(ROOT, 'examples/draw-scores.mjs');
    const scores = join(folder, result.files['scores']!);
    expect(spawnSync(process.execPath, [draw, scores, drawn]).status).toBe(0);
    const kept = join(ROOT, 'examples/scores.svg');
    if (UPDATING) writeFileSync(kept, readFileSync(drawn));
    expect(readFileSync(drawn, 'utf8')).toBe(readFileSync(kept, 'utf8'));
  });

  it('shows what it is for: the control cannot, the float rule can, a core keeps it, clipping breaks it, evolution wins it back', () => {
    const [control, float, core, quantised, evolved] = result.rows.map((r) => r.seen.mean);
    expect(float!).toBeGreaterThan(control! + 30);
    expect(core!).toBeGreaterThan(control! + 30);
    expect(quantised!).toBeLessThan(float! / 2);
    expect(evolved!).toBeGreaterThan(quantised! + 50);
    expect(evolved!).toBeGreaterThan(control! + 10);
  });

  it('ends with the Program on a virtual board, which acts as its integers do', () => {
    const { board, steps, score, stepsRun, p50Microseconds } = result.deployment;
    expect({ board, steps, stepsRun }).toEqual({ board: 'icebreaker', steps: 16, stepsRun: 120 });
    expect(score).toBeGreaterThan(0);
    expect(p50Microseconds).toBeGreaterThan(0);
  });

  it.each([
    ['fpga:icebreaker', 2_000],
    ['loihi2', 10_000],
  ])('finds no difference between fixed and emulator of %s over %i steps', (target, steps) => {
    const { verification } = result.chips.find((c) => c.target === target)!;
    const exact = verification.comparisons.find((c) => c.kind === 'exact');
    expect(exact).toMatchObject({ left: 'fixed', right: 'emulator', steps, differences: 0 });
    expect(exact!.compared).toBeGreaterThan(100 * steps);
  });
});
