import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** `plastron tasks`: every task with its variants. */
export function registerTasks(command: Command, run: RunCommand): void {
  command.action(() =>
    run('tasks', async (session) => (await import('../actions/tasks.js')).tasksCommand(session)),
  );
}
