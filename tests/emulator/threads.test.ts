import { expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { createEmulator } from '../../runtime/emulator/machine.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { loihiArchitecture } from '../../targets/loihi/architecture.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { limited } from '../compiler/context.js';
import { noise } from '../lockstep/random-networks.js';
import { assertSame } from './lockstep.js';

const INPUTS = 12;
const HIDDEN = 40;

it.each([
  { weight: 'arrival' as const, threads: 2 },
  { weight: 'send' as const, threads: 3 },
])('$threads threads do what one interpreter does, $weight', ({ weight, threads }) => {
  const count = HIDDEN * HIDDEN;
  const network = new NetworkBuilder('many_cores')
    .input('observation', INPUTS, { clip: 8 })
    .population('hidden', HIDDEN, 'lif')
    .population('action', 3, 'readout')
    .projection('observation', 'hidden', {
      initialWeights: noise(INPUTS * HIDDEN, 1, 1),
      rule: 'oja',
      every: 2,
    })
    .projection('hidden', 'hidden', {
      delay: 2,
      weight,
      rule: 'r_stdp',
      initialWeights: noise(count, 0.5, 2),
    })
    .projection('hidden', 'action', { initialWeights: noise(3 * HIDDEN, 1, 3) })
    .output('action')
    .build();
  const target = loihiTarget('loihi2', 'a test', limited({ neuronsPerCore: 9, cores: 128 }), []);
  const { program } = compile(network, target, NO_CALIBRATION);
  expect(program.cores.length).toBeGreaterThan(4);
  const architecture = loihiArchitecture('loihi2', LOIHI2.learning);
  const threaded = createEmulator(program, architecture, { threads });
  const truth = createEmulator(program, architecture, { interpret: true });
  try {
    expect(threaded.interpreted).toBeUndefined();
    const inputs = (step: number) => ({
      values: { observation: noise(INPUTS, 4, 100 + step) },
      modulator: (step % 3) - 1,
    });
    const weights = { kind: 'weight', projection: 'hidden->hidden' } as const;
    for (const seed of [7, 8]) {
      assertSame([threaded, truth], seed, 15, inputs, (machine, step) => {
        if (step === 6) machine.write(weights, noise(count, 0.9, 55));
        machine.learning = step !== 4;
      });
    }
    expect(truth.accounting.spikes).toBeGreaterThan(0);
  } finally {
    threaded.close();
  }
});
