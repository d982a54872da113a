import { expect, it } from 'vitest';
import type { Board } from '../../../targets/fpga/boards/board.js';
import { ice40Hx8k } from '../../../targets/fpga/boards/ice40-hx8k.js';
import { icebreaker } from '../../../targets/fpga/boards/icebreaker.js';
import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import { compareCores } from './core-lockstep.js';
import { synthesisedCore } from './netlist.js';

const SEEDS = 20;
/** Fewer words than the board has, which all are looked at; the rest of the core is that of the board. */
const SMALL_MEMORIES = {
  weightWords: 128,
  fieldWords: 64,
  messageAddress: 5,
  controlWords: 128,
} as const satisfies Partial<CoreConfiguration>;

const CASES: readonly (readonly [string, Board, CoreConfiguration])[] = [
  ['icebreaker', icebreaker, { ...icebreaker.core, ...SMALL_MEMORIES }],
  ['ice40-hx8k', ice40Hx8k, { ...ice40Hx8k.core, ...SMALL_MEMORIES }],
];

it.each(CASES)(
  `cells of an iCE40 do what the emulator does: %s, seeds 1 to ${SEEDS}`,
  async (_, board, core) => {
    const circuit = await synthesisedCore(board, core);
    const prepared = await prepareSimulator({ ...circuit, backend: 'verilator' });
    for (let seed = 1; seed <= SEEDS; seed++) {
      const simulator = prepared.create();
      const { difference, writes } = compareCores(core, seed, simulator, 8);
      simulator.close();
      expect(difference, `seed ${seed}`).toBeUndefined();
      expect(writes).toBeGreaterThan(0);
    }
  },
  600_000,
);
