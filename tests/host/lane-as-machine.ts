import type { LaneMachine, Machine } from '../../src/network/machine.js';

/** One lane as a machine, the others with the same inputs. What is written before the first step is there from the reset on. */
export function laneAsMachine(lanes: LaneMachine, lane: number): Machine {
  let seed = 0;
  let steps = 0;
  return {
    shape: lanes.shape,
    reset: (options) => {
      seed = options.seed;
      steps = 0;
      lanes.reset(options);
    },
    step: (inputs) => {
      steps++;
      lanes.step(Array.from({ length: lanes.lanes }, () => inputs));
      return lanes.outputs(lane);
    },
    read: (probe) => lanes.read(probe, lane),
    write: (probe, values) => {
      if (steps > 0) throw new Error('a lane is written before its first step only');
      lanes.initialise(probe, lane, values);
      lanes.reset({ seed });
    },
    get learning() {
      return lanes.learning;
    },
    set learning(on) {
      lanes.learning = on;
    },
  };
}
