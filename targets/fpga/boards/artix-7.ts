import type { CoreConfiguration } from '../configuration.js';
import type { Resources } from './board.js';
import { COMMON_CORE, SMALL_MEMORIES } from './cores.js';

/** AMD DS180, 7 series overview, table 4: XC7A35T; a block RAM is counted as its two halves of 18 kbit. */
export const XC7A35T: Resources = {
  logicCells: 20_800,
  blockRams: 100,
  blockRamBits: 18_432,
  singlePortRams: 0,
  singlePortRamBits: 0,
  multipliers: 90,
};

/** The core of the boards with an XC7A35T. */
export const ARTIX_CORE: CoreConfiguration = {
  ...COMMON_CORE,
  lanes: 8,
  units: 4,
  depth: 2,
  parity: 0,
  rounds: 2,
  divide: 7,
  weightWords: 2048,
  ...SMALL_MEMORIES,
};
