import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** `plastron explain [NAME]`: what a code, pass, rule, neuron, task or target is. */
export function registerExplain(program: Command, run: RunCommand): void {
  program
    .command('explain')
    .description(
      'tells about a code, pass, rule, neuron, task or target; without a name, lists all',
    )
    .argument('[name]', 'for instance PL1003, pdlf, quantise or loihi2')
    .action((name: string | undefined) =>
      run('explain', async (session) =>
        (await import('../actions/explain.js')).explainCommand(name, session),
      ),
    );
}
