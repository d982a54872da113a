import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** `plastron doctor`. */
export function registerDoctor(command: Command, run: RunCommand): void {
  command.action(() =>
    run('doctor', async () => (await import('../actions/doctor.js')).doctorCommand()),
  );
}
