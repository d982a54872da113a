/** How the process ends. */
export const EXIT = {
  ok: 0,
  /** Something is wrong with what the user gave: diagnostics were printed. */
  diagnostics: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** A verification found a difference or passed a bound. */
  differs: 3,
  /** Something is wrong with a board, or with the way to it. */
  device: 4,
  /** A bug of ours. */
  bug: 70,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** How a command ends that stopped at these codes: those of the link up to PL6039 speak of boards, not of what the user gave. */
export const exitOf = (codes: readonly string[]): ExitCode =>
  codes.some((code) => /^PL60[0-3]/.test(code)) ? EXIT.device : EXIT.diagnostics;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
