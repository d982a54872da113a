import type { Command } from 'commander';
import type { BitstreamFlags } from '../actions/bitstream.js';
import { positiveNumber } from '../options.js';
import type { RunCommand } from '../session.js';

/** `plastron bitstream --board B -o FILE`. */
export function registerBitstream(command: Command, run: RunCommand): void {
  command
    .requiredOption('--board <board>', 'icebreaker, ice40-hx8k, ulx3s-85f, arty-a7 …')
    .option('--parameters <list>', 'of the core, where they are to differ: LANES=4,DEPTH=3')
    .option('--megahertz <number>', 'clock of the core', positiveNumber)
    .requiredOption(
      '-o, --output <file>',
      'the bitstream; for other chips than iCE40 a folder from which their tools make it',
    )
    .action((flags: BitstreamFlags) =>
      run('bitstream', async (session) =>
        (await import('../actions/bitstream.js')).bitstreamCommand(flags, session),
      ),
    );
}
