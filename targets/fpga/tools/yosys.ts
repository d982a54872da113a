import type { Tree } from '@yowasp/yosys';
import { type Package, packageFolder } from './packages.js';
import { runOver, type ToolRun } from './run.js';

/** Commands over files, which they name without folders. */
export interface YosysWork {
  readonly files: Tree;
  readonly script: string;
  /** Packages to install where Yosys is missing. */
  readonly needed: readonly Package[];
  /** Hears what it prints, line by line; without it only warnings and errors are printed. */
  readonly onLine?: (line: string) => void;
}

const SCRIPT = 'script.ys';

/** Runs the Yosys of npm in this thread. Throws PL5501 where its package is missing. */
export async function runYosys({ files, script, needed, onLine }: YosysWork): Promise<ToolRun> {
  packageFolder('yosys', needed);
  const { runYosys: command } = await import('@yowasp/yosys');
  const words = [...(onLine ? [] : ['-q']), '-s', SCRIPT];
  return runOver(command, words, { ...files, [SCRIPT]: script }, onLine);
}
