import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { faultyTransport } from '../../runtime/link/faults.js';
import type { MemoryLinkOptions } from '../../runtime/link/memory-link.js';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { connect } from '../../targets/fpga/link/connect.js';
import { CoreMachine } from '../../targets/fpga/machine/machine.js';
import { targetNamed } from '../../targets/index.js';
import { randomFrom } from '../link/word-memory.js';
import { boardWith } from '../targets/fpga/link/boards.js';
import { machineSuite } from './machine-suite.js';

const icebreaker = targetNamed('fpga:icebreaker');
const FILE = 'suite.plastron';

/** A machine on a virtual board. */
const onBoard =
  (options: MemoryLinkOptions) =>
  (network: Network): Machine => {
    const { program } = compile(network, icebreaker, NO_CALIBRATION);
    const { core } = connect(boardWith(program, options).link, program, FILE);
    return new CoreMachine('board', program, core, 1);
  };

machineSuite('board', onBoard({}), { lacks: ['send'] });

/** A device as small as a circuit would be, on a line on which every tenth frame is damaged. */
machineSuite(
  'board of a small device on a faulty line',
  onBoard({
    limits: { window: 1, maximum: 64, hashes: true },
    between: (line, timers) =>
      faultyTransport(line, { bitErrors: 2e-4, lost: 1e-4 }, randomFrom(9), timers),
  }),
  { lacks: ['send'] },
);
