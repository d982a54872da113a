import type { CoreConfiguration } from '../configuration.js';
import type { Board, Chip, Resources } from './board.js';
import { COMMON_CORE, SMALL_MEMORIES } from './cores.js';

type Ecp5 = Extract<Chip, { family: 'ecp5' }>['device'];

/** The board comes with chips of three sizes on the same pins. */
function ulx3s(
  size: string,
  device: Ecp5,
  [logicCells, blockRams, multipliers]: readonly [number, number, number],
  core: CoreConfiguration,
): Board {
  const resources: Resources = {
    logicCells,
    blockRams,
    blockRamBits: 18_432,
    singlePortRams: 0,
    singlePortRamBits: 0,
    multipliers,
  };
  return {
    name: `ulx3s-${size}`,
    about: `ULX3S, Lattice ECP5 LFE5U-${size.toUpperCase()}`,
    chip: { family: 'ecp5', device, package: 'CABGA381', speed: 6 },
    pins: { clock: 'G2', rx: 'M1', tx: 'L4', leds: ['B2', 'C2'] },
    ledsActiveLow: false,
    oscillatorMegahertz: 25,
    coreMegahertz: 60,
    resources,
    usb: { vendor: 0x0403, product: 0x6015, port: 0, baud: 1_000_000 },
    core,
    sources: [
      'pins: github.com/emard/ulx3s, doc/constraints/ulx3s_v20.lpf',
      'resources: Lattice FPGA-DS-02012, ECP5 family data sheet, table 1-1',
      'USB: FT231X; github.com/emard/ulx3s, usb sheet of the schematic',
    ],
  };
}

const wide: CoreConfiguration = {
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

export const ulx3s25f = ulx3s('25f', '25k', [24_288, 56, 28], {
  ...wide,
  units: 2,
  depth: 3,
  divide: 2,
  weightWords: 1024,
});
export const ulx3s45f = ulx3s('45f', '45k', [43_848, 108, 72], wide);
export const ulx3s85f = ulx3s('85f', '85k', [83_640, 208, 156], wide);
