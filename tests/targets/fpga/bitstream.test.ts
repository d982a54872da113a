import { describe, expect, it } from 'vitest';
import { constraintsOf } from '../../../targets/fpga/bitstream/constraints.js';
import { folderOf } from '../../../targets/fpga/bitstream/folder.js';
import { pllFor } from '../../../targets/fpga/bitstream/pll.js';
import { clockOf, divisorOf, topText } from '../../../targets/fpga/bitstream/top.js';
import { utilisationOf } from '../../../targets/fpga/bitstream/utilisation.js';
import { boards } from '../../../targets/fpga/boards/index.js';
import { PARAMETER_NAMES, parameterFault } from '../../../targets/fpga/configuration.js';
import { verilogSources } from '../../../targets/fpga/tools/sources.js';
import { codesOf } from '../../compiler/context.js';

describe('the clock of a core', () => {
  // What icepll of Project IceStorm prints for 12 MHz.
  it.each([
    [24, 0, 63, 5],
    [48, 0, 63, 4],
    [60, 0, 79, 4],
  ])('is made from 12 MHz by the settings of icepll: %i MHz', (megahertz, divr, divf, divq) => {
    const { divide, multiply, output } = pllFor('ice40', 12, megahertz);
    expect([divide - 1, multiply - 1, Math.log2(output)]).toEqual([divr, divf, divq]);
  });

  it.each(boards.map((board) => [board.name, board] as const))(
    'of %s is at most what is asked for, and near it',
    (_, board) => {
      const { chip, oscillatorMegahertz, coreMegahertz } = board;
      const pll = pllFor(chip.family, oscillatorMegahertz, coreMegahertz);
      const { divide, multiply, output, oscillatorMegahertz: inside } = pll;
      expect(pll.megahertz).toBe(clockOf(board));
      expect(pll.megahertz).toBeLessThanOrEqual(coreMegahertz + 1e-9);
      expect(pll.megahertz).toBeGreaterThan(0.98 * coreMegahertz);
      const ratio = chip.family === 'gowin' ? multiply / divide : multiply / divide / output;
      expect(oscillatorMegahertz * ratio).toBeCloseTo(pll.megahertz, 9);
      expect(inside).toBeCloseTo(pll.megahertz * output, 9);
    },
  );

  it('is refused where no setting is slow enough', () => {
    expect(codesOf(() => pllFor('ice40', 12, 1))).toEqual(['PL3052']);
  });
});

describe.each(boards.map((board) => [board.name, board] as const))('the board %s', (_, board) => {
  it('has a core that can be', () => {
    for (const key of Object.keys(PARAMETER_NAMES) as (keyof typeof PARAMETER_NAMES)[]) {
      expect(parameterFault(key, board.core[key])).toBeUndefined();
    }
    // The waits of the circuit count on it.
    expect(board.core.weightWords).toBeGreaterThanOrEqual(2 ** board.core.messageAddress);
  });

  it('says where its facts are from', () => {
    expect(board.sources.length).toBeGreaterThan(2);
  });

  it('names every pin of its top once', () => {
    const { text } = constraintsOf(board);
    for (const port of ['oscillator', 'rx', 'tx', 'leds[0]', 'leds[1]'])
      expect(text).toContain(port);
    const { clock, rx, tx, leds } = board.pins;
    expect(new Set([clock, rx, tx, ...leds]).size).toBe(5);
  });

  it('has a top with the parameters of its core, and a line within 2 % of its rate', () => {
    const text = topText(board);
    for (const [key, name] of Object.entries(PARAMETER_NAMES)) {
      const value = board.core[key as keyof typeof PARAMETER_NAMES];
      expect(text).toMatch(new RegExp(`\\.${name}\\(${value}\\)`));
    }
    const rate = (1e6 * clockOf(board)) / divisorOf(board);
    expect(Math.abs(rate / board.usb.baud - 1)).toBeLessThan(0.02);
  });

  it('has all that its tools need in one folder', () => {
    if (board.chip.family === 'ice40') return;
    const files = folderOf(board, verilogSources(), clockOf(board), 1);
    expect(files['build.sh']).toContain('set -e');
    expect(Object.keys(files)).toContain(constraintsOf(board).file);
    expect(Object.keys(files)).toContain('plastron_core.v');
  });
});

describe('what a circuit takes', () => {
  it('is counted from the cells of each family', () => {
    expect(utilisationOf('ice40', { SB_LUT4: 7, SB_RAM40_4K: 2, SB_MAC16: 1, SB_DFF: 9 })).toEqual({
      logicCells: 7,
      blockRams: 2,
      singlePortRams: 0,
      multipliers: 1,
    });
    expect(
      utilisationOf('ecp5', { LUT4: 5, CCU2C: 3, TRELLIS_DPR16X4: 2, DP16KD: 4, MULT18X18D: 6 }),
    ).toEqual({
      logicCells: 5 + 2 * 3 + 6 * 2,
      blockRams: 4,
      singlePortRams: 0,
      multipliers: 6,
    });
    expect(
      utilisationOf('xilinx', { RAMB36E1: 2, RAMB18E1: 1, DSP48E1: 3, LUT6: 1 }),
    ).toMatchObject({
      blockRams: 5,
      multipliers: 3,
      logicCells: 1,
    });
  });
});
