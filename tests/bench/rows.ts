import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createHostMachine } from '../../runtime/host/host.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { createIntegerLanes } from '../../runtime/host/integer-lanes.js';
import { createLaneMachine } from '../../runtime/host/lanes.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { LaneMachine, Machine } from '../../src/network/machine.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { LaneRollout } from '../../src/tasks/lane-rollout.js';
import { taskOf } from '../../src/tasks/registry.js';
import { runEpisode } from '../../src/tasks/rollout.js';
import { createPolicyNetwork } from '../../src/train/policy.js';
import { searchDefaults } from '../../src/train/search/defaults.js';
import { train } from '../../src/train/train.js';
import { legalNetwork } from '../../src/train/train-on.js';
import { targetNamed } from '../../targets/index.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { type Figure, figureOf, type Round, rateOf, ratioOf, timed } from './measure.js';

/** A row of the bench: its name, what it is, and what should come of it. */
export interface Row {
  readonly name: string;
  readonly about: string;
  /** `least` or `most` that the median should be. */
  readonly bar?: { readonly least: number } | { readonly most: number };
  readonly measure: () => Promise<Figure>;
}

const ROUNDS = 7;
const TASK = 'hidden-dynamics';
const task = taskOf(TASK);
const loihi2 = targetNamed('loihi2');
/** The network of the demo. */
const network = createPolicyNetwork(task, { hidden: 32, seed: 1 });

const episodes = (machine: Machine, count: number): Round =>
  timed(() => {
    const [spec] = task.episodes.train;
    for (let seed = 0; seed < count; seed++) runEpisode(machine, task, spec!, { seed });
    return count;
  });

const laneEpisodes = (machine: LaneMachine, count: number): Round => {
  const rollout = new LaneRollout(machine, task);
  return timed(() => {
    const [spec] = task.episodes.train;
    for (let seed = 0; seed < count; seed++) rollout.run(spec!, seed);
    return count * machine.lanes;
  });
};

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

/** A dense network of two populations, for a chip with cores enough. */
const compiling = (synapses: number): Round => {
  const size = Math.round(Math.sqrt(synapses));
  const dense = new NetworkBuilder('dense')
    .input('pre', size, { clip: 2 })
    .population('post', size, 'lif')
    .projection('pre', 'post', { rule: 'oja' })
    .output('post')
    .build();
  const limits = { ...LOIHI2.limits, cores: { value: 2 ** 16, source: 'the bench' } };
  const target = loihiTarget('loihi2', 'with more cores', { ...LOIHI2, limits }, []);
  return timed(() => {
    compile(dense, target, NO_CALIBRATION);
    return size * size;
  });
};

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** Milliseconds of `plastron --help`, the start of Node.js with it. */
async function helpMilliseconds(): Promise<Figure> {
  const times = Array.from({ length: 2 * ROUNDS + 1 }, () => {
    const started = performance.now();
    execFileSync(process.execPath, [MAIN, '--help']);
    return performance.now() - started;
  });
  return figureOf(times.slice(1));
}

/** Rows with the sizes in their names; the exponent comes of their medians. */
function compileRows(): readonly Row[] {
  const powers = [4, 5, 6];
  const rates = new Map<number, number>();
  const rows = powers.map(
    (power): Row => ({
      name: `compile-synapses-per-second/1e${power}`,
      about: `network to Program bytes, 10^${power} dense plastic synapses`,
      bar: { least: 1e6 },
      measure: async () => {
        const figure = await rateOf(compiling(10 ** power), power === 6 ? 3 : ROUNDS);
        rates.set(power, figure.median);
        return figure;
      },
    }),
  );
  const exponent: Row = {
    name: 'compile-exponent',
    about: `growth of the time from 10^${powers[0]} to 10^${powers.at(-1)} synapses`,
    bar: { most: 1.1 },
    measure: async () => {
      const [first, last] = [powers[0]!, powers.at(-1)!];
      const slower = Math.log10(rates.get(first)! / rates.get(last)!);
      return figureOf([1 + slower / (last - first)]);
    },
  };
  return [...rows, exponent];
}

/** The rows in the order in which they run. */
export function benchRows(): readonly Row[] {
  const { micro, fixed, bytes } = compile(legalNetwork(network, loihi2), loihi2, NO_CALIBRATION);
  const lanes = laneEpisodes(createLaneMachine(network), 20);
  const integerLanes = laneEpisodes(createIntegerLanes(micro), 20);
  const emulator = episodes(loihi2.createMachine(bytes, 'bench'), 1);
  return [
    {
      name: 'float-lanes/host',
      about: 'episodes: WebAssembly lanes against generated JavaScript',
      measure: () => ratioOf(lanes, episodes(createHostMachine(network), 20), ROUNDS),
    },
    {
      name: 'float-lanes/reference',
      about: 'episodes: WebAssembly lanes against the loops over the equations',
      measure: () => ratioOf(lanes, episodes(createReferenceMachine(network), 1), ROUNDS),
    },
    {
      name: 'integer-lanes/host',
      about: 'episodes on integers: WebAssembly lanes against generated JavaScript',
      measure: () => ratioOf(integerLanes, episodes(createIntegerHost(micro), 20), ROUNDS),
    },
    {
      name: 'integer-lanes/fixed',
      about: 'episodes on integers: WebAssembly lanes against the obviously right machine',
      measure: () => ratioOf(integerLanes, episodes(createFixedMachine(fixed), 1), ROUNDS),
    },
    {
      name: 'emulator/fixed',
      about: 'episodes on integers: the emulator against the obviously right machine',
      measure: () => ratioOf(emulator, episodes(createFixedMachine(fixed), 1), ROUNDS),
    },
    {
      name: 'threads-2/threads-1',
      about: 'episodes of training: two worker threads against one',
      bar: { least: 1.8 },
      measure: () => ratioOf(training(2), training(1), ROUNDS),
    },
    ...compileRows(),
    {
      name: 'cli-help-milliseconds',
      about: 'plastron --help, the start of Node.js with it',
      bar: { most: 80 },
      measure: helpMilliseconds,
    },
  ];
}
