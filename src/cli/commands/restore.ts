import type { Command } from 'commander';
import type { RunCommand } from '../session.js';
import { portOption } from './ports.js';

/** `plastron restore PROGRAM CHECKPOINT --port PORT`. */
export function registerRestore(command: Command, run: RunCommand): void {
  command
    .addOption(portOption())
    .action((file: string, checkpoint: string, flags: { readonly port: string }) =>
      run('restore', async (session) =>
        (await import('../actions/checkout.js')).restoreCommand(file, checkpoint, flags, session),
      ),
    );
}
