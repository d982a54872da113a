import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile, NETWORK_TEXT } from '../../compiler/compile.js';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { SourceTexts } from '../../compiler/diagnostics/sources.js';
import { parseFixed } from '../../compiler/levels/fixed/parse.js';
import { printFixed } from '../../compiler/levels/fixed/print.js';
import { encodeProgram } from '../../compiler/levels/program/encode.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { MemorySink } from '../../runtime/trace/sink.js';
import { recordedDrive } from '../../runtime/verify/drive.js';
import { explainFixed } from '../../runtime/verify/explain.js';
import { lockstep } from '../../runtime/verify/lockstep.js';
import { sharedShape } from '../../runtime/verify/pair.js';
import { verificationDiagnostics } from '../../runtime/verify/verify.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { printNetwork } from '../../src/network/text.js';
import { prepareInjuries } from '../../src/tasks/injury.js';
import { startThreads } from '../../src/train/threads.js';
import { targetNamed } from '../../targets/index.js';
import { BITSTREAM_CASES } from './bitstream-cases.js';
import { CIRCUIT_CASES } from './circuit-cases.js';
import { LINK_CASES } from './link-cases.js';

/** A fault that only a program meets which calls the library, and what is shown of it. */
export interface LibraryCase {
  readonly name: string;
  readonly code: string;
  /** Why no command line leads there. */
  readonly why: string;
  readonly run: () => unknown;
  readonly shown: readonly string[];
}

const network = (size: number) =>
  new NetworkBuilder('two')
    .input('observation', size)
    .population('action', 2, 'readout')
    .projection('observation', 'action', {
      rule: 'rule own(rate = 0.5)\n  dw = rate * x * y + rate\n  normalize clip -1 1\n',
    })
    .output('action')
    .build();
const machine = (size = 2) => createReferenceMachine(network(size));
const loihi2 = targetNamed('loihi2');
const compiled = () => compile(network(2), loihi2, NO_CALIBRATION);
const step = (values: Readonly<Record<string, readonly number[]>>, modulator = 0): void => {
  machine().step({ values, modulator });
};

/** Texts of the places that these cases name. */
export const texts = new SourceTexts();
texts.add(NETWORK_TEXT, printNetwork(network(2)));

/** The emulator of a Program with one coefficient changed, against the network that the Program was made from. */
function differing(): void {
  const { fixed, program } = compiled();
  const altered = structuredClone(program);
  Object.assign(altered.cores[0]!.blocks[0]!.coefficients, { 0: -1 });
  const right = loihi2.createMachine(encodeProgram(altered), 'altered.plastron');
  const drive = recordedDrive(
    [Array.from({ length: 3 }, () => ({ values: { observation: [1, 0] }, modulator: 0 }))],
    {
      name: 'ones',
      seed: 1,
    },
  );
  const { firstDifference } = lockstep(createFixedMachine(fixed), right, drive, {
    explain: explainFixed(fixed, program),
  });
  const comparison = { left: 'fixed', right: 'emulator', firstDifference, broken: [] };
  throw new DiagnosticsError(verificationDiagnostics({ comparisons: [comparison as never] }));
}

const RUNNING =
  'commands give the inputs of a step, and read the state, by the shape of the machine';
const LEVELS = 'no command reads the text of a level';

