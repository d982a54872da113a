import { type Command, Option } from 'commander';
import type { ServeFlags } from '../actions/serve.js';
import type { RunCommand } from '../session.js';

/** `plastron serve PROGRAM --as KIND`. */
export function registerServe(command: Command, run: RunCommand): void {
  const kinds = new Option(
    '--as <kind>',
    'virtual: the emulator behind the protocol; rtl: the circuit of the board, simulated',
  );
  command
    .addOption(kinds.choices(['virtual', 'rtl']).default('virtual'))
    .action((file: string, flags: ServeFlags) =>
      run('serve', async (session) =>
        (await import('../actions/serve.js')).serveCommand(file, flags, session),
      ),
    );
}
