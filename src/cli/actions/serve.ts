import { once } from 'node:events';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import { servePort } from '../../../targets/fpga/link/ports.js';
import { readBytes } from '../../formats/files.js';
import type { Outcome, Session } from '../session.js';

export interface ServeFlags {
  readonly as: 'virtual' | 'rtl';
}

/** Has a board at a pseudo-terminal, which other commands open, until it is interrupted. */
export async function serveCommand(
  file: string,
  { as }: ServeFlags,
  session: Session,
): Promise<Outcome> {
  const program = decodeProgram(readBytes(file, 'the Program'), file);
  return session.interruptible(async (signal) => {
    const board = await servePort(as, program, file);
    const { path } = board;
    session.show(
      `${program.target} (${as}) is at ${path}: plastron deploy ${file} --port ${path}\nCtrl-C ends it`,
    );
    const interrupted = once(signal, 'abort').then(() => undefined);
    // Neither a promise nor a worker that nobody waits for keeps a process alive.
    const alive = setInterval(() => undefined, 2 ** 30);
    const failure = signal.aborted ? undefined : await Promise.race([interrupted, board.failed]);
    clearInterval(alive);
    if (failure !== undefined) fail(diagnostic('PL6002', `${path} is gone: ${failure}`));
    await board.stop();
    return { json: { port: path, as } };
  });
}
