import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { uniform } from '../../../compiler/levels/numbers/draw.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { createEmulator } from '../../../runtime/emulator/machine.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Inputs, Machine } from '../../../src/network/machine.js';
import { againstRecorded, type Measured, type Round, timed } from '../measure.js';
import type { Row } from '../row.js';
import { architecture, loihi2 } from './episodes.js';

/**
 * Steps a second of the fixed-point simulator of lava-nc, recorded and not run here: 'LEARNING 1000x1000 pair STDP t_epoch=1',
 * 5 % input rate, measured on 2 shared cores.
 */
const LAVA_STEPS_PER_SECOND = 17.3;

const SIZE = 1000;
const INPUT_RATE = 0.05;
const STEPS = 400;
const PATTERNS = 32;
const ROUNDS = 5;
const DRAWN = 0x1a7a;

/** What a driven neuron receives in a step, and more than any sum of plastic weights gives soon. */
const KICK = 32;

/**
 * Two populations that inputs drive one to one, the first dense onto the second under pair STDP in every step. Both spike at
 * the rate of their inputs.
 */
function learningProgram(): Program {
  const oneToOne = {
    connectivity: Array.from({ length: SIZE }, (_, i) => [i, i] as const),
    initialWeights: 0.75,
  };
  const driven = { tau: 1, threshold: KICK / 2 };
  const network = new NetworkBuilder('stdp')
    .input('drive', SIZE, { clip: KICK })
    .input('teach', SIZE, { clip: KICK })
    .population('pre', SIZE, 'lif', driven)
    .population('post', SIZE, 'lif', driven)
    .projection('drive', 'pre', oneToOne)
    .projection('teach', 'post', oneToOne)
    .projection('pre', 'post', { rule: 'stdp' })
    .output('post')
    .build();
  return compile(network, loihi2, NO_CALIBRATION).program;
}

/** Which of the inputs fire in a step, `INPUT_RATE` of them. */
const patterns = (): readonly Inputs[] =>
  Array.from({ length: PATTERNS }, (_, step) => {
    const drawn = (operation: number): Float64Array =>
      Float64Array.from({ length: SIZE }, (_, i) =>
        uniform(1, 0, i, 0, step, operation) < INPUT_RATE ? KICK : 0,
      );
    return { values: { drive: drawn(DRAWN), teach: drawn(DRAWN + 1) }, modulator: 0 };
  });

/** A round of steps, the same inputs over and over. */
function stepping(machine: Machine): Round {
  const inputs = patterns();
  let step = 0;
  return timed(() => {
    for (let i = 0; i < STEPS; i++) machine.step(inputs[step++ % PATTERNS]!);
    return STEPS;
  });
}

async function measured(): Promise<Measured> {
  const machine = createEmulator(learningProgram(), architecture, { threads: 2 });
  try {
    return await againstRecorded(stepping(machine), LAVA_STEPS_PER_SECOND, ROUNDS);
  } finally {
    machine.close();
  }
}

export const lavaRow = (): Row => ({
  name: 'emulator/lava-learning',
  about: `the emulator on two threads, ${SIZE} × ${SIZE} synapses under stdp, against a figure recorded of lava-nc`,
  unit: 'steps/s',
  bar: { least: 100 },
  measure: measured,
});
