import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Inputs, Machine } from '../../src/network/machine.js';
import type { PreparedInjury } from '../../src/tasks/injury.js';
import { episodeSeed, Rollout } from '../../src/tasks/rollout.js';
import type { EpisodeSpec, Task } from '../../src/tasks/task.js';

/** One episode under way on a machine. */
export interface DriveRun {
  readonly done: boolean;
  /** The sum of the step scores so far; NaN once the machine gave an output that is not finite. */
  readonly score: number;
  /** One step of the machine. Calling it when `done` is a bug. */
  step(): void;
}

/** Anything that gives a machine inputs and takes its outputs, in episodes. Whatever runs machines here takes one. */
export interface Drive {
  /** As written into records and certificates. */
  readonly name: string;
  readonly seed: number;
  /** Episodes that make one round. */
  readonly episodes: number;
  /** Episodes that there are at most; Infinity where later ones differ by their draws. */
  readonly available: number;
  /** Whether scores mean anything. */
  readonly scored: boolean;
  /** Resets the machine and begins episode `episode` (from 0). The same number gives the same episode. */
  start(machine: Machine, episode: number): DriveRun;
}

export interface TaskDriveOptions {
  /** 32 bits; episode i runs with `episodeSeed(seed, i)`, on every machine. */
  readonly seed: number;
  /** Episodes of a round; as many as specs when absent. Fewer are spread evenly over the specs. */
  readonly episodes?: number;
  /** The task's test episodes when absent. */
  readonly specs?: readonly EpisodeSpec[];
  readonly injuries?: readonly PreparedInjury[];
  /** False freezes every rule. */
  readonly learning?: boolean;
}

/** A task as a drive. Throws PL5306 for an empty round; `start` throws PL5103 for a machine that does not fit. */
export function taskDrive(task: Task, options: TaskDriveOptions): Drive {
  const { seed, specs = task.episodes.test, injuries = [], learning = true } = options;
  const episodes = options.episodes ?? specs.length;
  checkCount('episodes', episodes);
  const specOf = (episode: number): EpisodeSpec =>
    episodes < specs.length
      ? specs[Math.floor(((episode % episodes) * specs.length) / episodes)]!
      : specs[episode % specs.length]!;
  return {
    name: task.name,
    seed,
    episodes,
    available: Infinity,
    scored: true,
    start: (machine, episode) => {
      const rollout = new Rollout(machine, task);
      rollout.start(specOf(episode), { seed: episodeSeed(seed, episode), injuries, learning });
      return rollout;
    },
  };
}

export interface RecordedDriveOptions {
  readonly name: string;
  /** The machine's seed in every episode. */
  readonly seed: number;
  /** False freezes every rule. */
  readonly learning?: boolean;
}

/** Recorded inputs as a drive: per episode, the inputs of its steps. Outputs change nothing and nothing is scored. */
export function recordedDrive(
  recording: readonly (readonly Inputs[])[],
  options: RecordedDriveOptions,
): Drive {
  const { name, seed, learning = true } = options;
  checkCount('recorded episodes', recording.length);
  for (const [i, inputs] of recording.entries()) {
    checkCount(`recorded steps of episode ${i}`, inputs.length);
  }
  return {
    name,
    seed,
    episodes: recording.length,
    available: recording.length,
    scored: false,
    start: (machine, episode) => {
      machine.learning = learning;
      machine.reset({ seed });
      return new RecordedRun(machine, recording[episode]!);
    },
  };
}

class RecordedRun implements DriveRun {
  readonly score = 0;
  private steps = 0;
  constructor(
    private readonly machine: Machine,
    private readonly inputs: readonly Inputs[],
  ) {}
  get done(): boolean {
    return this.steps >= this.inputs.length;
  }
  step(): void {
    this.machine.step(this.inputs[this.steps++]!);
  }
}

export interface DriveLimits {
  /** Exactly so many steps, through as many episodes as that takes; one round when absent. */
  readonly steps?: number;
  /** Asked after every step: true ends the run. */
  readonly until?: () => boolean;
  /** Told before each episode, after the machine's reset. */
  readonly began?: (episode: number) => void;
}

/**
 * Runs a machine through a drive and says what was run. Throws PL5306 where the steps are no positive whole number or
 * more than the drive has.
 */
export function runDrive(
  drive: Drive,
  machine: Machine,
  limits: DriveLimits = {},
): { readonly steps: number; readonly episodes: number } {
  const { steps: wanted, until, began } = limits;
  if (wanted !== undefined) checkCount('steps', wanted);
  let steps = 0;
  let episode = 0;
  for (; wanted === undefined ? episode < drive.episodes : steps < wanted; episode++) {
    if (episode >= drive.available) {
      const message = `${drive.name} has ${steps} steps, ${wanted} were asked for`;
      return fail(diagnostic('PL5306', message));
    }
    const run = drive.start(machine, episode);
    began?.(episode);
    while (!run.done && (wanted === undefined || steps < wanted)) {
      run.step();
      steps++;
      if (until?.()) return { steps, episodes: episode + 1 };
    }
  }
  return { steps, episodes: episode };
}

/** Refuses a count that is no positive whole number: PL5306. */
export function checkCount(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  fail(diagnostic('PL5306', `${what}: ${count} is not a whole number from 1`));
}
