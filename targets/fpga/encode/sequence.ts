import type { CoreCommand, NeuronsCommand, SweepCommand } from '../commands.js';
import { type CoreConfiguration, fetched, timingOf } from '../configuration.js';

type Working = SweepCommand | NeuronsCommand;

/** A command, and the populations and projection that it works on. */
export interface Planned {
  readonly command: Working;
  /** Neurons: the population. Sweeps: that on which it ends. */
  readonly post: string;
  /** Sweeps: the population whose messages it reads. */
  readonly pre: string | undefined;
}

/** The cycles that a command takes before its walk begins, from the one in which it is taken. */
const BEGINS = { neurons: 1, sweep: 3 } as const;

/** The commands of a step with their waits, so that none reads what one before has still to store; `end` comes last. */
export function sequenceOf(
  planned: readonly Planned[],
  configuration: CoreConfiguration,
): readonly CoreCommand[] {
  const commands: CoreCommand[] = planned.map(({ command }, at) => {
    let wait = 0;
    // What lies between two commands takes at least so long.
    let between = 0;
    // Sweeps are also run without what lies between them: a flush passes over all that has nothing to learn.
    let passed = 0;
    for (let before = at - 1; before >= 0; before--) {
      const needed = gap(planned[before]!, planned[at]!, configuration);
      const { command: earlier } = planned[before]!;
      const areSweeps = earlier.kind === 'sweep' && command.kind === 'sweep';
      wait = Math.max(wait, needed - (areSweeps ? passed : between));
      const least = shortest(earlier, configuration);
      between += least;
      // To pass over a command takes as long as to fetch the next.
      passed += Math.min(least, fetched(0));
    }
    return { ...command, wait };
  });
  return [...commands, { kind: 'end' }];
}

/** Cycles that must lie between the end of one walk and the taking of a later command. */
function gap(before: Planned, after: Planned, configuration: CoreConfiguration): number {
  // Nothing is at work when the next command is fetched.
  if (configuration.overlap === 0) return 0;
  const { end, sum, scale, fetch } = timingOf(configuration);
  const [first, next] = [before.command, after.command];
  if (first.kind === 'sweep' && next.kind === 'neurons') {
    // A sum is stored later than what neurons write; the four banks of a lane have one address, so the two must not meet.
    if (before.post !== after.post) return sum - end;
    return Math.max(sum, first.scale ? scale - fetch + 1 : 0);
  }
  if (first.kind === 'neurons' && next.kind === 'sweep') {
    const isRead = next.delay === 0 && before.post === after.pre;
    return isRead ? Math.max(0, end + 2 - first.slots) : 0;
  }
  if (first.kind === 'sweep' && next.kind === 'sweep' && (first.scale || next.scale)) {
    // Only one maximum is on its way: that of the first sweep is divided before the next one is through, and what has no scale is
    // out of the lanes before a sweep that has one says so.
    const divided = first.scale ? scale - end - 1 : 0;
    return Math.max(0, end + divided - words(next, configuration));
  }
  return 0;
}

const words = ({ slots, rows }: SweepCommand, { lanes }: CoreConfiguration): number =>
  slots * Math.ceil(rows / lanes);

/** The least cycles from the taking of a command to the end of its walk. */
function shortest(command: Working, configuration: CoreConfiguration): number {
  if (command.kind === 'sweep') return BEGINS.sweep + words(command, configuration) - 1;
  const pass = Math.max(command.slots, timingOf(configuration).neuronPass);
  return BEGINS.neurons + (command.passes - 1) * pass + command.slots - 1;
}

/** Cycles of a command in a step, counted from the beginning of the step. */
export interface CommandCycles {
  /** In which it is taken, ends its walk over items, and has stored all that comes of it. */
  readonly taken: number;
  readonly walked: number;
  readonly stored: number;
}

/** When each command of a step is at work, where every row counts and everything learns, and the cycles of the step. */
export interface CycleBudget {
  readonly commands: readonly CommandCycles[];
  readonly cycles: number;
}

/** The budget of the slowest step, in closed form. */
export function budgetOf(
  commands: readonly CoreCommand[],
  configuration: CoreConfiguration,
): CycleBudget {
  const { end, scale } = timingOf(configuration);
  const budget: CommandCycles[] = [];
  let ready = 0;
  let free: number | undefined;
  let last = 0;
  for (const [at, command] of commands.entries()) {
    const taken = Math.max(ready, (free ?? 0) + (command.kind === 'end' ? 0 : command.wait));
    if (command.kind === 'end') {
      return { commands: budget, cycles: Math.max(last, taken + 1) + 1 };
    }
    const next = commands[at + 1];
    const walked = taken + longest(command, configuration);
    const sums = walked + end + (command.kind === 'sweep' ? 4 : 1);
    const scaled = command.kind === 'sweep' && command.scale ? walked + scale + 2 : 0;
    const stored = Math.max(sums, scaled);
    budget.push({ taken, walked, stored });
    last = Math.max(last, stored);
    const overlap = configuration.overlap === 1;
    ready = (overlap ? taken : last) + fetched(next?.kind === 'sweep' ? next.draws : 0);
    free = overlap ? walked : undefined;
  }
  throw new Error('a sequence without an end');
}

/** Cycles of a step in which every row counts and everything learns: what the slowest step takes. */
export const cyclesOf = (
  commands: readonly CoreCommand[],
  configuration: CoreConfiguration,
): number => budgetOf(commands, configuration).cycles;

/** The most cycles from the taking of a command to the end of its walk. */
function longest(command: Working, configuration: CoreConfiguration): number {
  if (command.kind === 'neurons') return shortest(command, configuration);
  const { round } = timingOf(configuration);
  const { slots, rows, passes } = command;
  const items = slots * rows - 1;
  const windows = Math.floor(items / round);
  const whole = passes === 1 ? items : (windows + 1) * passes * round - round + (items % round);
  return BEGINS.sweep + whole;
}
