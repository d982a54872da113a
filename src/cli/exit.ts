/** How the process ends. */
export const EXIT = {
  ok: 0,
  /** Something is wrong with what the user gave: diagnostics were printed. */
  diagnostics: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** A verification found a difference or passed a bound. */
  differs: 3,
  /** A bug of ours. */
  bug: 70,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
