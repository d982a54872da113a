import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diagnostic } from '../compiler/diagnostics/catalogue.js';
import { fail } from '../compiler/diagnostics/diagnostic.js';

/**
 * The compiled code of a worker: `name` beside the file `here` (an import.meta.url of the folder `folder` of the project), or its
 * twin under dist/ when that runs from source. Throws DiagnosticsError PL5108 when it is missing.
 */
export function workerFile(here: string, folder: string, name: string): string {
  const url = here.endsWith('.ts')
    ? new URL(`${'../'.repeat(folder.split('/').length)}dist/${folder}/${name}`, here)
    : new URL(`./${name}`, here);
  const file = fileURLToPath(url);
  if (!existsSync(file)) {
    fail(
      diagnostic('PL5108', 'the compiled worker is missing', {
        notes: [`looked for ${file}`],
        help: 'run `npm run build`, or use no worker threads',
      }),
    );
  }
  return file;
}
