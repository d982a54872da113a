import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import { ratioOf } from '../measure.js';
import type { Row } from '../row.js';
import { compiledDemo, episodes, loihi2, ROUNDS } from './episodes.js';
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
  lavaRow(),
];
