import type { Command } from 'commander';
import { makeFolder } from '../../formats/files.js';
import { DEMO_DEFAULTS, type DemoOptions, printDemo, runDemo } from '../../report/demo.js';
import { EXIT } from '../exit.js';
import { wholeNumber, workersOption } from '../options.js';
import type { Outcome, RunCommand, Session } from '../session.js';
import { trainingLine } from '../text.js';

interface DemoFlags {
  readonly generations?: number;
  readonly workers: number;
  readonly output: string;
}

/** `plastron demo`: the whole way, as `npm start`. */
export function registerDemo(program: Command, run: RunCommand): void {
  program
    .command('demo')
    .description('goes the whole way: train, compile, evolve on the chip, emulate, verify')
    .option('--generations <number>', `generations of each search`, wholeNumber(1))
    .addOption(workersOption())
    .option('-o, --output <folder>', 'the folder of the files', DEMO_DEFAULTS.folder)
    .action((flags: DemoFlags) => run('demo', (session) => demoCommand(flags, session)));
}

async function demoCommand(flags: DemoFlags, session: Session): Promise<Outcome> {
  const { generations, workers, output } = flags;
  const { seed } = session.flags;
  const options: DemoOptions = {
    ...DEMO_DEFAULTS,
    ...(generations === undefined ? {} : { generations, onTarget: generations }),
    ...(seed === undefined ? {} : { seed }),
    workers,
    folder: output,
  };
  makeFolder(output);
  const result = await session.interruptible((signal) =>
    runDemo(options, {
      clock: session.clock,
      signal,
      stage: (name, number, of) => session.say(`${number}/${of}  ${name}`),
      progress: (p) => session.progress(trainingLine(p), p.generation === p.generations),
    }),
  );
  session.say(`\n${printDemo(result)}`);
  return {
    exit: result.verification.ok ? EXIT.ok : EXIT.differs,
    json: { ...result },
  };
}
