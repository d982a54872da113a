/** A place in a text: 1-based line and column, length in characters. Plain data, kept on every node of every level. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Where nothing is written: what a compiler adds has this place where nothing gave it a better one. */
export const NOWHERE: Span = { file: '', line: 1, column: 1, length: 0 };

export type Severity = 'error' | 'warning' | 'note';

/** One message to the user about the user's input. `source` is the text of the line that `span` names. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span?: Span;
  readonly source?: string;
  readonly notes: readonly string[];
  readonly help?: string;
}

/** What a caller may add to a catalogue entry when it reports it. */
export interface DiagnosticPlace {
  readonly span?: Span | undefined;
  readonly source?: string | undefined;
  readonly notes?: readonly string[];
  readonly help?: string;
}

/**
 * The vehicle that carries a user's faults out of a library call: all errors of a phase at once.
 * It is thrown by public functions and rendered by the command line; any other exception is a bug of ours.
 */
export class DiagnosticsError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
    this.name = 'DiagnosticsError';
    this.diagnostics = diagnostics;
  }
}

/** Collects diagnostics of one phase; `finish` throws when one of them is an error. */
export class DiagnosticBag {
  readonly list: Diagnostic[] = [];
  add(diagnostic: Diagnostic): void {
    this.list.push(diagnostic);
  }
  get hasErrors(): boolean {
    return this.list.some((d) => d.severity === 'error');
  }
  finish(): readonly Diagnostic[] {
    if (this.hasErrors) throw new DiagnosticsError(this.list);
    return this.list;
  }
}

/** Throws one error. */
export function fail(diagnostic: Diagnostic): never {
  throw new DiagnosticsError([diagnostic]);
}

/** The end of a switch over `kind`: reaching it is a bug of ours. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** The text of the line that a span names, or undefined when the text is not at hand. */
export function lineOf(text: string, span: Span): string | undefined {
  return text.split(/\r?\n/)[span.line - 1];
}

/**
 * The names nearest to an unknown one by edit distance: those of the least distance, at most three, in order of the alphabet.
 * Names with nothing in common are not near, however short they are.
 */
export function nearestNames(unknown: string, known: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(unknown.length / 2));
  const near = [...new Set(known)]
    .map((name) => ({ name, distance: editDistance(unknown.toLowerCase(), name.toLowerCase()) }))
    .filter((c) => c.distance <= limit && c.distance < Math.max(unknown.length, c.name.length));
  const least = Math.min(...near.map((c) => c.distance));
  return near
    .filter((c) => c.distance === least)
    .map((c) => c.name)
    .sort()
    .slice(0, 3);
}

/** Help for an unknown name: the nearest ones, else all that there are, behind `list`. */
export function didYouMean(unknown: string, known: readonly string[], list = 'there is'): string {
  const quoted = (names: readonly string[]): string[] => names.map((n) => `\`${n}\``);
  const near = nearestNames(unknown, known);
  if (near.length > 0) return `did you mean ${quoted(near).join(' or ')}?`;
  return known.length > 0 ? `${list}: ${quoted(known).join(', ')}` : `${list} none`;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? before[j - 2]! + 1 : substitution;
      row.push(Math.min(substitution, swap, previous[j]! + 1, row[j - 1]! + 1));
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
