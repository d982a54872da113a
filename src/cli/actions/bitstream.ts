import { join } from 'node:path';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import { type Bitstream, buildBitstream } from '../../../targets/fpga/bitstream/bitstream.js';
import type { Board } from '../../../targets/fpga/boards/board.js';
import { boardNamed } from '../../../targets/fpga/boards/index.js';
import { withParameters } from '../../../targets/fpga/boards/parameters.js';
import { configurationOf } from '../../../targets/fpga/encode/parameters.js';
import { checkWritable, makeFolder, readBytes, writeFileAtomic } from '../../formats/files.js';
import type { Outcome, Session } from '../session.js';
import { count, counted, duration } from '../text.js';

export interface BitstreamFlags {
  readonly board?: string;
  readonly program?: string;
  readonly parameters?: string;
  readonly megahertz?: number;
  readonly output: string;
}

/** Placements differ with the seed by some percent of the clock: the first that is fast enough is taken. */
const SEEDS = [2, 1, 3, 4];

/** Makes the bitstream of a board and writes it. */
export async function bitstreamCommand(flags: BitstreamFlags, session: Session): Promise<Outcome> {
  const started = session.clock();
  const { output } = flags;
  const board = boardOf(flags);
  if (board.chip.family === 'ice40') checkWritable(output, [flags.program]);
  else makeFolder(output);
  const bitstream = await buildBitstream(board, {
    seeds: session.flags.seed === undefined ? SEEDS : [session.flags.seed],
    progress: (stage) =>
      session.progress(`${board.name}: ${duration(session.clock() - started)}, ${stage}`),
  });
  write(output, bitstream);
  const { used, megahertz, clockMegahertz, seed } = bitstream;
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
      seed,
      seconds: session.clock() - started,
    },
  };
}

function boardOf({ board: name, program, parameters, megahertz }: BitstreamFlags): Board {
  const board = program === undefined ? boardNamed(name!) : boardOfProgram(program);
  return {
    ...board,
    core: parameters === undefined ? board.core : withParameters(board.core, parameters),
    coreMegahertz: megahertz ?? board.coreMegahertz,
  };
}

/** The board for which a Program was compiled, with its core. */
function boardOfProgram(file: string): Board {
  const program = decodeProgram(readBytes(file, 'the Program'), file);
  const name = /^fpga:(.*)$/s.exec(program.target)?.[1];
  if (name !== undefined) return { ...boardNamed(name), core: configurationOf(program) };
  const message = `\`${file}\` was compiled for ${program.target}, which is no board with an FPGA`;
  const help = 'compile the model for one: plastron targets lists them';
  return fail(diagnostic('PL3050', message, { help }));
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
