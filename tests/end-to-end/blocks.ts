import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Whether expected texts are to be written instead of compared: by hand only, never in CI. */
export const UPDATING =
  process.env['PLASTRON_UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined;

/** Expects the block `<!-- name --> … <!-- /name -->` of a page to hold a text. */
export function expectBlock(name: string, text: string, page = 'README.md'): void {
  const file = `${ROOT}${page}`;
  const readme = readFileSync(file, 'utf8');
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const start = readme.indexOf(open) + open.length;
  const end = readme.indexOf(close);
  expect(end, `${page} has a block ${name}`).toBeGreaterThanOrEqual(start);
  if (UPDATING) writeFileSync(file, `${readme.slice(0, start)}${text}\n${readme.slice(end)}`);
  else expect(readme.slice(start, end)).toBe(`${text}\n`);
}
