// Prints, as JSON, the bytes that a step of every machine allocates. Run with --expose-gc and a young generation that no round
// fills, so that the heap grows by exactly what the steps make. The least of several rounds counts: the engine's compilers
// allocate too, and what they have not compiled yet does; on a busy machine they come late.
import { createIntegerLanes } from '../../dist/runtime/host/integer-lanes.js';
import { createLaneMachine } from '../../dist/runtime/host/lanes.js';
import {
  compile,
  createFixedMachine,
  createHostMachine,
  createIntegerHost,
  createPolicyNetwork,
  createReferenceMachine,
  NO_CALIBRATION,
  Rollout,
  targetNamed,
  taskOf,
} from '../../dist/src/index.js';
import { LaneRollout } from '../../dist/src/tasks/lane-rollout.js';
import { legalNetwork } from '../../dist/src/train/train-on.js';

const WARM = 6000;
const STEPS = 400;
const ROUNDS = 50;

const task = taskOf('hidden-dynamics');
const target = targetNamed('loihi2');
const network = createPolicyNetwork(task, { hidden: 16, seed: 1 });
const { micro, fixed, bytes } = compile(legalNetwork(network, target), target, NO_CALIBRATION);

/** The least of some rounds of `steps` calls, per call; what asking for it allocates is taken off. */
function perStep(step, steps = STEPS) {
  const used = () => process.memoryUsage().heapUsed;
  let [least, asking] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS && (round === 0 || least > asking); round++) {
    globalThis.gc();
    const empty = used();
    const before = used();
    for (let i = 0; i < steps; i++) step();
    const after = used();
    asking = Math.min(asking, before - empty);
    least = Math.min(least, after - before);
  }
  return (least - asking) / steps;
}

/** Inputs as a task gives them, other values in every step. */
function stepping(machine) {
  const values = new Float64Array(task.observationSize);
  const own = { values: { [machine.shape.inputs[0].name]: values }, modulator: 0.25 };
  const inputs = 'lanes' in machine ? Array.from({ length: machine.lanes }, () => own) : own;
  let phase = 0;
  machine.reset({ seed: 1 });
  return () => {
    phase = (phase + 1) % 64;
    for (let i = 0; i < values.length; i++) values[i] = ((phase * (i + 1)) % 16) / 8 - 1;
    machine.step(inputs);
  };
}

const machines = {
  reference: () => createReferenceMachine(network),
  fixed: () => createFixedMachine(fixed),
  host: () => createHostMachine(network),
  'integer host': () => createIntegerHost(micro),
  lanes: () => createLaneMachine(network),
  'integer lanes': () => createIntegerLanes(micro),
  emulator: () => target.createMachine(bytes, 'allocation'),
};
const result = {};
const only = process.argv[2];
for (const [name, make] of Object.entries(machines)) {
  if (only && name !== only) continue;
  const step = stepping(make());
  for (let i = 0; i < WARM; i++) step();
  result[name] = perStep(step);
}
if (!only) {
  const [spec] = task.episodes.train;
  const rollout = new Rollout(createHostMachine(network), task);
  const start = () => rollout.start(spec, { seed: 1 });
  // Steps of one episode, over and over: its end is far behind what a round does.
  for (let episode = 0; episode < 40; episode++) rollout.run(spec, { seed: episode });
  start();
  result.rollout = perStep(() => {
    if (rollout.done) start();
    rollout.step();
  });
  const lanes = new LaneRollout(createLaneMachine(network), task);
  for (let episode = 0; episode < 40; episode++) lanes.run(spec, episode);
  result['lane rollout'] = perStep(() => lanes.run(spec, 1), 20) / task.steps;
}
console.log(JSON.stringify(result));
