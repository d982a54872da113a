import type { Board } from './board.js';
import { COMMON_CORE } from './cores.js';

export const tangNano20k: Board = {
  name: 'tang-nano-20k',
  about: 'Sipeed Tang Nano 20K, Gowin GW2AR-18',
  chip: { family: 'gowin', device: 'GW2AR-LV18QN88C8/I7', series: 'GW2A-18C' },
  pins: { clock: '4', rx: '70', tx: '69', leds: ['15', '16'] },
  ledsActiveLow: true,
  oscillatorMegahertz: 27,
  coreMegahertz: 54,
  resources: {
    logicCells: 20_736,
    blockRams: 46,
    blockRamBits: 18_432,
    singlePortRams: 0,
    singlePortRamBits: 0,
    multipliers: 48,
  },
  usb: { vendor: 0x0403, product: 0x6010, port: 1, baud: 1_000_000 },
  core: {
    ...COMMON_CORE,
    lanes: 4,
    units: 1,
    depth: 3,
    parity: 0,
    rounds: 2,
    divide: 2,
    weightWords: 2048,
  },
  sources: [
    'pins: github.com/sipeed/TangNano-20K-example, uart/src/top.cst and led/flow_led/src/flow_led.cst',
    'resources: Gowin DS226, GW2AR data sheet, table 1-1',
    'USB: BL616, which shows itself as an FT2232; wiki.sipeed.com, Tang Nano 20K',
  ],
};
