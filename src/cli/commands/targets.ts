import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** `plastron targets`: every chip that can be compiled for, with what is assumed about it. */
export function registerTargets(program: Command, run: RunCommand): void {
  program
    .command('targets')
    .description('lists the chips that plastron compiles for, and what is assumed about them')
    .action(() =>
      run('targets', async (session) =>
        (await import('../actions/targets.js')).targetsCommand(session),
      ),
    );
}
