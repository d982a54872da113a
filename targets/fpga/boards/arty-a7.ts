import { ARTIX_CORE, XC7A35T } from './artix-7.js';
import type { Board } from './board.js';

export const artyA7: Board = {
  name: 'arty-a7',
  about: 'Digilent Arty A7-35T, AMD Artix-7',
  chip: { family: 'xilinx', part: 'xc7a35ticsg324-1L' },
  pins: { clock: 'E3', rx: 'A9', tx: 'D10', leds: ['H5', 'J5'] },
  ledsActiveLow: false,
  oscillatorMegahertz: 100,
  coreMegahertz: 80,
  resources: XC7A35T,
  usb: { vendor: 0x0403, product: 0x6010, port: 1, baud: 1_000_000 },
  core: ARTIX_CORE,
  sources: [
    'pins: github.com/Digilent/digilent-xdc, Arty-A7-35-Master.xdc',
    'resources: AMD DS180, 7 series overview, table 4',
    'USB: FT2232H, its second port is the serial line; Digilent Arty A7 reference manual, section 6',
  ],
};
