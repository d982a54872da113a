import type { Command } from 'commander';
import type { RunFlags } from '../actions/run.js';
import { wholeNumber } from '../options.js';
import type { RunCommand } from '../session.js';
import { portOption } from './ports.js';
import { checkRecording, recordingOptions } from './recording.js';

/** `plastron run PROGRAM --task TASK --port PORT`. */
export function registerRun(command: Command, run: RunCommand): void {
  command
    .addOption(portOption())
    .requiredOption('--task <task>', 'the task on this computer that the board acts in')
    .option('--steps <number>', 'steps in all (every test condition once)', wholeNumber(1))
    .option('--frozen', 'no learning')
    .option('--keep', 'the first episode goes on with what the board has learned, without a reset');
  const trace =
    'write what happens on the board: .vcd for GTKWave and Surfer; each step is read back, which takes round trips';
  for (const option of recordingOptions(trace)) command.addOption(option);
  command.action((file: string, flags: RunFlags, self: Command) => {
    checkRecording(flags, self);
    return run('run', async (session) =>
      (await import('../actions/run.js')).runOnBoard(file, flags, session),
    );
  });
}
