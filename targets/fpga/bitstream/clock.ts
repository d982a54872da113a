import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { Board } from '../boards/board.js';
import type { Pll } from './pll.js';

/** Verilog that makes `clock` and `stable` from the port `oscillator`. */
export function clockText(board: Board, pll: Pll): string {
  const { chip } = board;
  switch (chip.family) {
    case 'ice40':
      return ice40(chip.pllPad === board.pins.clock, pll);
    case 'ecp5':
      return ecp5(pll);
    case 'xilinx':
      return xilinx(board.oscillatorMegahertz, pll);
    case 'gowin':
      return gowin(chip.series, board.oscillatorMegahertz, pll);
    default:
      return unreachable(chip);
  }
}

type Setting = readonly [name: string, value: number | string];

/** An instance: parameters and ports by name; a text that is to be quoted brings its quotes. */
function instance(
  module: string,
  name: string,
  parameters: readonly Setting[],
  ports: readonly Setting[],
): string {
  const list = (settings: readonly Setting[], indent: string): string =>
    settings.map(([key, value]) => `${indent}.${key}(${value})`).join(',\n');
  return `  ${module} #(\n${list(parameters, '      ')}\n  ) ${name} (\n${list(ports, '      ')}\n  );`;
}

const WIRES = '  wire clock, stable;';

/** Upper limits of the compared clock, in megahertz, for each setting of the filter but the last (icepll of Project IceStorm). */
const FILTER_LIMITS = [17, 26, 44, 66, 101];

/** A clock pin that is the pad of the PLL goes straight into it. */
function ice40(takesPad: boolean, { divide, multiply, output, compareMegahertz }: Pll): string {
  const above = FILTER_LIMITS.filter((limit) => compareMegahertz >= limit).length;
  const parameters: Setting[] = [
    ['FEEDBACK_PATH', '"SIMPLE"'],
    ['DIVR', `4'd${divide - 1}`],
    ['DIVF', `7'd${multiply - 1}`],
    ['DIVQ', `3'd${Math.log2(output)}`],
    ['FILTER_RANGE', `3'd${above + 1}`],
  ];
  const ports: Setting[] = [
    [takesPad ? 'PACKAGEPIN' : 'REFERENCECLK', 'oscillator'],
    ['PLLOUTGLOBAL', 'clock'],
    ['LOCK', 'stable'],
    ['RESETB', "1'b1"],
    ['BYPASS', "1'b0"],
  ];
  return `${WIRES}\n${instance(takesPad ? 'SB_PLL40_PAD' : 'SB_PLL40_CORE', 'pll', parameters, ports)}`;
}

/** The feedback has an output of its own, so that the divider of the core's clock is free. */
function ecp5({ divide, multiply, output }: Pll): string {
  const parameters: Setting[] = [
    ['CLKI_DIV', divide],
    ['CLKFB_DIV', 1],
    ['CLKOP_DIV', multiply],
    ['CLKOP_CPHASE', multiply - 1],
    ['CLKOP_ENABLE', '"ENABLED"'],
    ['CLKOS_DIV', output],
    ['CLKOS_CPHASE', output - 1],
    ['CLKOS_ENABLE', '"ENABLED"'],
    ['FEEDBK_PATH', '"CLKOP"'],
  ];
  const off = ['RST', 'STDBY', 'PHASESEL0', 'PHASESEL1', 'PHASEDIR', 'PHASESTEP', 'PHASELOADREG'];
  const ports: Setting[] = [
    ['CLKI', 'oscillator'],
    ['CLKFB', 'feedback'],
    ['CLKOP', 'feedback'],
    ['CLKOS', 'clock'],
    ['LOCK', 'stable'],
    ...[...off, 'PLLWAKESYNC', 'ENCLKOP'].map((port): Setting => [port, "1'b0"]),
  ];
  // The loop filter that Project Trellis' ecppll sets for every frequency.
  const loop =
    '  (* ICP_CURRENT = "12", LPF_RESISTOR = "8", MFG_ENABLE_FILTEROPAMP = "1", MFG_GMCREF_SEL = "2" *)';
  return `${WIRES}\n  wire feedback;\n${loop}\n${instance('EHXPLLL', 'pll', parameters, ports)}`;
}

function xilinx(oscillator: number, { divide, multiply, output }: Pll): string {
  const parameters: Setting[] = [
    ['CLKIN1_PERIOD', (1000 / oscillator).toFixed(3)],
    ['DIVCLK_DIVIDE', divide],
    ['CLKFBOUT_MULT_F', `${multiply}.0`],
    ['CLKOUT0_DIVIDE_F', `${output}.0`],
  ];
  const ports: Setting[] = [
    ['CLKIN1', 'oscillator'],
    ['CLKFBIN', 'feedback'],
    ['CLKFBOUT', 'feedback'],
    ['CLKOUT0', 'made'],
    ['LOCKED', 'stable'],
    ['PWRDWN', "1'b0"],
    ['RST', "1'b0"],
  ];
  const mmcm = instance('MMCME2_BASE', 'pll', parameters, ports);
  return `${WIRES}\n  wire feedback, made;\n${mmcm}\n  BUFG buffer (\n      .I(made),\n      .O(clock)\n  );`;
}

function gowin(series: string, oscillator: number, { divide, multiply, output }: Pll): string {
  const parameters: Setting[] = [
    ['FCLKIN', `"${oscillator}"`],
    ['IDIV_SEL', divide - 1],
    ['FBDIV_SEL', multiply - 1],
    ['ODIV_SEL', output],
    ['CLKFB_SEL', '"internal"'],
    ['DEVICE', `"${series}"`],
  ];
  const off: readonly (readonly [string, number])[] = [
    ['RESET', 1],
    ['RESET_P', 1],
    ['CLKFB', 1],
    ['FBDSEL', 6],
    ['IDSEL', 6],
    ['ODSEL', 6],
    ['PSDA', 4],
    ['DUTYDA', 4],
    ['FDLY', 4],
  ];
  const ports: Setting[] = [
    ['CLKIN', 'oscillator'],
    ['CLKOUT', 'clock'],
    ['LOCK', 'stable'],
    ...off.map(([port, bits]): Setting => [port, `${bits}'d0`]),
  ];
  return `${WIRES}\n${instance('rPLL', 'pll', parameters, ports)}`;
}
