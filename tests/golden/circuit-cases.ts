import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareSimulator } from '../../targets/fpga/simulate/index.js';
import { ProcessLink } from '../../targets/fpga/simulate/process-link.js';
import { QueuedSimulator } from '../../targets/fpga/simulate/queued-simulator.js';
import { buildFailed } from '../../targets/fpga/tools/failures.js';
import type { LibraryCase } from './library-cases.js';

const nowhere = join(tmpdir(), 'plastron-nowhere');

/** A circuit that is never done. */
const stuck = { exchange: () => Uint32Array.of(0, 0xffffffff), close: () => undefined };

/** What a tool prints of a source that it does not understand. */
const complaint =
  "plastron_core.v:1: ERROR: syntax error, unexpected ';', expecting ')'\n  ... 4 more lines\n";

/** Faults of simulated circuits. */
export const CIRCUIT_CASES: readonly LibraryCase[] = [
  {
    name: 'a simulator without its tools',
    code: 'PL5501',
    why: 'what is installed differs from machine to machine',
    run: () =>
      prepareSimulator({
        ...{ sources: [], parameters: {}, backend: 'verilator' },
        environment: { PATH: nowhere, PLASTRON_CACHE: tmpdir() },
      }),
    shown: [
      'error PL5501: `verilator` is not installed',
      '  = help: install Verilator 5, g++ and make (Debian: apt-get install verilator g++ make), or simulate with cxxrtl, which comes from npm',
    ],
  },
  {
    name: 'a circuit that a tool refuses',
    code: 'PL5502',
    why: 'plastron writes the sources itself',
    run: () => buildFailed('yosys', complaint),
    shown: [
      'error PL5502: `yosys` does not build the circuit',
      "  = note: plastron_core.v:1: ERROR: syntax error, unexpected ';', expecting ')'",
    ],
  },
  {
    name: 'a circuit whose process ends',
    code: 'PL5503',
    why: 'nothing in a circuit ends it',
    run: () => new QueuedSimulator(new ProcessLink(nowhere)).read(0),
    shown: ['error PL5503: the process of the circuit has ended', '  = note: it printed nothing'],
  },
  {
    name: 'a circuit that is never done',
    code: 'PL5504',
    why: 'a step ends after a number of clocks that follows from its program',
    run: () => new QueuedSimulator(stuck).run(1, 5000),
    shown: ['error PL5504: the circuit has not done command 1 after 5000 clocks'],
  },
];
