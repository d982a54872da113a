import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const files = readdirSync(folder).filter((f) => /^\d.*\.mjs$/.test(f));

describe('every example prints what it says', () => {
  it('finds examples', () => expect(files.length).toBeGreaterThan(0));
  for (const file of files) {
    it(file, () => {
      const path = join(folder, file);
      const lines = readFileSync(path, 'utf8').split('\n');
      const expected = lines.filter((l) => l.startsWith('// expect: ')).map((l) => l.slice(11));
      const printed = execFileSync(process.execPath, [path], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(expected.length).toBeGreaterThan(0);
      expect(printed.trimEnd().split('\n')).toEqual(expected);
    });
  }
});
