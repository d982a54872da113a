import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/listed.js';

describe('the list of commands', () => {
  it.each(COMMANDS)('says truly whether $name has options', async ({ load, hasOptions }) => {
    const command = new Command();
    (await load())(command, async () => undefined);
    expect(command.options.length > 0).toBe(hasOptions);
  });
});
