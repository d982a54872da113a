import { searchDefaults } from '../../../src/train/search/defaults.js';
import { train } from '../../../src/train/train.js';
import { type Round, ratioOf } from '../measure.js';
import type { Row } from '../row.js';
import { network, ROUNDS, TASK } from './episodes.js';

/** Episodes of a float training run, after its first generation: threads have started by then. */
const training =
  (workers: number): Round =>
  async () => {
    const seen: (readonly [episodes: number, seconds: number])[] = [];
    await train(
      { task: TASK, network, search: searchDefaults('pgpe'), generations: 8, workers },
      {
        clock: () => performance.now() / 1000,
        progress: (p) => seen.push([p.episodes, p.seconds]),
      },
    );
    const [first, last] = [seen[0]!, seen.at(-1)!];
    return [last[0] - first[0], last[1] - first[1]];
  };

export const threadRows = (): readonly Row[] => [
  {
    name: 'threads-2/threads-1',
    about: 'training: two worker threads against one',
    unit: 'episodes/s',
    bar: { least: 1.8 },
    measure: () => ratioOf(training(2), training(1), ROUNDS),
  },
];
