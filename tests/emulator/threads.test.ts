import { expect, it, vi } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { createEmulator } from '../../runtime/emulator/machine.js';
import { CONTROL, nextOrder } from '../../runtime/emulator/threads.js';
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

it('threads whose groups end within a vector of others do not write over them', () => {
  const size = 31;
  const network = new NetworkBuilder('narrow')
    .input('in', 2, { clip: 8 })
    .population('h', size, 'ternary_lif')
    .projection('in', 'h', { initialWeights: noise(2 * size, 1, 1) })
    .projection('h', 'h', { delay: 1, initialWeights: noise(size * size, 0.9, 2) })
    .output('h')
    .build();
  const target = loihiTarget('loihi2', 'a test', limited({ neuronsPerCore: 1, cores: 128 }), []);
  const { program } = compile(network, target, NO_CALIBRATION);
  const architecture = loihiArchitecture('loihi2', LOIHI2.learning);
  const [threaded, alone] = [
    createEmulator(program, architecture, { threads: 2 }),
    createEmulator(program, architecture),
  ];
  try {
    for (const machine of [threaded, alone]) machine.reset({ seed: 1 });
    const spikes = { kind: 'variable', population: 'h', name: 'spike' } as const;
    for (let step = 0; step < 4000; step++) {
      const inputs = { values: { in: noise(2, 4, step) }, modulator: 0 };
      for (const machine of [threaded, alone]) machine.step(inputs);
      if (step % 50 > 0) continue;
      expect(threaded.read(spikes), `step ${step}`).toEqual(alone.read(spikes));
    }
    expect(threaded.accounting.spikes).toBe(alone.accounting.spikes);
    expect(threaded.accounting.cycles).toBe(alone.accounting.cycles);
  } finally {
    threaded.close();
  }
});

it('a worker that is woken by a late notice of an order carries it out once', () => {
  const control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(CONTROL).length));
  control[CONTROL.order] = 3;
  let wakings = 0;
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    wakings++;
    if (wakings === 3) control[CONTROL.order] = 4;
    return 'ok';
  });
  try {
    expect(nextOrder(control, 3)).toBe(4);
  } finally {
    wait.mockRestore();
  }
  expect(wakings).toBe(3);
});
