import { type Command, Option } from 'commander';
import type { FitFlags } from '../actions/fit.js';
import { requireWith } from '../options.js';
import type { RunCommand } from '../session.js';

/** `plastron targets`: every chip that can be compiled for; with `--board B --fit MODEL` the cores of a board that could hold it. */
export function registerTargets(command: Command, run: RunCommand): void {
  const fit = new Option('--fit <model>', 'the cores of the board that could hold a model');
  const named = new Option('--board <board>', 'a board with an FPGA: icebreaker, ulx3s-85f …');
  const task = new Option('--task <task>', 'scores it in this task (the one in the model’s name)');
  command
    .addOption(named)
    .addOption(fit)
    .addOption(task)
    .action((flags: Partial<FitFlags>, self: Command) => {
      const { board, fit: model } = flags;
      if (board === undefined) requireWith(self, [fit, task], flags, '--board <board>');
      if (model === undefined) requireWith(self, [named, task], flags, '--fit <model>');
      return run('targets', async (session) => {
        if (board === undefined || model === undefined) {
          return (await import('../actions/targets.js')).targetsCommand(session);
        }
        const { fitCommand } = await import('../actions/fit.js');
        return fitCommand({ ...flags, board, fit: model }, session);
      });
    });
}
