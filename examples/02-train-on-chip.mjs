// Evolves a rule from nothing on the integers of a chip, then lets the exact integer machine and the emulator of the chip act
// in the task: they score the same, to the last bit.
//
// expect: it learned something: true
// expect: the emulator scores what the integers score: true
import {
  calibrate,
  compile,
  createFixedMachine,
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
    network: createPolicyNetwork(task, { rule: 'pdlf', hidden: 16 }),
    target,
    search: { ...searchDefaults('pgpe'), population: 64 },
    generations: 60,
    workers: 0,
  },
  { clock: () => performance.now() / 1000 },
);
const calibration = calibrate(result.network, task, { seed: 5 });
const { fixed, bytes } = compile(result.network, target, calibration);
const scoreOf = (machine) => runEpisodes(machine, task, task.episodes.train, { seed: 1 }).mean;
const integers = scoreOf(createFixedMachine(fixed));
const emulated = scoreOf(target.createMachine(bytes, 'program'));
console.error(`best of the search ${result.best.toFixed(1)}, emulator ${emulated.toFixed(1)}`);
console.log(`it learned something: ${result.best > 50}`);
console.log(`the emulator scores what the integers score: ${emulated === integers}`);
