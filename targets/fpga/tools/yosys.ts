import { optionalPackage, YOSYS } from './optional.js';
import { type Files, runTool, type ToolRun } from './wasm-tool.js';

/**
 * Runs a script of Yosys over files, which the script names without folders.
 *
 * @throws DiagnosticsError PL4501 when its package is not installed.
 */
export async function runYosys(
  files: Files,
  script: string,
  onLine?: (line: string) => void,
  needed: readonly string[] = [YOSYS],
): Promise<ToolRun> {
  const yosys = await optionalPackage(() => import('@yowasp/yosys'), YOSYS, needed);
  return runTool(yosys.runYosys, ['-s', SCRIPT], { ...files, [SCRIPT]: script }, onLine);
}

const SCRIPT = 'script.ys';