export const LIBRARY_CASES: readonly LibraryCase[] = [
  {
    name: 'a word of a level that is not there',
    code: 'PL4101',
    why: LEVELS,
    run: () => parseFixed(printFixed(compiled().fixed).replace(' delay ', ' delai '), 'level.txt'),
    shown: [
      'error PL4101: expected `delay`, found `delai`',
      '  --> level.txt:27:3',
      '   |',
      '27 |   delai = 0',
      '   |   ^^^^^',
    ],
  },
  {
    name: 'a level that contradicts itself',
    code: 'PL4102',
    why: LEVELS,
    run: () =>
      parseFixed(printFixed(compiled().fixed).replace('group action', 'group axion'), 'level.txt'),
    shown: [
      'error PL4102: there is no population axion',
      '  --> level.txt:83:7',
      '   |',
      '83 | group axion first 0 count 2 core 0',
      '   |       ^^^^^',
      '   = help: did you mean `action`?',
    ],
  },
  {
    name: 'a trace that grows too large',
    code: 'PL4413',
    why: 'half a gigabyte takes minutes to write',
    run: () => {
      const sink = new MemorySink(1000);
      sink.write('x'.repeat(1001));
      sink.bytes();
    },
    shown: [
      'error PL4413: the trace passed 1,000 bytes',
      '  = help: trace fewer steps (--steps) or, in a .vcd, fewer signals (--signals)',
    ],
  },
  {
    name: 'a probe that is not there',
    code: 'PL5001',
    why: RUNNING,
    run: () => machine().read({ kind: 'weight', projection: 'observation->acton' }),
    shown: [
      'error PL5001: this machine has no weight of observation->acton',
      '  = help: did you mean `weight of observation->action`?',
    ],
  },
  {
    name: 'a weight that is no number',
    code: 'PL5002',
    why: RUNNING,
    run: () =>
      machine().write({ kind: 'weight', projection: 'observation->action' }, [0, Number.NaN, 0, 0]),
    shown: ['error PL5002: weight of observation->action[1] cannot hold NaN'],
  },
  {
    name: 'a weight beyond its format',
    code: 'PL5002',
    why: RUNNING,
    run: () =>
      createFixedMachine(compiled().fixed).write(
        { kind: 'weight', projection: 'observation->action' },
        [0, 2, 0, 0],
      ),
    shown: ['error PL5002: weight of observation->action[1] cannot hold 2 in s8.7'],
  },
  {
    name: 'a step without an input',
    code: 'PL5010',
    why: RUNNING,
    run: () => step({}),
    shown: ['error PL5010: the step gives no values for the input `observation`'],
  },
  {
    name: 'too few values of an input',
    code: 'PL5011',
    why: RUNNING,
    run: () => step({ observation: [1] }),
    shown: ['error PL5011: the input `observation` takes 2 values, not 1'],
  },
  {
    name: 'an input that is no number',
    code: 'PL5012',
    why: RUNNING,
    run: () => step({ observation: [1, Number.POSITIVE_INFINITY] }),
    shown: ['error PL5012: value 1 of the input `observation` is Infinity'],
  },
  {
    name: 'a modulator that is no number',
    code: 'PL5012',
    why: RUNNING,
    run: () => step({ observation: [1, 1] }, Number.NaN),
    shown: ['error PL5012: the modulator of the step is NaN'],
  },
  {
    name: 'an input that the machine does not have',
    code: 'PL5013',
    why: RUNNING,
    run: () => step({ observation: [1, 1], observaton: [1, 1] }),
    shown: [
      'error PL5013: the machine has no input `observaton`',
      '  = help: did you mean `observation`?',
    ],
  },
  {
    name: 'injuries that hit nothing',
    code: 'PL5104',
    why: 'no command injures a network',
    run: () =>
      prepareInjuries(network(2), [
        { kind: 'remove-actuator', index: 2, from: 0, to: 5 },
        { kind: 'dead-neurons', population: 'acton', indices: [0], from: 0, to: 5 },
        { kind: 'dead-neurons', population: 'action', indices: [7], from: 5, to: 5 },
      ]),
    shown: [
      'error PL5104: there is no actuator 2',
      '  = help: actuators: 0 … 1',
      '',
      'error PL5104: there is no population `acton`',
      '  = help: did you mean `action`?',
      '',
      'error PL5104: an injury from step 5 to step 5 covers no step',
      '',
      'error PL5104: `action` has no neuron 7',
      '  = help: neurons: 0 … 1',
      '',
      '4 errors',
    ],
  },
  {
    name: 'half a worker',
    code: 'PL5108',
    why: 'the command line reads --workers as a whole number; the file of the worker is missing in a broken build only',
    run: () => startThreads(0.5),
    shown: ['error PL5108: the number of workers is 0.5; it must be a whole number from 0'],
  },
  {
    name: 'machines of different sizes',
    code: 'PL5305',
    why: 'verify makes both machines from one network',
    run: () => sharedShape(machine(2).shape, machine(3).shape),
    shown: [
      'error PL5305: the machines have different inputs',
      '  = note: reference: observation[2]',
      '  = note: reference: observation[3]',
      '',
      'error PL5305: value of observation has 2 values on reference, 3 on reference',
      '',
      'error PL5305: weight of observation->action has 4 values on reference, 6 on reference',
      '',
      '3 errors',
    ],
  },
  {
    name: 'a recording without a step',
    code: 'PL5306',
    why: 'the command line reads --steps as a whole number from 1, and refuses recordings without a step',
    run: () => recordedDrive([[]], { name: 'nothing', seed: 1 }),
    shown: ['error PL5306: recorded steps of episode 0: 0 is not a whole number from 1'],
  },
  {
    name: 'machines that differ',
    code: 'PL5310',
    why: 'verify compares the bytes of the Program first; after that, a difference is a bug',
    run: differing,
    shown: [
      'error PL5310: fixed and emulator differ: episode 0, step 1, weight of observation->action[0]: 0.9921875 (127) against 0.9375 (120), from core 0, learning code, words 0 to 9, network:7:8',
      ' --> network:7:8',
      '  |',
      '7 |   dw = rate * x * y + rate',
      '  |        ^^^^^^^^^^^^',
    ],
  },
  ...CIRCUIT_CASES,
  ...LINK_CASES,
  ...BITSTREAM_CASES,
];
