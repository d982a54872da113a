import { stopAt } from '../../targets/fpga/bitstream/bitstream.js';
import { slowest, utilisationIn } from '../../targets/fpga/bitstream/place.js';
import { fitProblems, tooSlow } from '../../targets/fpga/bitstream/utilisation.js';
import { boardNamed } from '../../targets/fpga/boards/index.js';
import type { LibraryCase } from './library-cases.js';

/** What nextpnr said of a core of four lanes. */
const UTILISATION = `Info: Device utilisation:
Info: 	         ICESTORM_LC:   19580/   5280   370%
Info: 	        ICESTORM_RAM:      59/     30   196%
Info: 	               SB_IO:       5/     96     5%
Info: 	               SB_GB:       8/      8   100%
Info: 	        ICESTORM_PLL:       1/      1   100%
Info: 	         SB_WARMBOOT:       0/      1     0%
Info: 	        ICESTORM_DSP:       8/      8   100%
Info: 	      ICESTORM_HFOSC:       0/      1     0%
Info: 	      ICESTORM_LFOSC:       0/      1     0%
Info: 	              SB_I2C:       0/      2     0%
Info: 	              SB_SPI:       0/      2     0%
Info: 	              IO_I3C:       0/      2     0%
Info: 	         SB_LEDDA_IP:       0/      1     0%
Info: 	         SB_RGBA_DRV:       0/      1     0%
Info: 	      ICESTORM_SPRAM:       8/      4   200%

Info: Placed 8 cells based on constraints.
ERROR: Unable to place cell 'system.core.lanes[1].lane.single.coefficients.block[1].ram_RAM', no BELs remaining to implement cell type 'ICESTORM_SPRAM'
`;

/** What stands beside the paths in a report of nextpnr, here of a product without a register behind it. */
const REPORT =
  '{"critical_paths":[],"fmax":{"clock":{"achieved":70.2000732421875,"constraint":120}},"utilization":{"ICESTORM_LC":{"available":7680,"used":1036},"ICESTORM_PLL":{"available":2,"used":1},"ICESTORM_RAM":{"available":32,"used":0},"SB_GB":{"available":8,"used":7},"SB_IO":{"available":256,"used":5},"SB_WARMBOOT":{"available":1,"used":0}}}';

const SLOW = 'synthesis and placement take minutes';

/** Faults that come of what tools report of a circuit. */
export const BITSTREAM_CASES: readonly LibraryCase[] = [
  {
    name: 'a core that does not fit',
    code: 'PL3053',
    why: SLOW,
    run: () => stopAt(fitProblems(boardNamed('icebreaker'), utilisationIn(UTILISATION))),
    shown: [
      'error PL3053: the core needs 19580 logic cells, icebreaker has 5280',
      '  = help: fewer lanes or units: --parameters LANES=2,UNITS=1',
      '',
      'error PL3053: the core needs 59 block RAMs, icebreaker has 30',
      '  = help: room for fewer synapses: --parameters WEIGHT_WORDS=1024',
      '',
      'error PL3053: the core needs 8 memories with one port, icebreaker has 4',
      '  = help: --parameters SINGLE_PORT=0',
      '',
      '3 errors',
    ],
  },
  {
    name: 'a core that is slower than its clock',
    code: 'PL3054',
    why: SLOW,
    run: () => stopAt([tooSlow(boardNamed('ice40-hx8k'), 120, slowest(REPORT), [1])]),
    shown: [
      'error PL3054: the core reaches 70.20 MHz on ice40-hx8k, its clock has 120.00 MHz',
      '  = help: --megahertz 70, or another placement: --seed 2',
    ],
  },
];
