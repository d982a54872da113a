import type { Command } from 'commander';
import type { DeployFlags } from '../actions/deploy.js';
import type { RunCommand } from '../session.js';
import { portOption } from './ports.js';

/** `plastron deploy PROGRAM --port PORT`. */
export function registerDeploy(command: Command, run: RunCommand): void {
  command
    .addOption(portOption())
    .option('--dry-run', 'say what would be sent, and open no port')
    .action((file: string, flags: DeployFlags) =>
      run('deploy', async (session) =>
        (await import('../actions/deploy.js')).deployCommand(file, flags, session),
      ),
    );
}
