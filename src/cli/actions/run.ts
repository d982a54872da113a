import { taskDrive } from '../../../runtime/verify/drive.js';
import { readBytes } from '../../formats/files.js';
import { taskOf } from '../../tasks/registry.js';
import { onBoard } from '../boards.js';
import { emulate } from '../emulation.js';
import { KeptMachine, TimedMachine } from '../forwarding-machine.js';
import { type RecordingFlags, startRecordings } from '../recording.js';
import { TimedWatcher } from '../run-watcher.js';
import type { Outcome, Session } from '../session.js';
import { count, score } from '../text.js';

export interface RunFlags extends RecordingFlags {
  readonly port: string;
  readonly task: string;
  readonly steps?: number;
  readonly frozen?: boolean;
  readonly keep?: boolean;
}

/** Runs a task on this computer and its network on a board, step by step, and says how long steps took. */
export async function runOnBoard(
  file: string,
  flags: RunFlags,
  session: Session,
): Promise<Outcome> {
  const { port, steps, frozen, keep = false } = flags;
  const task = taskOf(flags.task);
  const bytes = readBytes(file, 'the Program');
  const drive = taskDrive(task, { seed: session.flags.seed ?? 1, learning: !frozen });
  const done = await onBoard(
    port,
    { file, bytes },
    session,
    ({ machine, core, board }) => {
      const { clock } = session;
      const timed = new TimedMachine(keep ? new KeptMachine(machine) : machine, clock);
      const recordings = startRecordings(flags, timed, [file]);
      const watchers = recordings.map(({ watcher }) => new TimedWatcher(watcher, clock));
      const progress = (done: number): void => session.progress(`${count(done)} steps`);
      const result = emulate(timed, drive, { steps, watchers, progress });
      const recording = sum(watchers.map(({ seconds }) => seconds));
      return { result, times: timed.times, recording, recordings, board, name: core.link.port };
    },
    'as it is',
  );
  const { result, times, recording, recordings, board, name } = done;
  for (const recorded of recordings) recorded.write();
  times.sort((a, b) => a - b);
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  const stepsPerSecond = result.steps / (sum(times) + recording);
  const recordingMicroseconds = (1e6 * recording) / result.steps;
  const isTraced = flags.trace !== undefined;
  session.say(
    [
      `${drive.name} on ${board} at ${name}${frozen ? ', frozen' : ''}`,
      `score        ${result.score === null ? '– (no whole episode)' : `${score(result.score)} per episode`}`,
      `steps        ${count(result.steps)}, ${count(Math.round(stepsPerSecond))} a second`,
      `a step       ${p50.toFixed(0)} µs (p50), ${p99.toFixed(0)} µs (p99), there and back`,
      ...(isTraced ? [`recording    ${recordingMicroseconds.toFixed(0)} µs a step (mean)`] : []),
      ...(result.isParityWrong
        ? ['parity       a weight was read that is not what was written']
        : []),
      histogram(times),
      ...recordings.map((recorded) => `${recorded.file} written`),
    ].join('\n'),
  );
  return {
    json: {
      port: name,
      board,
      steps: result.steps,
      score: result.score,
      p50Microseconds: p50,
      p99Microseconds: p99,
      stepsPerSecond,
      cycles: result.cycles,
      saturations: result.saturations,
      parityErrors: result.isParityWrong,
      ...(isTraced ? { recordingMicroseconds, trace: flags.trace } : {}),
      ...(flags.outputs === undefined ? {} : { outputs: flags.outputs }),
    },
  };
}

const sum = (seconds: readonly number[]): number => seconds.reduce((all, time) => all + time, 0);

/** Microseconds below which this share of sorted seconds lies. */
const percentile = (seconds: readonly number[], share: number): number =>
  1e6 * (seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))] ?? 0);

/** The longest bar. */
const BAR = 40;

/** How often steps took so long, in classes that double. */
function histogram(seconds: readonly number[]): string {
  const classes = new Map<number, number>();
  for (const second of seconds) {
    const up = Math.max(1, Math.ceil(Math.log2(1e6 * second)));
    classes.set(up, (classes.get(up) ?? 0) + 1);
  }
  const most = Math.max(...classes.values());
  return [...classes]
    .sort(([a], [b]) => a - b)
    .map(([up, steps]) => {
      const bar = '█'.repeat(Math.ceil((BAR * steps) / most));
      return `  to ${`${2 ** up}`.padStart(7)} µs  ${bar} ${count(steps)}`;
    })
    .join('\n');
}
