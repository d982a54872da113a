import { type Command, Option } from 'commander';
import type { VerifyFlags } from '../actions/verify.js';
import { collect, wholeNumber } from '../options.js';
import type { RunCommand } from '../session.js';
import { portOption } from './ports.js';

/** `plastron verify MODEL PROGRAM --task TASK`, or `--replay CERTIFICATE`. */
export function registerVerify(command: Command, run: RunCommand): void {
  const replayed = ['task', 'bound', 'certificate', 'steps', 'seeds', 'against'];
  command
    .option('--task <task>', 'the task that both act in')
    .option('--steps <number>', 'steps of the exact comparison', wholeNumber(1), 1000)
    .option('--seeds <number>', 'paired seeds of the score', wholeNumber(2), 20)
    .addOption(
      new Option('--against <machine>', 'the last link to verify')
        .choices(['fixed', 'emulator', 'rtl', 'board'])
        .default('emulator'),
    )
    .addOption(portOption())
    .option('--bound <name=limit>', 'fail when a measure passes it: score, rule or drift', collect)
    .option('--certificate <file>', 'write what was verified and found')
    .addOption(
      new Option('--replay <certificate>', 'verify again what a certificate says').conflicts(
        replayed,
      ),
    )
    .action(
      (model: string | undefined, file: string | undefined, flags: VerifyFlags, self: Command) => {
        const { replay: certificate } = flags;
        if (certificate !== undefined) {
          if (model !== undefined)
            self.error('error: --replay takes the files that the certificate names');
          return run('verify', async (session) =>
            (await import('../actions/verify.js')).replayCommand(certificate, flags.port, session),
          );
        }
        if (model === undefined || file === undefined || flags.task === undefined) {
          return self.error(
            'error: verify needs MODEL PROGRAM --task TASK, or --replay CERTIFICATE',
          );
        }
        const { task } = flags;
        return run('verify', async (session) =>
          (await import('../actions/verify.js')).verifyCommand(model, file, task, flags, session),
        );
      },
    );
}
