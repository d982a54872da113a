import { makeFolder } from '../../formats/files.js';
import { printDemo, runDemo } from '../../report/demo.js';
import { DEMO_DEFAULTS, type DemoOptions } from '../../report/demo-defaults.js';
import { EXIT } from '../exit.js';
import type { Outcome, Session } from '../session.js';
import { trainingLine } from '../text.js';

export interface DemoFlags {
  readonly generations?: number;
  readonly workers: number;
  readonly output: string;
}

/** Goes the whole way and prints what came of it. */
export async function demoCommand(flags: DemoFlags, session: Session): Promise<Outcome> {
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
    exit: result.chips.every((c) => c.verification.ok) ? EXIT.ok : EXIT.differs,
    json: { ...result },
  };
}
