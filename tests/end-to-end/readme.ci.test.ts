import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/src/cli/main.js');
const START = /^(?:npx )?plastron\s/;

/**
 * The plastron commands of a page: lines of its `sh` blocks that begin with `plastron` or `npx plastron`, `\` at the
 * end of a line joining the next one; comments and the rest of the line behind `|`, `>` and `#` are left out.
 */
function commandsOf(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|bash|shell|console)\s*\n([\s\S]*?)^```/gm)];
  return blocks.flatMap(([, block]) =>
    block!
      .replaceAll(/\s*\\\n\s*/g, ' ')
      .split('\n')
      .map((line) => line.replace(/^\s*\$?\s*/, '').replace(/\s+(?:[|>#].*)$/, ''))
      .filter((line) => START.test(`${line} `)),
  );
}

describe('commandsOf', () => {
  it('finds commands, joins lines, and leaves comments and other programs out', () => {
    const page =
      '```sh\nnpm start\nnpx plastron tasks   # lists\n$ plastron train a \\\n  -o m.onnx\n```\n```ts\nplastron no\n```\n';
    expect(commandsOf(page)).toEqual(['npx plastron tasks', 'plastron train a -o m.onnx']);
  });
});

describe('README.md', () => {
  const commands = commandsOf(readFileSync(join(root, 'README.md'), 'utf8'));
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plastron-readme-'));
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has commands', () => {
    expect(commands.length).toBeGreaterThan(0);
  });

  // In order, in one folder: later commands read what earlier ones wrote.
  it.each(commands.map((command) => [command]))('%s', (command) => {
    const words = splitWords(command.replace(START, ''));
    const { status, stderr } = spawnSync(process.execPath, [main, ...words], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);
  });
});

/** Words as a shell splits them: quotes keep words together. */
function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(([all, a, b]) => a ?? b ?? all);
}
