import picocolors from 'picocolors';
import type { Style } from '../../compiler/diagnostics/render.js';

/** Where text goes: the part of a stream of the process that the command line uses. */
export interface Output {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything that the command line takes from the process. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Seconds since any moment. */
  readonly clock: () => number;
  /** Calls back on Ctrl-C and on a polite end; returns what takes the callback away. */
  readonly onInterrupt: (interrupted: () => void) => () => void;
}

/** Colours for one output: none when it is no terminal or NO_COLOR is set; FORCE_COLOR asks for them anyway. */
export function styleFor(output: Output, environment: Host['environment']): Style {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || FORCE_COLOR === '0';
  const able = output.isTTY === true && TERM !== 'dumb';
  const colours = picocolors.createColors(!refused && (forced || able));
  return {
    error: (text) => colours.bold(colours.red(text)),
    warning: (text) => colours.bold(colours.yellow(text)),
    note: (text) => colours.bold(colours.cyan(text)),
    strong: colours.bold,
    faint: colours.dim,
  };
}
