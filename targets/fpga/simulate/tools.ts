import { type ExecFileException, execFile } from 'node:child_process';
import type { Environment } from './simulator.js';

/** What a tool printed, standard output first, and whether it was content. */
export interface ToolResult {
  readonly text: string;
  readonly succeeded: boolean;
}

/** Runs a tool of the machine to its end; undefined where it is not installed. */
export async function runTool(
  command: string,
  words: readonly string[],
  environment: Environment,
  folder?: string,
): Promise<ToolResult | undefined> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      if (error?.code === 'ENOENT') resolve(undefined);
      else resolve({ text: `${stdout}${stderr}`, succeeded: error === null });
    };
    const options = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
    // A copy, for types: what is given may be frozen.
    const place = { env: { ...environment }, ...(folder === undefined ? {} : { cwd: folder }) };
    execFile(command, [...words], { ...options, ...place }, done);
  });
}
