import { type Command, Option } from 'commander';
import { RECORDING_ENDINGS } from '../../formats/inputs/endings.js';
import type { EmulateFlags } from '../actions/emulate.js';
import { collect, fileEnding, wholeNumber } from '../options.js';
import type { RunCommand } from '../session.js';
import { isVcd, TRACE_ENDINGS } from '../trace-endings.js';

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
    .option('--from <checkpoint>', 'the first episode goes on from a file of plastron checkout')
    .option(
      '--outputs <file>',
      'write the outputs of every step: .csv, .npy or .json',
      fileEnding(...RECORDING_ENDINGS),
    )
    .option(
      '--trace <file>',
      'write what happens in the chip: .vcd for GTKWave and Surfer, .json for Perfetto',
      fileEnding(...TRACE_ENDINGS),
    )
    .option(
      '--signals <name>',
      'only these in a .vcd: hidden, hidden.v, hidden.v[0..7]; several times for more',
      collect,
    )
    .option(
      '--workers <number>',
      'threads for the cores of the chip; the result does not depend on it (default: one per core of this machine for large Programs)',
      wholeNumber(1),
    )
    .action((file: string, flags: EmulateFlags, self: Command) => {
      checkFlags(flags, self);
      return run('emulate', async (session) =>
        (await import('../actions/emulate.js')).emulateCommand(file, flags, session),
      );
    });
}

function checkFlags({ task, inputs, outputs, trace, signals }: EmulateFlags, self: Command): void {
  if (task === undefined && inputs === undefined) {
    self.error('error: emulate needs --task TASK or --inputs FILE');
  }
  if (signals !== undefined && (trace === undefined || !isVcd(trace))) {
    self.error("error: option '--signals <name>' needs '--trace <file>' with a .vcd");
  }
  if (trace !== undefined && trace === outputs) {
    self.error('error: --trace and --outputs name one file');
  }
}
