import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = `${ROOT}README.md`;

/** Whether expected texts are to be written instead of compared: by hand only, never in CI. */
export const UPDATING =
  process.env['PLASTRON_UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined;

/** Expects the block `<!-- name --> … <!-- /name -->` of the README to hold a text. */
export function expectBlock(name: string, text: string): void {
  const readme = readFileSync(README, 'utf8');
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const start = readme.indexOf(open) + open.length;
  const end = readme.indexOf(close);
  expect(end, `README.md has a block ${name}`).toBeGreaterThanOrEqual(start);
  if (UPDATING) writeFileSync(README, `${readme.slice(0, start)}${text}\n${readme.slice(end)}`);
  else expect(readme.slice(start, end)).toBe(`${text}\n`);
}
