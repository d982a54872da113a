import type { Command } from 'commander';
import type { RunFlags } from '../actions/run.js';
import { wholeNumber } from '../options.js';
import type { RunCommand } from '../session.js';
import { portOption } from './ports.js';

/** `plastron run PROGRAM --task TASK --port PORT`. */
export function registerRun(command: Command, run: RunCommand): void {
  command
    .addOption(portOption())
    .requiredOption('--task <task>', 'the task on this computer that the board acts in')
    .option('--steps <number>', 'steps in all (every test condition once)', wholeNumber(1))
    .option('--frozen', 'no learning')
    .option('--keep', 'the first episode goes on with what the board has learned, without a reset')
    .action((file: string, flags: RunFlags) =>
      run('run', async (session) =>
        (await import('../actions/run.js')).runOnBoard(file, flags, session),
      ),
    );
}
