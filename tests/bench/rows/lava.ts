import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { uniform } from '../../../compiler/levels/numbers/draw.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Inputs, Machine } from '../../../src/network/machine.js';
import { againstRecorded, type Round, timed } from '../measure.js';
import type { Row } from '../row.js';
import { loihi2 } from './episodes.js';

/**
 * Steps a second of the fixed-point simulator of lava-nc, recorded and not run here: 'LEARNING 1000x1000 pair STDP t_epoch=1',
 * 5 % input rate, measured on 2 shared cores.
 */
const LAVA_STEPS_PER_SECOND = 17.3;

const SIZE = 1000;
const INPUT_RATE = 0.05;
const STEPS = 4;
const PATTERNS = 32;
const ROUNDS = 5;
const DRAWN = 0x1a7a;

/** Spiking neurons driven one to one by the input, dense onto as many others under pair STDP in every step. */
function learningMachine(): Machine {
  const network = new NetworkBuilder('stdp')
    .input('drive', SIZE, { clip: 1 })
    .population('pre', SIZE, 'lif', { tau: 1, threshold: 0.5 })
    .population('post', SIZE, 'lif')
    .projection('drive', 'pre', {
      connectivity: Array.from({ length: SIZE }, (_, i) => [i, i] as const),
      initialWeights: 0.75,
    })
    .projection('pre', 'post', { rule: 'stdp', initialWeights: 0.25 })
    .output('post')
    .build();
  return loihi2.createMachine(compile(network, loihi2, NO_CALIBRATION).bytes, 'bench');
}

/** Which of the inputs are 1 in a step, `INPUT_RATE` of them. */
const patterns = (): readonly Inputs[] =>
  Array.from({ length: PATTERNS }, (_, step) => ({
    values: {
      drive: Float64Array.from({ length: SIZE }, (_, i) =>
        uniform(1, 0, i, 0, step, DRAWN) < INPUT_RATE ? 1 : 0,
      ),
    },
    modulator: 0,
  }));

function stepping(): Round {
  const machine = learningMachine();
  const inputs = patterns();
  let step = 0;
  return timed(() => {
    for (let i = 0; i < STEPS; i++) machine.step(inputs[step++ % PATTERNS]!);
    return STEPS;
  });
}

export const lavaRow = (): Row => ({
  name: 'emulator/lava-learning',
  about: `the emulator, ${SIZE} × ${SIZE} synapses under stdp, against a figure recorded of lava-nc`,
  unit: 'steps/s',
  measure: () => againstRecorded(stepping(), LAVA_STEPS_PER_SECOND, ROUNDS),
});
