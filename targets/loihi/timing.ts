import type { EmulatorTiming } from '../../runtime/emulator/architecture.js';

const DAVIES = 'Davies et al., IEEE Micro 38(1), 2018, table 2';

/**
 * Times and energies of Loihi 1 as published. Loihi is asynchronous: it has no clock, so a "cycle" of the accounting is
 * 0.1 ns. ASSUMPTION: Loihi 2's are not public in this form; its profile uses the same numbers.
 */
export const LOIHI_TIMING: EmulatorTiming = {
  nanosecondsPerCycle: 0.1,
  synapticOperation: { cycles: 35, decipicojoules: 236, source: DAVIES },
  neuronActive: { cycles: 84, decipicojoules: 810, source: DAVIES },
  neuronInactive: { cycles: 53, decipicojoules: 520, source: DAVIES },
  synapseUpdate: {
    cycles: 61,
    decipicojoules: 1200,
    source: `${DAVIES}, pairwise STDP; ASSUMPTION: a rule costs this per two products, rounded up`,
  },
  productsPerUpdate: 2,
  hop: {
    cycles: 65,
    decipicojoules: 40,
    source: `${DAVIES}: 4.1 ns east-west, 6.5 ns north-south; ASSUMPTION: every hop takes the longer one, and 4.0 pJ`,
  },
  barrier: {
    cycles: [1130, 4650],
    source: `${DAVIES}: 113 ns for one tile to 465 ns for 32; ASSUMPTION: linear in the number of tiles between`,
  },
  coresPerTile: { value: 4, source: 'Davies et al. 2018: 32 tiles hold 128 cores' },
  meshColumns: { value: 8, source: 'ASSUMPTION: 32 tiles as 8 × 4, cores filled row by row' },
};
