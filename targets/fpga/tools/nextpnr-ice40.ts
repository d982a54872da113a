import type { Tree } from '@yowasp/nextpnr-ice40';
import { type Package, packageFolder } from './packages.js';
import { runOver, type ToolRun } from './run.js';

/** What makes bitstreams for iCE40. */
export const ICE40_PACKAGES: readonly Package[] = ['yosys', 'nextpnr-ice40'];

async function load() {
  packageFolder('nextpnr-ice40', ICE40_PACKAGES);
  return import('@yowasp/nextpnr-ice40');
}

/** Places and routes for iCE40 in this thread. Throws PL5501 where its package is missing. */
export async function runNextpnrIce40(
  files: Tree,
  words: readonly string[],
  onLine?: (line: string) => void,
): Promise<ToolRun> {
  return runOver((await load()).runNextpnrIce40, words, files, onLine);
}

/** Makes the bytes of a bitstream of its text. Throws PL5501 where its package is missing. */
export async function runIcepack(files: Tree, words: readonly string[]): Promise<ToolRun> {
  return runOver((await load()).runIcepack, words, files);
}
