import type { Command } from 'commander';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import { taskDrive } from '../../../runtime/verify/drive.js';
import { targetNamed } from '../../../targets/index.js';
import { readBytes } from '../../formats/files.js';
import { taskOf } from '../../tasks/registry.js';
import { emulate } from '../emulation.js';
import { wholeNumber } from '../options.js';
import type { Outcome, RunCommand, Session } from '../session.js';
import { count, score } from '../text.js';

interface EmulateFlags {
  readonly task: string;
  readonly steps?: number;
  readonly frozen?: boolean;
}

/** `plastron emulate PROGRAM --task TASK`. */
export function registerEmulate(program: Command, run: RunCommand): void {
  program
    .command('emulate')
    .description('runs a Program on the emulator of its chip')
    .argument('<program>', 'a Program of plastron compile')
    .requiredOption(
      '--task <task>',
      'the task that it acts in, under conditions that training never saw',
    )
    .option('--steps <number>', 'steps in all (every test condition once)', wholeNumber(1))
    .option('--frozen', 'no learning')
    .action((file: string, flags: EmulateFlags) =>
      run('emulate', (session) => emulateCommand(file, flags, session)),
    );
}

function emulateCommand(file: string, flags: EmulateFlags, session: Session): Outcome {
  const task = taskOf(flags.task);
  const bytes = readBytes(file, 'the Program');
  const target = targetNamed(decodeProgram(bytes, file).target);
  const machine = target.createMachine(bytes, file);
  const { seed = 1 } = session.flags;
  const drive = taskDrive(task, { seed, learning: flags.frozen !== true });
  const result = emulate(machine, drive, flags.steps, (steps) =>
    session.progress(`${count(steps)} steps`),
  );
  const { steps, episodes, cycles, picojoules, spikes, saturations } = result;
  const energy = picojoules === null ? '' : `, ${(picojoules / steps).toFixed(0)} pJ`;
  session.say(
    [
      `${task.name} on ${target.name}, emulated${flags.frozen ? ', frozen' : ''}`,
      `score        ${result.score === null ? '– (no whole episode)' : `${score(result.score)} per episode`}`,
      `steps        ${count(steps)} in ${count(episodes)} ${episodes === 1 ? 'episode' : 'episodes'}`,
      `a step       ${(cycles / steps).toFixed(0)} cycles${energy}`,
      `spikes       ${count(spikes)}`,
      `saturations  ${count(saturations)}`,
    ].join('\n'),
  );
  return {
    json: {
      steps,
      score: result.score,
      cycles,
      cyclesPerStep: cycles / steps,
      picojoules,
      spikes,
      saturations,
      perCore: result.perCore,
    },
  };
}
