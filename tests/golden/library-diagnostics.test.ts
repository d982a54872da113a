import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../compiler/diagnostics/render.js';
import { LIBRARY_CASES, texts } from './library-cases.js';

/** What is shown of the fault that a call throws, at once or later. */
async function shownBy(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return renderDiagnostics(error.diagnostics.map((d) => texts.complete(d)));
  }
  return 'nothing';
}

describe('what a caller of the library sees', () => {
  it.each(LIBRARY_CASES.map((c) => [c.name, c] as const))('%s', async (_, { run, shown, code }) => {
    const text = await shownBy(run);
    expect(text.split('\n')).toEqual(shown);
    expect(text).toContain(` ${code}: `);
  });
});

describe('the catalogue', () => {
  it('has no code that no golden shows', () => {
    const folder = fileURLToPath(new URL('diagnostics', import.meta.url));
    const goldens = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const shown = goldens.flatMap((text) =>
      [...text.matchAll(/^(?:error|warning|note) (PL\d{4}): /gm)].map(([, code]) => code!),
    );
    const called = LIBRARY_CASES.map((c) => c.code);
    const missing = Object.keys(catalogue).filter((c) => !shown.includes(c) && !called.includes(c));
    expect(missing).toEqual([]);
    // A library case is for what no command line reaches.
    expect(called.filter((c) => c !== 'PL5108' && shown.includes(c))).toEqual([]);
  });
});
