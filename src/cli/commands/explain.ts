import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** `plastron explain [NAME]`: what a code, pass, rule, neuron, task or target is. */
export function registerExplain(command: Command, run: RunCommand): void {
  command.action((name: string | undefined) =>
    run('explain', async (session) =>
      (await import('../actions/explain.js')).explainCommand(name, session),
    ),
  );
}
