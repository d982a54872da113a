import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { renderDiagnostics, type Style } from '../../compiler/diagnostics/render.js';
import { SourceTexts } from '../../compiler/diagnostics/sources.js';
import { libraryText } from '../equations/library.js';
import { printEnvelope, toJson } from './envelope.js';
import { EXIT, type ExitCode, exitOf } from './exit.js';
import { ProgressLine } from './progress.js';
import { type Host, styleFor } from './terminal.js';

/** Options that every command takes. */
export interface GlobalFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed?: number;
}

/** What a command came to. */
export interface Outcome {
  /** `ok` when absent. */
  readonly exit?: ExitCode;
  /** The command's fields of the JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What the user asked to see, on standard output; --quiet keeps it, --json has it as fields. */
  readonly text?: string;
  /** Errors, warnings and notes that did not stop the command. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** What a command may use while it runs. */
export interface Session {
  readonly flags: GlobalFlags;
  /** Style of standard output. */
  readonly style: Style;
  readonly clock: () => number;
  /** Texts that were read: diagnostics with a place in one of them show the line. */
  readonly sources: SourceTexts;
  /** Keeps a warning or note; it is shown when the command ends, before those of its outcome. */
  readonly report: (diagnostic: Diagnostic) => void;
  /** Prose for people: standard output, or standard error under --json; nothing under --quiet. */
  say(text: string): void;
  /** What the user asked to see at once: where prose goes, and --quiet keeps it. */
  show(text: string): void;
  /** Progress on standard error; nothing under --quiet. */
  progress(text: string, final?: boolean): void;
  /** Runs `work` so that Ctrl-C aborts its signal instead of ending the process; a second one ends it. */
  interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Runs the body of a command and keeps its exit code. */
export type RunCommand = (
  name: string,
  work: (session: Session) => Outcome | Promise<Outcome>,
) => Promise<void>;

/** A command that was stopped by Ctrl-C and has nothing more to say. */
export class Interrupted extends Error {}

/** Runs one command: prints what it came to, and gives the exit code. Nothing that it throws gets out. */
export async function runCommand(
  host: Host,
  name: string,
  flags: GlobalFlags,
  work: (session: Session) => Outcome | Promise<Outcome>,
): Promise<ExitCode> {
  const line = new ProgressLine(host.stderr, host.clock);
  const style = styleFor(host.stderr, host.environment);
  const sources = new SourceTexts(libraryText);
  const reported: Diagnostic[] = [];
  const finish = (exit: ExitCode, found: readonly Diagnostic[], outcome?: Outcome): void => {
    line.clear();
    const diagnostics = [...reported, ...found].map((d) => sources.complete(d));
    if (flags.json) {
      const ok = exit === EXIT.ok;
      host.stdout.write(printEnvelope(name, ok, diagnostics.map(toJson), outcome?.json));
    } else if (outcome?.text !== undefined) host.stdout.write(`${outcome.text}\n`);
    const shown = flags.quiet ? diagnostics.filter((d) => d.severity === 'error') : diagnostics;
    if (shown.length > 0) host.stderr.write(`${renderDiagnostics(shown, style)}\n`);
  };
  try {
    const report = (d: Diagnostic): void => void reported.push(d);
    const outcome = await work({ ...sessionOf(host, flags, line), sources, report });
    const exit = outcome.exit ?? EXIT.ok;
    finish(exit, outcome.diagnostics ?? [], outcome);
    return exit;
  } catch (error) {
    line.clear();
    if (error instanceof DiagnosticsError) {
      const exit = exitOf(error.diagnostics.map(({ code }) => code));
      finish(exit, error.diagnostics);
      return exit;
    }
    if (error instanceof Interrupted) {
      finish(EXIT.interrupted, []);
      host.stderr.write('interrupted\n');
      return EXIT.interrupted;
    }
    return reportBug(host, name, flags, error);
  }
}

function sessionOf(
  host: Host,
  flags: GlobalFlags,
  line: ProgressLine,
): Omit<Session, 'sources' | 'report'> {
  const prose = flags.json ? host.stderr : host.stdout;
  return {
    flags,
    style: styleFor(host.stdout, host.environment),
    clock: host.clock,
    say: (text) => {
      line.clear();
      if (!flags.quiet) prose.write(`${text}\n`);
    },
    show: (text) => {
      line.clear();
      prose.write(`${text}\n`);
    },
    progress: (text, final) => {
      if (!flags.quiet) line.show(text, final);
    },
    interruptible: async (work) => {
      const controller = new AbortController();
      const remove = host.onInterrupt(() => controller.abort(new Interrupted()));
      try {
        return await work(controller.signal);
      } finally {
        remove();
      }
    },
  };
}

/** Says that something is wrong with plastron itself; where, only when PLASTRON_DEBUG asks for it. */
export function reportBug(
  host: Host,
  name: string | null,
  flags: GlobalFlags,
  error: unknown,
): ExitCode {
  const what = error instanceof Error ? error.message : String(error);
  const message = `plastron met a bug of its own: ${what}`;
  if (flags.json) {
    const bug = { code: 'bug', severity: 'error', message, notes: [] } as const;
    host.stdout.write(printEnvelope(name, false, [toJson(bug)]));
  }
  host.stderr.write(`${message}\n`);
  const { PLASTRON_DEBUG } = host.environment;
  if (PLASTRON_DEBUG !== undefined && PLASTRON_DEBUG !== '' && PLASTRON_DEBUG !== '0') {
    if (error instanceof Error) host.stderr.write(`${error.stack}\n`);
  } else {
    host.stderr.write(
      'Please report it with the command line that led here; PLASTRON_DEBUG=1 shows where it happened.\n',
    );
  }
  return EXIT.bug;
}
