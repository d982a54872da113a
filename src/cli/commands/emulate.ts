import { type Command, Option } from 'commander';
import { RECORDING_ENDINGS } from '../../formats/inputs/endings.js';
import type { EmulateFlags } from '../actions/emulate.js';
import { fileEnding, wholeNumber } from '../options.js';
import type { RunCommand } from '../session.js';
import { checkRecording, recordingOptions } from './recording.js';

/** `plastron emulate PROGRAM (--task TASK | --inputs FILE)`. */
export function registerEmulate(command: Command, run: RunCommand): void {
  command
    .option('--task <task>', 'the task that it acts in, under conditions that training never saw')
    .addOption(
      new Option('--inputs <file>', 'recorded inputs in place of a task: .csv, .npy or .json')
        .argParser(fileEnding(...RECORDING_ENDINGS))
        .conflicts('task'),
    )
    .option('--steps <number>', 'steps in all (every test condition or input once)', wholeNumber(1))
    .option('--frozen', 'no learning')
    .option(
      '--from <checkpoint>',
      'the first episode goes on from a file of plastron checkout; values are rounded where it was checked out from another Program',
    )
    .option(
      '--workers <number>',
      'threads for the cores of the chip; the result does not depend on it (default: one per core of this machine for large Programs)',
      wholeNumber(1),
    );
  const trace = 'write what happens in the chip: .vcd for GTKWave and Surfer, .json for Perfetto';
  for (const option of recordingOptions(trace)) command.addOption(option);
  command.action((file: string, flags: EmulateFlags, self: Command) => {
    if (flags.task === undefined && flags.inputs === undefined) {
      self.error('error: emulate needs --task TASK or --inputs FILE');
    }
    checkRecording(flags, self);
    return run('emulate', async (session) =>
      (await import('../actions/emulate.js')).emulateCommand(file, flags, session),
    );
  });
}
