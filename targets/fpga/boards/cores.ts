import type { CoreConfiguration } from '../configuration.js';

/** What the cores of all boards have in common: signed 8-bit weights, four coefficients, 4 projections with a scale. */
export const COMMON_CORE = {
  fetchRegister: 1,
  overlap: 1,
  weightBits: 8,
  coefficients: 4,
  coefficientBits: 8,
  paletteBits: 0,
  variableBits: 0,
  accumulatorBits: 24,
  presence: 0,
  xBanks: 2,
  draws: 1,
  parity: 0,
  singlePort: 0,
  waitMemory: 0,
  productShifts: 0,
  drawRing: 0,
  rounds: 1,
  divide: 2,
  scales: 4,
  fieldWords: 256,
  messageAddress: 8,
  frameBits: 1,
  codeWords: 64,
  controlWords: 256,
} as const satisfies Partial<CoreConfiguration>;

/** Words of eight lanes for 128 neurons and more: few enough for look-up tables, which leaves block RAMs to synapses. */
export const SMALL_MEMORIES = {
  fieldWords: 64,
  messageAddress: 6,
} as const satisfies Partial<CoreConfiguration>;

/** One lane of one unit, with as little around it as there can be: what fits an iCE40. */
export const SMALLEST_CORE = {
  lanes: 1,
  units: 1,
  depth: 3,
  fetchRegister: 0,
  overlap: 0,
  xBanks: 1,
  drawRing: 1,
  rounds: 4,
  divide: 1,
  scales: 2,
  weightWords: 4608,
  fieldWords: 256,
  messageAddress: 9,
  controlWords: 64,
} as const satisfies Partial<CoreConfiguration>;
