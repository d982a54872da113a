import { type ExecFileException, execFile } from 'node:child_process';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
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

/** Throws PL5501. `install` says how a user gets the tool. */
export function toolMissing(tool: string, install: string): never {
  return fail(diagnostic('PL5501', `\`${tool}\` is not installed`, { help: install }));
}

/** Throws PL5502 with what the tool said: its first complaints, else its last words. */
export function buildFailed(tool: string, text: string): never {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.filter((line) => /error/i.test(line));
  const notes = complaints.length > 0 ? complaints.slice(0, 8) : lines.slice(-8);
  return fail(diagnostic('PL5502', `\`${tool}\` does not build the circuit`, { notes }));
}
