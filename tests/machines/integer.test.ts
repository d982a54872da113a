import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../compiler/compile.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../runtime/host/integer.js';
import type { Network } from '../../src/network/network.js';
import { targetNamed } from '../../targets/index.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { machineSuite } from './machine-suite.js';

const loihi2 = targetNamed('loihi2');
/** A chip whose cores hold one neuron each: every population is cut, every message crosses cores. */
const scattered = loihiTarget(
  'loihi2',
  'one neuron per core',
  { ...LOIHI2, limits: { ...LOIHI2.limits, neuronsPerCore: { value: 1, source: 'test' } } },
  [],
);

const compiled = (network: Network): Compilation => compile(network, loihi2, NO_CALIBRATION);

// The target replaces max by clip; every other number of the suite is exact in the formats without a calibration.
const options = { lacks: ['normalize max'] } as const;

machineSuite('fixed', (network) => createFixedMachine(compiled(network).fixed), options);
machineSuite('integer host', (network) => createIntegerHost(compiled(network).micro), options);
machineSuite(
  'emulator',
  (network) => loihi2.createMachine(compiled(network).bytes, 'suite.plastron'),
  options,
);
machineSuite(
  'emulator, one neuron per core',
  (network) =>
    scattered.createMachine(compile(network, scattered, NO_CALIBRATION).bytes, 'suite.plastron'),
  options,
);

const icebreaker = targetNamed('fpga:icebreaker');

machineSuite(
  'emulator of the core',
  (network) =>
    icebreaker.createMachine(compile(network, icebreaker, NO_CALIBRATION).bytes, 'suite.plastron'),
  { lacks: ['send'] },
);
