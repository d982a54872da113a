import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { toolMissing } from './failures.js';

/** Versions of the packages of YoWASP that are loaded when they are used: large, and needed by few. */
const VERSIONS = {
  yosys: '0.55.944',
  clang: '22.0.0-git20542-10',
  'nextpnr-ice40': '0.8.621',
} as const;

/** A package of YoWASP, without its scope. */
export type Package = keyof typeof VERSIONS;

/** The command that installs packages. */
const installOf = (names: readonly Package[]): string =>
  `npm install ${names.map((name) => `@yowasp/${name}@${VERSIONS[name]}`).join(' ')}`;

/** The folder of the code of a package. Throws PL5501 where it is not installed; `needed` are those to install with it. */
export function packageFolder(name: Package, needed: readonly Package[]): string {
  const { resolve } = createRequire(import.meta.url);
  try {
    return dirname(resolve(`@yowasp/${name}`));
  } catch {
    return toolMissing(`@yowasp/${name}`, installOf(needed));
  }
}

/** Name and version of an installed package. Throws as `packageFolder`. */
export function packageVersion(name: Package, needed: readonly Package[]): string {
  const text = readFileSync(join(packageFolder(name, needed), '..', 'package.json'), 'utf8');
  return `${name} ${(JSON.parse(text) as { version: string }).version}`;
}
