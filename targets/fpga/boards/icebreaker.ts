import type { Board } from './board.js';
import { COMMON_CORE, SMALLEST_CORE } from './cores.js';

export const icebreaker: Board = {
  name: 'icebreaker',
  about: 'iCEBreaker, Lattice iCE40 UP5K',
  chip: { family: 'ice40', device: 'up5k', package: 'sg48', pllPad: '35' },
  pins: { clock: '35', rx: '6', tx: '9', leds: ['37', '11'] },
  ledsActiveLow: true,
  oscillatorMegahertz: 12,
  coreMegahertz: 24,
  resources: {
    logicCells: 5280,
    blockRams: 30,
    blockRamBits: 4096,
    singlePortRams: 4,
    singlePortRamBits: 262_144,
    multipliers: 8,
  },
  usb: { vendor: 0x0403, product: 0x6010, port: 1, baud: 1_000_000 },
  core: {
    ...COMMON_CORE,
    ...SMALLEST_CORE,
    singlePort: 1,
    waitMemory: 6,
    productShifts: 1,
  },
  sources: [
    'pins: github.com/icebreaker-fpga/icebreaker-verilog-examples, icebreaker/icebreaker.pcf',
    'resources: Lattice FPGA-DS-02008, iCE40 UltraPlus family data sheet, table 1-1',
    'USB: FT2232H, its second port is the serial line; github.com/icebreaker-fpga/icebreaker, hardware',
  ],
};
