import {
  checkoutOf,
  checkProgram,
  checkRestored,
  parseCheckpoint,
  printCheckpoint,
  restoreCore,
} from '../../../targets/fpga/link/checkpoint.js';
import { checkWritable, readBytes, readText, writeFileAtomic } from '../../formats/files.js';
import { onBoard } from '../boards.js';
import type { Outcome, Session } from '../session.js';
import { count } from '../text.js';

/** Writes what a board has come to into a file. */
export async function checkoutCommand(
  file: string,
  { port, output }: { readonly port: string; readonly output: string },
  session: Session,
): Promise<Outcome> {
  const bytes = readBytes(file, 'the Program');
  checkWritable(output, [file]);
  const work = { file, bytes };
  const { checkpoint, board, name } = await onBoard(
    port,
    work,
    session,
    ({ machine, board, core }) => ({
      checkpoint: checkoutOf(machine, bytes),
      board,
      name: core.link.port,
    }),
    'as it is',
  );
  writeFileAtomic(output, printCheckpoint(checkpoint));
  const { step, seed, state } = checkpoint;
  const values = state.reduce((sum, { values }) => sum + values.length, 0);
  session.say(`${output} written: ${count(values)} values of ${board}, after ${count(step)} steps`);
  return { json: { port: name, board, checkpoint: output, step, seed, values } };
}

/** Puts a board where a checkpoint says. */
export async function restoreCommand(
  file: string,
  from: string,
  { port }: { readonly port: string },
  session: Session,
): Promise<Outcome> {
  const bytes = readBytes(file, 'the Program');
  const checkpoint = parseCheckpoint(readText(from, 'the checkpoint'), from);
  checkProgram(checkpoint, bytes, from);
  const { board, name } = await onBoard(
    port,
    { file, bytes },
    session,
    ({ machine, core, board }) => {
      restoreCore(machine, checkpoint);
      checkRestored(machine, checkpoint);
      return { board, name: core.link.port };
    },
  );
  const { step, seed } = checkpoint;
  session.say(`${board} goes on after step ${count(step)}`);
  return { json: { port: name, board, step, seed, verified: true } };
}
