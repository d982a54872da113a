import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./digest.mjs', import.meta.url));
const run = (node: string): string => execFileSync(node, [script], { encoding: 'utf8' }).trim();

describe('the same numbers on other versions of Node', () => {
  const here = run(process.execPath);
  for (const version of ['22', '24']) {
    it(`node ${version} gives ${here.slice(0, 12)}… as ${process.version} does`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'plastron-node-'));
      try {
        const install = ['install', '--no-save', '--prefix', folder, `node@${version}`];
        execFileSync('npm', install, { stdio: 'ignore', timeout: 300_000 });
        const node = join(folder, 'node_modules', '.bin', 'node');
        const reported = execFileSync(node, ['--version'], { encoding: 'utf8' });
        expect(reported.startsWith(`v${version}.`)).toBe(true);
        expect(run(node)).toBe(here);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
