import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';

/** A small core with everything. */
export const SMALL: CoreConfiguration = {
  lanes: 2,
  units: 1,
  depth: 4,
  weightBits: 8,
  coefficients: 4,
  coefficientBits: 8,
  paletteBits: 0,
  presence: 0,
  variableBits: 16,
  accumulatorBits: 24,
  xBanks: 2,
  draws: 2,
  parity: 1,
  singlePort: 0,
  rounds: 1,
  divide: 2,
  scales: 4,
  weightWords: 128,
  fieldWords: 64,
  messageAddress: 5,
  frameBits: 1,
  codeWords: 64,
  controlWords: 128,
};
