import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import type { EmulatorTiming } from '../../runtime/emulator/architecture.js';
import { createEmulator, type Emulator } from '../../runtime/emulator/machine.js';
import type { Network } from '../../src/network/network.js';
import { loihiArchitecture } from '../../targets/loihi/architecture.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { limited } from '../compiler/context.js';

/** Costs that are different primes, so that a sum tells what it is made of. */
export const PRIMES: EmulatorTiming = {
  nanosecondsPerCycle: 1,
  synapticOperation: { cycles: 2, decipicojoules: 3, source: 'test' },
  neuronActive: { cycles: 5, decipicojoules: 7, source: 'test' },
  neuronInactive: { cycles: 11, decipicojoules: 13, source: 'test' },
  synapseUpdate: { cycles: 17, decipicojoules: 19, source: 'test' },
  productsPerUpdate: 2,
  hop: { cycles: 23, decipicojoules: 29, source: 'test' },
  barrier: { cycles: [100, 410], source: 'test' },
  coresPerTile: { value: 1, source: 'test' },
  meshColumns: { value: 2, source: 'test' },
};

interface Chip {
  readonly neuronsPerCore?: number;
  readonly accumulatorBits?: number;
  readonly timing?: EmulatorTiming;
}

/** An emulator of a network on a chip of 128 cores. */
export function emulate(network: Network, chip: Chip = {}): Emulator {
  const { neuronsPerCore = 1000, timing, ...neuron } = chip;
  const base = limited({ neuronsPerCore, cores: 128 });
  const capabilities = { ...base, neuron: { ...base.neuron, ...neuron } };
  const target = loihiTarget('loihi2', 'a test', capabilities, []);
  const { program } = compile(network, target, NO_CALIBRATION);
  const architecture = loihiArchitecture('loihi2', LOIHI2.learning);
  return createEmulator(program, timing ? { ...architecture, timing } : architecture);
}
