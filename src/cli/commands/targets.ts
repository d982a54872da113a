import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** `plastron targets`: every chip that can be compiled for, with what is assumed about it. */
export function registerTargets(command: Command, run: RunCommand): void {
  command.action(() =>
    run('targets', async (session) =>
      (await import('../actions/targets.js')).targetsCommand(session),
    ),
  );
}
