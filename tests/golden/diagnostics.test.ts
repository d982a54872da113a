import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseCase, runCase, withOutput } from './case.js';

const folder = fileURLToPath(new URL('diagnostics', import.meta.url));
const names = readdirSync(folder)
  .filter((name) => process.platform === 'linux' || !name.includes('linux'))
  .sort();
const { CI, PLASTRON_UPDATE_GOLDENS } = process.env;
const update = PLASTRON_UPDATE_GOLDENS === '1' && !CI;

describe('what a user sees', () => {
  it.each(names)('%s', async (name) => {
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    const golden = parseCase(text);
    const { output, exits, files } = await runCase(golden);
    if (update) writeFileSync(file, withOutput(text, output));
    else expect(output).toBe(golden.expected);
    expect(exits.length).toBeGreaterThan(0);
    expect(exits.filter((exit) => exit > 4)).toEqual([]);
    expect(files.filter((f) => /\.(tmp|partial)$/.test(f))).toEqual([]);
    expect(placesWithoutSource(output)).toEqual([]);
  });
});

/** Places that are named without the line that they point into. */
function placesWithoutSource(output: string): readonly string[] {
  const lines = output.split('\n');
  return lines.filter((line, i) => /^ +--> /.test(line) && !/^ +\|$/.test(lines[i + 1] ?? ''));
}
