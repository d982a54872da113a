// Prints one SHA-256 over numbers of every part: functions, draws, search, compiled bytes, emulated states. The same on every engine.
import { createHash } from 'node:crypto';
import { exp } from '../../dist/src/equations/functions/exp.js';
import { gaussian } from '../../dist/src/equations/functions/gaussian.js';
import { log } from '../../dist/src/equations/functions/log.js';
import { tanh } from '../../dist/src/equations/functions/tanh.js';
import {
  calibrate,
  compile,
  createPolicyNetwork,
  encodeProgram,
  neuronModel,
  printNetwork,
  Rollout,
  searchDefaults,
  targetNamed,
  taskOf,
  trainOn,
} from '../../dist/src/index.js';

const hash = createHash('sha256');
const add = (values) => hash.update(Buffer.from(Float64Array.from(values).buffer));
for (let i = -2000; i < 2000; i++) {
  const x = i / 97;
  add([exp(x), log(Math.abs(x) + 1e-9), tanh(x), gaussian(i * 7919, i * 104729)]);
}
hash.update(neuronModel('izhikevich').text);

const task = taskOf('hidden-dynamics');
const target = targetNamed('loihi2');
const { network } = await trainOn(
  {
    task: task.name,
    network: createPolicyNetwork(task, { hidden: 8 }),
    target,
    search: { ...searchDefaults('pgpe'), population: 8 },
    generations: 3,
    workers: 0,
  },
  { clock: () => 0 },
);
hash.update(printNetwork(network));
const { program, bytes } = compile(network, target, calibrate(network, task, { seed: 1 }));
hash.update(encodeProgram(program));
const machine = target.createMachine(bytes, 'digest');
const rollout = new Rollout(machine, task);
rollout.run(task.episodes.test[0], { seed: 3 });
for (const { probe } of machine.shape.probes) add(machine.read(probe));
add([rollout.score]);
console.log(hash.digest('hex'));
