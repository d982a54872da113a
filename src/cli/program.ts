import { Command, CommanderError } from 'commander';
import { COMMANDS, type ListedCommand } from './commands/listed.js';
import { EXIT, type ExitCode } from './exit.js';
import { seedOption } from './options.js';
import type { GlobalFlags, RunCommand } from './session.js';
import type { Host } from './terminal.js';

const NO_COMMAND = 'no command is given: plastron --help lists them';

const ENDINGS = `
Exit codes: 0 ok, 1 something is wrong with the input, 2 with the command line,
3 a verification differs, 4 a board is not there or does something else,
70 a bug of plastron, 130 interrupted.
NO_COLOR and FORCE_COLOR are respected.`;

/**
 * Runs a command line (without the names of node and the script) and gives the exit code. It prints to `host` alone.
 */
export async function runCli(
  words: readonly string[],
  version: string,
  host: Host,
): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  let complaint = '';
  const program = new Command('plastron')
    .description(
      'Trains plasticity rules, compiles them to exact integer programs for chips that learn, emulates and verifies them.',
    )
    .version(version, '-V, --version', 'the version')
    .option('--json', 'one JSON object on standard output; progress and prose on standard error')
    .option('--quiet', 'no progress and no prose')
    .addOption(seedOption())
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', ENDINGS)
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => {
        complaint += text;
        host.stderr.write(text);
      },
    });
  const run: RunCommand = async (name, work) => {
    const { runCommand } = await import('./session.js');
    exit = await runCommand(host, name, program.opts<GlobalFlags>(), work);
  };
  for (const listed of COMMANDS) await declare(program, listed, words, run);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    const names = COMMANDS.map(({ name }) => name);
    const command = words.find((word) => names.includes(word)) ?? null;
    if (!(error instanceof CommanderError)) {
      const { reportBug } = await import('./session.js');
      return reportBug(host, command, program.opts<GlobalFlags>(), error);
    }
    if (error.exitCode === 0) return EXIT.ok;
    if (words.includes('--json')) {
      const [first = ''] = complaint.split('\n');
      const message = error.code === 'commander.help' ? NO_COMMAND : first.replace(/^error: /, '');
      const { printEnvelope, toJson } = await import('./envelope.js');
      const usage = { code: 'usage', severity: 'error', message, notes: [] } as const;
      host.stdout.write(printEnvelope(command, false, [toJson(usage)]));
    }
    return EXIT.usage;
  }
  return exit;
}

/** Declares a command: whole where the words name it; otherwise what the list of commands shows of it. */
async function declare(
  program: Command,
  { name, about, arguments: taken, hasOptions, load }: ListedCommand,
  words: readonly string[],
  run: RunCommand,
): Promise<void> {
  const command = program.command(name).description(about);
  for (const [term, description] of taken) command.argument(term, description);
  if (words.includes(name)) (await load())(command, run);
  else if (hasOptions) command.option('--any', 'so that the list says [options]');
}
