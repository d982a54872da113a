import type { Command } from 'commander';
import { DEMO_DEFAULTS } from '../../report/demo-defaults.js';
import type { DemoFlags } from '../actions/demo.js';
import { wholeNumber, workersOption } from '../options.js';
import type { RunCommand } from '../session.js';

/** `plastron demo`: the whole way, as `npm start`. */
export function registerDemo(command: Command, run: RunCommand): void {
  command
    .option('--generations <number>', `generations of each search`, wholeNumber(1))
    .addOption(workersOption())
    .option('-o, --output <folder>', 'the folder of the files', DEMO_DEFAULTS.folder)
    .action((flags: DemoFlags) =>
      run('demo', async (session) =>
        (await import('../actions/demo.js')).demoCommand(flags, session),
      ),
    );
}
