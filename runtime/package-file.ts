import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file of this package that is no TypeScript, by its path from the root of the package. tsc copies none into dist/, so code
 * finds them from where it runs, source or dist/, by the nearest package.json above it; `files` in package.json carries them.
 */
export function packageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, path);
}
