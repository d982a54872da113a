import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../../../runtime/package-file.js';

/** Texts of files by name. */
export type Texts = Readonly<Record<string, string>>;

/** The Verilog of the core and of what stands around it on a board, by file name. */
export function verilogSources(): Texts {
  const folder = packageFile('targets/fpga/rtl');
  const names = readdirSync(folder).filter((name) => name.endsWith('.v'));
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
