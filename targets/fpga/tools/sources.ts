import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readText } from '../../../src/formats/files.js';

/** The folder of the package: the nearest one above this file that has a package.json, in the sources as in what is compiled. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

/** Texts of files by name. */
export type Texts = Readonly<Record<string, string>>;

/** The Verilog of the core and of what stands around it, by file name. */
export function verilogSources(): Texts {
  const folder = join(packageRoot(), 'targets/fpga/rtl');
  const names = readdirSync(folder).filter((name) => name.endsWith('.v'));
  return Object.fromEntries(
    names.sort().map((name) => [name, readText(join(folder, name), 'the circuit')]),
  );
}
