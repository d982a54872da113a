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
    .requiredOption('-o, --output <file>', 'the Program, or what --emit asks for')
    .action((model: string, flags: CompileFlags) =>
      run('compile', async (session) =>
        (await import('../actions/compile.js')).compileCommand(model, flags, session),
      ),
    );
  for (const option of [...widthOptions(), ...levelOptions()]) command.addOption(option);
}
