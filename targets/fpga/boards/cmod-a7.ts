import { ARTIX_CORE, XC7A35T } from './artix-7.js';
import type { Board } from './board.js';

export const cmodA7: Board = {
  name: 'cmod-a7',
  about: 'Digilent Cmod A7-35T, AMD Artix-7',
  chip: { family: 'xilinx', part: 'xc7a35tcpg236-1' },
  pins: { clock: 'L17', rx: 'J17', tx: 'J18', leds: ['A17', 'C16'] },
  ledsActiveLow: false,
  oscillatorMegahertz: 12,
  coreMegahertz: 80,
  resources: XC7A35T,
  usb: { vendor: 0x0403, product: 0x6010, port: 1, baud: 1_000_000 },
  core: ARTIX_CORE,
  sources: [
    'pins: github.com/Digilent/digilent-xdc, Cmod-A7-Master.xdc',
    'resources: AMD DS180, 7 series overview, table 4',
    'USB: FT2232H, its second port is the serial line; Digilent Cmod A7 reference manual, section 5',
  ],
};
