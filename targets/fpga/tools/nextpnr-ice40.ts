import { NEXTPNR_ICE40, optionalPackage, YOSYS } from './optional.js';
import { type Files, runTool, type ToolRun } from './wasm-tool.js';

const load = () =>
  optionalPackage(() => import('@yowasp/nextpnr-ice40'), NEXTPNR_ICE40, [YOSYS, NEXTPNR_ICE40]);

/**
 * Places and routes for iCE40.
 *
 * @throws DiagnosticsError PL4501 when its package is not installed.
 */
export async function runNextpnrIce40(
  files: Files,
  words: readonly string[],
  onLine?: (line: string) => void,
): Promise<ToolRun> {
  return runTool((await load()).runNextpnrIce40, words, files, onLine);
}

/** Makes the bytes of a bitstream of its text. Throws as `runNextpnrIce40`. */
export async function runIcepack(files: Files, words: readonly string[]): Promise<ToolRun> {
  return runTool((await load()).runIcepack, words, files);
}
