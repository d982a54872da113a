import { join } from 'node:path';
import { type Bitstream, buildBitstream } from '../../../targets/fpga/bitstream/bitstream.js';
import type { Board } from '../../../targets/fpga/boards/board.js';
import { boardNamed } from '../../../targets/fpga/boards/index.js';
import { withParameters } from '../../../targets/fpga/boards/parameters.js';
import { checkWritable, makeFolder, writeFileAtomic } from '../../formats/files.js';
import type { Outcome, Session } from '../session.js';
import { count, counted, duration } from '../text.js';

export interface BitstreamFlags {
  readonly board: string;
  readonly parameters?: string;
  readonly megahertz?: number;
  readonly output: string;
}

/** Placements differ with the seed; this one is as good as any. */
const SEED = 1;

/** Makes the bitstream of a board and writes it. */
export async function bitstreamCommand(flags: BitstreamFlags, session: Session): Promise<Outcome> {
  const started = session.clock();
  const { output } = flags;
  const board = boardOf(flags);
  if (board.chip.family === 'ice40') checkWritable(output);
  else makeFolder(output);
  const bitstream = await buildBitstream(board, {
    seed: session.flags.seed ?? SEED,
    progress: (stage) =>
      session.progress(`${board.name}: ${duration(session.clock() - started)}, ${stage}`),
  });
  write(output, bitstream);
  const { used, megahertz, clockMegahertz } = bitstream;
  session.say(summary(output, board, bitstream));
  return {
    json: {
      file: output,
      board: board.name,
      logicCells: used.logicCells,
      blockRams: used.blockRams,
      singlePortRams: used.singlePortRams,
      multipliers: used.multipliers,
      megahertz,
      clockMegahertz,
      seconds: session.clock() - started,
    },
  };
}

function boardOf({ board: name, parameters, megahertz }: BitstreamFlags): Board {
  const board = boardNamed(name);
  return {
    ...board,
    core: parameters === undefined ? board.core : withParameters(board.core, parameters),
    coreMegahertz: megahertz ?? board.coreMegahertz,
  };
}

function write(output: string, { product }: Bitstream): void {
  if (product.kind === 'file') {
    writeFileAtomic(output, product.bytes);
    return;
  }
  for (const [name, text] of Object.entries(product.files)) {
    writeFileAtomic(join(output, name), text);
  }
}

function summary(
  output: string,
  { about, resources }: Board,
  { product, used, megahertz, clockMegahertz }: Bitstream,
): string {
  const of = (kind: keyof Bitstream['used'], name: string): string =>
    `${count(used[kind])} of ${count(resources[kind])} ${name}`;
  const takes = [
    of('logicCells', 'logic cells'),
    of('blockRams', 'block RAMs'),
    ...(resources.multipliers > 0 ? [of('multipliers', 'multipliers')] : []),
  ].join(', ');
  const clock = `${clockMegahertz.toFixed(2)} MHz`;
  const speed = megahertz === null ? `for ${clock}` : `${clock}, reaches ${megahertz.toFixed(2)}`;
  const made =
    product.kind === 'file'
      ? `${output} written: ${count(product.bytes.length)} bytes`
      : `${output} written: ${counted(Object.keys(product.files).length, 'file')}; to go on: sh ${join(output, 'build.sh')}`;
  return `${about}: ${takes}; ${speed}\n${made}`;
}
