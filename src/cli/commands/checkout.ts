import type { Command } from 'commander';
import type { RunCommand } from '../session.js';
import { portOption } from './ports.js';

/** `plastron checkout PROGRAM --port PORT -o FILE`. */
export function registerCheckout(command: Command, run: RunCommand): void {
  command
    .addOption(portOption())
    .requiredOption('-o, --output <file>', 'the checkpoint: weights, traces, random state')
    .action((file: string, flags: { readonly port: string; readonly output: string }) =>
      run('checkout', async (session) =>
        (await import('../actions/checkout.js')).checkoutCommand(file, flags, session),
      ),
    );
}
