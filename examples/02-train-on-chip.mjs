// Evolves a rule from nothing on the integers of a chip, then lets the emulator act in the task.
//
// expect: the emulator scores what the search saw: true
import {
  calibrate,
  compile,
  createPolicyNetwork,
  runEpisodes,
  searchDefaults,
  targetNamed,
  taskOf,
  trainOn,
} from 'plastron';

const task = taskOf('point-mass');
const target = targetNamed('loihi2');
const result = await trainOn(
  {
    task: task.name,
    network: createPolicyNetwork(task, { rule: 'pdlf', hidden: 8 }),
    target,
    search: { ...searchDefaults('pgpe'), population: 16 },
    generations: 5,
    workers: 0,
  },
  { clock: () => performance.now() / 1000 },
);
const calibration = calibrate(result.network, task, { seed: 5 });
const { bytes } = compile(result.network, target, calibration);
const emulator = target.createMachine(bytes, 'program');
const { mean } = runEpisodes(emulator, task, task.episodes.train, { seed: 1 });
console.error(`best of the search ${result.best.toFixed(1)}, emulator ${mean.toFixed(1)}`);
console.log(`the emulator scores what the search saw: ${Math.abs(mean - result.best) < 40}`);
