import type { CoreConfiguration } from '../configuration.js';

/** The chip as its tools name it. */
export type Chip =
  | {
      readonly family: 'ice40';
      readonly device: 'up5k' | 'hx8k';
      readonly package: string;
      /** The pin whose pad is the input of the PLL. */
      readonly pllPad: string;
    }
  | {
      readonly family: 'ecp5';
      readonly device: '25k' | '45k' | '85k';
      readonly package: string;
      readonly speed: 6 | 7 | 8;
    }
  | { readonly family: 'xilinx'; readonly part: string }
  | { readonly family: 'gowin'; readonly device: string; readonly series: string };

/** A family of chips: each has its own tools and its own PLL. */
export type Family = Chip['family'];

/** Names of balls or pins of the package. */
export interface Pins {
  readonly clock: string;
  /** What the host sends. */
  readonly rx: string;
  /** What the board sends. */
  readonly tx: string;
  /** Lit while a step is at work, and while the host sends. */
  readonly leds: readonly [busy: string, receiving: string];
}

/** What the chip has. */
export interface Resources {
  /** Look-up tables, each with a register. */
  readonly logicCells: number;
  readonly blockRams: number;
  readonly blockRamBits: number;
  /** Memories with one port, beside the block RAMs. */
  readonly singlePortRams: number;
  readonly singlePortRamBits: number;
  /** Multipliers of at least 16 by 16 bits. */
  readonly multipliers: number;
}

/** The adapter between USB and the serial line. */
export interface Usb {
  readonly vendor: number;
  readonly product: number;
  /** Which of its serial ports leads to the pins: 0 is the first. */
  readonly port: number;
  /** Bits per second. */
  readonly baud: number;
}

/** A board: everything that is particular to it. */
export interface Board {
  readonly name: string;
  readonly about: string;
  readonly chip: Chip;
  readonly pins: Pins;
  /** Whether an LED is lit by a low level. */
  readonly ledsActiveLow: boolean;
  /** Megahertz of what the clock pin carries. */
  readonly oscillatorMegahertz: number;
  /** Megahertz at which the core is to run; the PLL comes as near as it can without passing it. */
  readonly coreMegahertz: number;
  readonly resources: Resources;
  readonly usb: Usb;
  readonly core: CoreConfiguration;
  /** Where the facts are from. */
  readonly sources: readonly string[];
}
