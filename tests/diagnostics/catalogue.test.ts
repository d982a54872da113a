import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, catalogue } from '../../compiler/diagnostics/catalogue.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = 'compiler/diagnostics/catalogue';

/** First digits of codes by the file of the phase. */
const PHASES: Readonly<Record<string, string>> = {
  'equations.ts': '1',
  'numbers.ts': '2',
  'mapping.ts': '3',
  'encoding.ts': '4',
  'running.ts': '5',
  'link.ts': '6',
};

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Text of every source file but the catalogue itself. */
const sources = ['src', 'compiler', 'runtime', 'targets']
  .flatMap((top) => readdirSync(join(root, top), { recursive: true }).map((f) => join(top, `${f}`)))
  .filter((file) => file.endsWith('.ts') && !file.startsWith(join(folder, '/')))
  .map(read)
  .join('\n');

const entries: [string, CatalogueEntry][] = Object.entries(catalogue);

describe('the catalogue', () => {
  it('has every code that the sources report, and no other', () => {
    const used = new Set([...sources.matchAll(/'(PL\d{4})'/g)].map(([, code]) => code!));
    expect([...used].sort()).toEqual(entries.map(([code]) => code).sort());
  });

  it('keeps each code once, in the file of its phase', () => {
    const codes = readdirSync(join(root, folder)).flatMap((file) => {
      const own = [...read(join(folder, file)).matchAll(/^ {2}(PL\d{4}): \{/gm)].map(([, c]) => c!);
      expect(own.filter((code) => code[2] !== PHASES[file])).toEqual([]);
      return own;
    });
    expect(codes.length).toBe(new Set(codes).size);
    expect(codes.length).toBe(entries.length);
  });

  it('says in every entry what happened, shows it and mends it', () => {
    const rules: Readonly<Record<string, (entry: CatalogueEntry) => boolean>> = {
      'a title without a full stop': ({ title }) => /^\S.*[^.\s]$/.test(title),
      'about in sentences': ({ about }) => about.length > 30 && about.endsWith('.'),
      'an example': ({ example }) => example.trim() !== '',
      'a fix that is no copy': ({ fix, example }) => fix.trim() !== '' && fix !== example,
    };
    const missing = entries.flatMap(([code, entry]) =>
      Object.keys(rules).flatMap((rule) => (rules[rule]!(entry) ? [] : [`${code} lacks ${rule}`])),
    );
    expect(missing).toEqual([]);
  });
});
