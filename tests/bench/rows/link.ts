import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { encodeAccesses } from '../../../runtime/link/accesses.js';
import { REQUEST } from '../../../runtime/link/frame.js';
import type { Request } from '../../../runtime/link/host.js';
import { BITS_PER_BYTE, MemoryLink } from '../../../runtime/link/memory-link.js';
import { taskOf } from '../../../src/tasks/registry.js';
import { createPolicyNetwork } from '../../../src/train/policy.js';
import { connect } from '../../../targets/fpga/link/connect.js';
import { openPort } from '../../../targets/fpga/link/ports.js';
import { openTerminal } from '../../../targets/fpga/link/terminal.js';
import { CoreMachine } from '../../../targets/fpga/machine/machine.js';
import { targetNamed } from '../../../targets/index.js';
import { figureOf } from '../measure.js';
import type { Row, Skipped } from '../row.js';

const STEPS = 500;
const ROUNDS = 7;
const FILE = 'bench.plastron';

/** Milliseconds of steps of a policy on the virtual board, over a pseudo-terminal that serialport has opened. */
async function stepTimes(): Promise<ReturnType<typeof figureOf> | Skipped> {
  if (!openTerminal()) return { skipped: 'no pseudo-terminals here' };
  const network = createPolicyNetwork(taskOf('hidden-dynamics'), { hidden: 8, rule: 'pdlf' });
  const { program } = compile(network, targetNamed('fpga:icebreaker'), NO_CALIBRATION);
  const folder = mkdtempSync(join(tmpdir(), 'plastron-bench-'));
  const environment = { PLASTRON_VIRTUAL_BOARD: join(folder, 'board.json') };
  const port = await openPort('virtual', program, FILE, { isLoaded: true, environment });
  try {
    const { core } = connect(port.link, program, FILE);
    const machine = new CoreMachine('board', program, core, 1);
    const [{ name, size }] = machine.shape.inputs as [{ name: string; size: number }];
    const inputs = { values: { [name]: new Float64Array(size).fill(0.25) }, modulator: 0 };
    const rounds = Array.from({ length: ROUNDS + 1 }, () =>
      median(STEPS, () => machine.step(inputs)),
    );
    return figureOf(rounds.slice(1));
  } finally {
    await port.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median of how long a piece of work takes, in milliseconds. */
function median(times: number, work: () => unknown): number {
  const taken = Array.from({ length: times }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  });
  return taken.sort((a, b) => a - b)[times >> 1]!;
}

/** Per cent of the rate of a line, in simulated time, that a load has for its words. */
function share(): number {
  const memory = {
    identity: new Uint8Array(0),
    write: () => undefined,
    read: () => 0,
    reset: () => undefined,
  };
  const link = new MemoryLink(memory);
  link.greet();
  const words = Array.from({ length: 250 }, (_, i) => i * 0x01010101);
  const requests = Array.from({ length: 400 }, (_, i): Request => {
    const payload = encodeAccesses([{ kind: 'write', address: 256 * i, width: 4, words }]);
    return { type: REQUEST.access, payload, answerBytes: 0, work: 0 };
  });
  const before = link.milliseconds;
  link.exchange(requests);
  const seconds = (link.milliseconds - before) / 1000;
  return (100 * (requests.length * 1000)) / seconds / (link.baud / BITS_PER_BYTE);
}

/** What a board costs a closed loop, and a load. */
export function linkRows(): readonly Row[] {
  return [
    {
      name: 'link/step-milliseconds',
      about:
        'the median step of a policy on the virtual board over a pseudo-terminal, its emulation in it',
      unit: 'ms',
      bar: { most: 1 },
      measure: stepTimes,
    },
    {
      name: 'link/share-of-the-line',
      about: 'bytes of words that a load brings, against what the line carries; simulated time',
      unit: '%',
      bar: { least: 90 },
      measure: async () => figureOf([share()]),
    },
  ];
}
