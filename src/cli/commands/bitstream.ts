import { type Command, Option } from 'commander';
import type { BitstreamFlags } from '../actions/bitstream.js';
import { positiveNumber } from '../options.js';
import type { RunCommand } from '../session.js';

/** `plastron bitstream --board B -o FILE`, or `--program PROGRAM`. */
export function registerBitstream(command: Command, run: RunCommand): void {
  const board = new Option('--board <board>', 'icebreaker, ice40-hx8k, ulx3s-85f, arty-a7 …');
  const program = new Option(
    '--program <program>',
    'the board and the core that a Program was compiled for',
  ).conflicts(['board', 'parameters']);
  const parameters = new Option(
    '--parameters <list>',
    'of the core, where they are to differ: LANES=4,DEPTH=3',
  );
  command
    .addOption(board)
    .addOption(program)
    .addOption(parameters)
    .option('--megahertz <number>', 'clock of the core', positiveNumber)
    .requiredOption(
      '-o, --output <file>',
      'the bitstream; for other chips than iCE40 a folder from which their tools make it',
    )
    .action((flags: BitstreamFlags, self: Command) => {
      if (flags.board === undefined && flags.program === undefined) {
        self.error(
          "error: required option '--board <board>' or '--program <program>' not specified",
        );
      }
      return run('bitstream', async (session) =>
        (await import('../actions/bitstream.js')).bitstreamCommand(flags, session),
      );
    });
}
