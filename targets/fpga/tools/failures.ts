import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';

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
