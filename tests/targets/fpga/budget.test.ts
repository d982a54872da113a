import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { markdownTable } from '../../../src/report/support-matrix.js';
import type { Board } from '../../../targets/fpga/boards/board.js';
import { icebreaker } from '../../../targets/fpga/boards/icebreaker.js';
import { ulx3s25f, ulx3s85f } from '../../../targets/fpga/boards/ulx3s.js';
import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { budgetOf, type CycleBudget } from '../../../targets/fpga/encode/sequence.js';
import { fpgaTarget } from '../../../targets/fpga/index.js';
import { loadProgram } from '../../../targets/fpga/machine/loaded.js';
import { OPERATIONS, SYNAPSES, wholeNetwork } from '../../bench/rows/core.js';
import { expectBlock } from '../../end-to-end/blocks.js';

const lanes = (board: Board, units: number, depth: number): Board => ({
  ...board,
  core: { ...board.core, lanes: 8, units, depth, rounds: 2, divide: 7 },
});

/** Cores, with the cycles that a step may take at most. */
const CORES: readonly (readonly [string, Board, number])[] = [
  ['8 lanes of 4', lanes(ulx3s85f, 4, 2), 640],
  ['8 lanes of 2', lanes(ulx3s25f, 2, 3), 1250],
  ['8 lanes of 1', lanes(ulx3s85f, 1, 4), 2400],
  ['iCEBreaker, 1 of 1', icebreaker, 18_900],
];

interface Budget extends CycleBudget {
  readonly about: readonly string[];
  readonly core: CoreConfiguration;
}

function budgetOn(board: Board): Budget {
  const { program } = compile(wholeNetwork(), fpgaTarget(board, true), NO_CALIBRATION);
  const { commands, configuration } = loadProgram(program);
  const about = commands.flatMap((command) => {
    if (command.kind === 'sweep') return [`sweep, ${command.rows} rows`];
    return command.kind === 'neurons' ? ['neurons'] : [];
  });
  return { ...budgetOf(commands, configuration), about, core: configuration };
}

const number = (value: number): string => value.toLocaleString('en');

describe('the cycle budget of 27-128-8, all plastic under an exact maximum', () => {
  const budgets = CORES.map(([, board]) => budgetOn(board));

  it('stands in the page of the core', () => {
    const rows = budgets[0]!.about.map((about, c) => [
      about,
      ...budgets.map(({ commands }) => {
        const { taken, walked, stored } = commands[c]!;
        return `${number(taken)} – ${number(walked)}, ${number(stored)}`;
      }),
    ]);
    const floors = budgets.map(({ core }) => (SYNAPSES * OPERATIONS) / (core.lanes * core.units));
    const table = [
      ['', ...CORES.map(([name]) => name)],
      ...rows,
      ['a step', ...budgets.map(({ cycles }) => number(cycles))],
      ['floor', ...floors.map(number)],
    ];
    expectBlock('budget', markdownTable(table), 'targets/fpga/README.md');
  });

  it.each(CORES.map(([name, , most], i) => ({ name, most, budget: budgets[i]! })))(
    'is kept by $name',
    ({ most, budget }) => {
      expect(budget.cycles).toBeLessThanOrEqual(most);
    },
  );
});
