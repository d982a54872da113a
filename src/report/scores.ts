import type { Machine } from '../network/machine.js';
import type { Network } from '../network/network.js';
import { type Injury, prepareInjuries } from '../tasks/injury.js';
import { runEpisodes } from '../tasks/rollout.js';
import type { Task } from '../tasks/task.js';

/** Scores of one machine in a task: per group (hidden body), on seen and unseen conditions, and after an injury. */
export interface ScoreRow {
  readonly name: string;
  /** Mean over the training conditions, and per group. */
  readonly seen: GroupScores;
  /** Mean over conditions that training never saw, and per group. */
  readonly unseen: GroupScores;
  /** Mean over the training conditions with all weights zeroed in the middle. */
  readonly injured: number;
}

export interface GroupScores {
  readonly mean: number;
  readonly groups: readonly { readonly group: string; readonly mean: number }[];
}

/** Steps in which all weights are held at zero: a sixth of the episode, from its middle on. */
export function middleInjury(task: Task): Injury {
  const from = Math.floor(task.steps / 2);
  return { kind: 'zero-weights', from, to: from + Math.floor(task.steps / 6) };
}

/** Scores a machine that runs `network` (or its quantised form). The same seed gives the same episodes to every machine. */
export function scoreRow(
  name: string,
  machine: Machine,
  network: Network,
  task: Task,
  seed: number,
): ScoreRow {
  const { train, test } = task.episodes;
  const injuries = prepareInjuries(network, [middleInjury(task)]);
  return {
    name,
    seen: runEpisodes(machine, task, train, { seed }),
    unseen: runEpisodes(machine, task, test, { seed }),
    injured: runEpisodes(machine, task, train, { seed, injuries }).mean,
  };
}

/** Rows as a table with a head. */
export function scoresTable(rows: readonly ScoreRow[]): readonly (readonly string[])[] {
  const groups = rows[0]?.seen.groups.map((g) => g.group) ?? [];
  const head = ['', 'seen', ...groups, 'unseen', ...groups, 'weights zeroed'];
  const number = (value: number): string => value.toFixed(1);
  const body = rows.map((r) => [
    r.name,
    number(r.seen.mean),
    ...r.seen.groups.map((g) => number(g.mean)),
    number(r.unseen.mean),
    ...r.unseen.groups.map((g) => number(g.mean)),
    number(r.injured),
  ]);
  return [head, ...body];
}
