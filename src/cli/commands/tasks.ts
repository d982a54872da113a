import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** `plastron tasks`: every task with its variants. */
export function registerTasks(program: Command, run: RunCommand): void {
  program
    .command('tasks')
    .description('lists the tasks and their variants')
    .action(() =>
      run('tasks', async (session) => (await import('../actions/tasks.js')).tasksCommand(session)),
    );
}
