import type { Command } from 'commander';
import type { CompileFlags } from '../actions/compile.js';
import { levelOptions } from '../levels.js';
import { wholeNumber, widthOptions } from '../options.js';
import type { RunCommand } from '../session.js';

/** `plastron compile MODEL --target T -o PROGRAM`. */
export function registerCompile(command: Command, run: RunCommand): void {
  command
    .requiredOption('--target <target>', 'the chip: plastron targets lists them')
    .option(
      '--task <task>',
      'choose formats by rollouts of this task (the one in the model’s name)',
    )
    .option('--palette <number>', 'coefficient vectors that a core may hold', wholeNumber(1, 65536))
    .option('--lanes <number>', 'of the core on an FPGA: 1, 2, 4, 8 or 16', wholeNumber(1))
    .option('--units <number>', 'multipliers in a lane of that core: 1, 2 or 4', wholeNumber(1))
    .option('--parameters <list>', 'more of its parameters: DEPTH=3,WEIGHT_WORDS=4096')
    .requiredOption('-o, --output <file>', 'the Program, or what --emit asks for')
    .action((model: string, flags: CompileFlags) =>
      run('compile', async (session) =>
        (await import('../actions/compile.js')).compileCommand(model, flags, session),
      ),
    );
  for (const option of [...widthOptions(), ...levelOptions()]) command.addOption(option);
}
