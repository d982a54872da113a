import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Machine } from '../../src/network/machine.js';
import { bootstrapInterval, meanOf } from './bootstrap.js';
import type { ScoreComparison } from './comparison.js';
import type { Drive } from './drive.js';

/**
 * Mean scores of two machines over `seeds` paired seeds with the 95 % bootstrap interval of the difference. A seed is
 * one round of the drive; both machines meet the same episodes with the same draws, each acting for itself. Intervals
 * of fewer than about 20 seeds are too narrow. The drive's seed governs the resampling, too.
 *
 * @throws DiagnosticsError PL5307 for fewer than 2 seeds, a drive without scores or with too few episodes, or a
 * machine that gives an output that is not finite.
 */
export function compareScores(
  left: Machine,
  right: Machine,
  drive: Drive,
  seeds: number,
): ScoreComparison {
  checkSeeds(drive, seeds);
  const lefts: number[] = [];
  const rights: number[] = [];
  for (let round = 0; round < seeds; round++) {
    lefts.push(scoreOf(left, drive, round));
    rights.push(scoreOf(right, drive, round));
  }
  const differences = rights.map((r, i) => r - lefts[i]!);
  const [low, high] = bootstrapInterval(differences, { seed: drive.seed });
  return {
    left: meanOf(lefts),
    right: meanOf(rights),
    difference: meanOf(differences),
    interval: [low, high],
    seeds,
  };
}

function checkSeeds(drive: Drive, seeds: number): void {
  const refuse = (message: string): never => fail(diagnostic('PL5307', message));
  if (!drive.scored) refuse(`${drive.name} has no scores: nothing depends on the outputs`);
  if (!Number.isInteger(seeds) || seeds < 2) {
    refuse(`${seeds} paired seeds have no interval: 20 or more give one that can be trusted`);
  }
  if (seeds * drive.episodes > drive.available) {
    refuse(`${drive.name} has ${drive.available} episodes, ${seeds} rounds need more`);
  }
}

/** The mean score of one round. Throws PL5307 for an output that is not finite. */
export function scoreOf(machine: Machine, drive: Drive, round: number): number {
  let sum = 0;
  for (let i = 0; i < drive.episodes; i++) {
    const episode = round * drive.episodes + i;
    const run = drive.start(machine, episode);
    while (!run.done) run.step();
    if (!Number.isFinite(run.score)) {
      const where = `in episode ${episode} of ${drive.name}`;
      const message = `an output of the machine \`${machine.shape.machine}\` is not finite ${where}`;
      const help =
        'bound the rule, for instance with `normalize clip -1 1`, or the neuron, and train again';
      fail(diagnostic('PL5307', message, { help }));
    }
    sum += run.score;
  }
  return sum / drive.episodes;
}
