import type { Board } from './board.js';
import { COMMON_CORE, SMALLEST_CORE } from './cores.js';

export const ice40Hx8k: Board = {
  name: 'ice40-hx8k',
  about: 'Lattice iCE40-HX8K breakout board',
  chip: { family: 'ice40', device: 'hx8k', package: 'ct256', pllPad: 'G1' },
  pins: { clock: 'J3', rx: 'B10', tx: 'B12', leds: ['B5', 'B4'] },
  ledsActiveLow: false,
  oscillatorMegahertz: 12,
  coreMegahertz: 48,
  resources: {
    logicCells: 7680,
    blockRams: 32,
    blockRamBits: 4096,
    singlePortRams: 0,
    singlePortRamBits: 0,
    multipliers: 0,
  },
  usb: { vendor: 0x0403, product: 0x6010, port: 1, baud: 1_000_000 },
  core: {
    ...COMMON_CORE,
    ...SMALLEST_CORE,
    depth: 4,
    fetchRegister: 1,
    paletteBits: 4,
  },
  sources: [
    'pins: github.com/amaranth-lang/amaranth-boards, amaranth_boards/ice40_hx8k_b_evn.py; Lattice EB85, breakout board user guide',
    'resources: Lattice FPGA-DS-02029, iCE40 LP/HX family data sheet, table 1-1',
    'USB: FT2232H, its second port is the serial line; Lattice EB85',
  ],
};
