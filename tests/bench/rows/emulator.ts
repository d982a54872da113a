import { createEmulator } from '../../../runtime/emulator/machine.js';
import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import { emulatedBatch, integerBatch } from '../kernel/sides.js';
import { compiledWork } from '../kernel/work.js';
import { ratioOf } from '../measure.js';
import type { Row } from '../row.js';
import { architecture, compiledDemo, episodes, loihi2, ROUNDS } from './episodes.js';
import { against } from './kernels.js';
import { lavaRow } from './lava.js';

/** The emulator of loihi2 against other machines, and against what was measured of another simulator. */
export const emulatorRows = (): readonly Row[] => [
  {
    name: 'emulator/fixed',
    about: 'on integers: the emulator against the obviously right machine',
    unit: 'episodes/s',
    measure: () => {
      const { bytes, fixed } = compiledDemo();
      const emulator = episodes(loihi2.createMachine(bytes, 'bench'), 1);
      return ratioOf(emulator, episodes(createFixedMachine(fixed), 1), ROUNDS);
    },
  },
  {
    name: 'emulator/interpreter',
    about: 'code made from the words of a Program against the words one by one',
    unit: 'episodes/s',
    bar: { least: 20 },
    measure: () => {
      const { program } = compiledDemo();
      const truth = createEmulator(program, architecture, { interpret: true });
      const generated = episodes(createEmulator(program, architecture), 20);
      return ratioOf(generated, episodes(truth, 1), ROUNDS);
    },
  },
  {
    name: 'emulator/integer-kernel',
    about: 'the emulator, with cycles and energy, against the host on the same integers',
    unit: 'synapse updates/s',
    bar: { least: 0.7 },
    measure: () => {
      const micro = compiledWork();
      return against(emulatedBatch(micro), integerBatch(micro));
    },
  },
  lavaRow(),
];
