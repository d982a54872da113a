import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { Emulator } from '../../runtime/emulator/machine.js';
import { MemorySink } from '../../runtime/trace/sink.js';
import type { Watcher } from '../../runtime/trace/watch.js';
import { watched } from '../../runtime/trace/watch.js';
import type { Network } from '../../src/network/network.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { noises, policy } from '../verify/machines.js';

/** A chip whose cores hold three neurons: every population is cut. */
const small = loihiTarget(
  'loihi2',
  'three neurons per core',
  { ...LOIHI2, limits: { ...LOIHI2.limits, neuronsPerCore: { value: 3, source: 'test' } } },
  [],
);

/** A network on a chip of several cores. */
export function emulatorOf(network: Network = policy()): Emulator {
  const { bytes } = compile(network, small, NO_CALIBRATION);
  const machine = small.createMachine(bytes, 'test.plastron');
  if (machine instanceof Emulator) return machine;
  throw new Error('no emulator');
}

/** Runs episodes of these lengths with inputs of their own; `check` looks after every step. */
export function runEpisodes(
  emulator: Emulator,
  watcher: Watcher,
  lengths: readonly number[],
  check: (episode: number, step: number) => void = () => {},
): void {
  const machine = watched(emulator, [watcher]);
  for (const [episode, length] of lengths.entries()) {
    machine.reset({ seed: episode });
    for (let step = 0; step < length; step++) {
      const values = Object.fromEntries(
        machine.shape.inputs.map(({ name, size }) => [name, noises(episode * 50 + step, size, 3)]),
      );
      machine.step({ values, modulator: 0.5 });
      check(episode, step);
    }
  }
}

export const textOf = (sink: MemorySink): string => new TextDecoder().decode(sink.bytes());

export const newSink = (): MemorySink => new MemorySink();
