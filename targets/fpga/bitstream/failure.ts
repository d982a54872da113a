import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';

/** Lines of a log in which a tool says why it gave up. */
const COMPLAINT = /^(?:ERROR|.*: ERROR): /;

/** Most lines that a report shows. */
const SHOWN = 5;

/** Ends with PL4502 and what a tool complained of, or else its last lines. */
export function failTool(tool: string, log: string): never {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.filter((line) => COMPLAINT.test(line));
  const notes = complaints.length > 0 ? complaints.slice(0, SHOWN) : lines.slice(-SHOWN);
  return fail(diagnostic('PL4502', `${tool} gave up`, { notes }));
}
