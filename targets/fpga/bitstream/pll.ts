import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Family } from '../boards/board.js';

/** Settings of a PLL: the output is `input · multiply / divide`, further divided as the family has it. */
export interface Pll {
  /** Of the input, before the phases are compared. */
  readonly divide: number;
  /** Of the feedback. */
  readonly multiply: number;
  /** Between oscillator and output. */
  readonly output: number;
  /** What is compared, what oscillates, and what comes out. */
  readonly compareMegahertz: number;
  readonly oscillatorMegahertz: number;
  readonly megahertz: number;
}

type Range = readonly [from: number, to: number];

interface PllLimits {
  readonly compare: Range;
  readonly oscillator: Range;
  readonly divide: Range;
  readonly multiply: Range;
  readonly outputs: readonly number[];
  /** Where the feedback comes from: the oscillator, or the divided output. */
  readonly feedback: 'oscillator' | 'output';
}

const upTo = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Megahertz and dividers that the PLL of each family may have. */
const LIMITS: Readonly<Record<Family, PllLimits>> = {
  // Lattice FPGA-TN-02052, sysCLOCK PLL design guide; FPGA-DS-02008 table 4-11. SIMPLE feedback.
  ice40: {
    compare: [10, 133],
    oscillator: [533, 1066],
    divide: [1, 16],
    multiply: [1, 128],
    outputs: [2, 4, 8, 16, 32, 64],
    feedback: 'oscillator',
  },
  // Lattice FPGA-DS-02012 table 3-26, FPGA-TN-02200. CLKOP is the feedback alone, the core has CLKOS.
  ecp5: {
    compare: [10, 400],
    oscillator: [400, 800],
    divide: [1, 40],
    multiply: [1, 128],
    outputs: upTo(1, 128),
    feedback: 'oscillator',
  },
  // AMD DS181 table 38, MMCM of speed grade -1; UG472. The MMCM, for the PLL takes no 12 MHz.
  xilinx: {
    compare: [10, 450],
    oscillator: [600, 1200],
    divide: [1, 106],
    multiply: [2, 64],
    outputs: upTo(1, 128),
    feedback: 'oscillator',
  },
  // Gowin DS226 table 3-21 (C8/I7), UG286.
  gowin: {
    compare: [3, 500],
    oscillator: [500, 1250],
    divide: [1, 64],
    multiply: [1, 64],
    outputs: [2, 4, 8, ...upTo(1, 8).map((n) => 16 * n)],
    feedback: 'output',
  },
};

/**
 * Settings that come as near to `megahertz` as the PLL of a family can without passing it; among equals those with the least
 * divider of the input, then of the output.
 *
 * @throws DiagnosticsError PL3052 when there are none.
 */
export function pllFor(family: Family, input: number, megahertz: number): Pll {
  const limits = LIMITS[family];
  let best: Pll | undefined;
  for (const divide of upTo(...limits.divide)) {
    for (const output of limits.outputs) {
      const found = nearest(limits, input, megahertz, divide, output);
      if (found && found.megahertz > (best?.megahertz ?? 0) + 1e-9) best = found;
    }
  }
  if (best) return best;
  const message = `no clock of up to ${megahertz} MHz can be made from ${input} MHz by the PLL of ${family}`;
  return fail(diagnostic('PL3052', message, { help: 'ask for another one, as --megahertz 20' }));
}

/** The largest multiplier for two dividers that keeps every limit. */
function nearest(
  { compare, oscillator, multiply: allowed, feedback }: PllLimits,
  input: number,
  megahertz: number,
  divide: number,
  output: number,
): Pll | undefined {
  const compareMegahertz = input / divide;
  if (!within(compare, compareMegahertz)) return undefined;
  const perMultiple = feedback === 'output' ? compareMegahertz : compareMegahertz / output;
  const multiply = Math.min(allowed[1], Math.floor(megahertz / perMultiple + 1e-9));
  const reached = multiply * perMultiple;
  const oscillatorMegahertz = reached * output;
  if (multiply < allowed[0] || !within(oscillator, oscillatorMegahertz)) return undefined;
  return { divide, multiply, output, compareMegahertz, oscillatorMegahertz, megahertz: reached };
}

const within = ([from, to]: Range, value: number): boolean => value >= from && value <= to;
