import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import { createHostMachine } from '../../../runtime/host/host.js';
import { createIntegerHost } from '../../../runtime/host/integer.js';
import { createIntegerLanes } from '../../../runtime/host/integer-lanes.js';
import { createLaneMachine } from '../../../runtime/host/lanes.js';
import { createReferenceMachine } from '../../../src/network/reference.js';
import { ratioOf } from '../measure.js';
import type { Row } from '../row.js';
import { compiledDemo, episodes, laneEpisodes, network, ROUNDS } from './episodes.js';

const UNIT = 'episodes/s';

/** Generated machines against each other and against the obviously right ones, on the demo's network. */
export function machineRows(): readonly Row[] {
  const lanes = () => laneEpisodes(createLaneMachine(network), 20);
  const integerLanes = () => laneEpisodes(createIntegerLanes(compiledDemo().micro), 20);
  return [
    {
      name: 'float-lanes/host',
      about: 'WebAssembly lanes against generated JavaScript',
      unit: UNIT,
      measure: () => ratioOf(lanes(), episodes(createHostMachine(network), 20), ROUNDS),
    },
    {
      name: 'float-lanes/reference',
      about: 'WebAssembly lanes against the loops over the equations, plain TypeScript',
      unit: UNIT,
      measure: () => ratioOf(lanes(), episodes(createReferenceMachine(network), 1), ROUNDS),
    },
    {
      name: 'integer-lanes/host',
      about: 'on integers: WebAssembly lanes against generated JavaScript',
      unit: UNIT,
      measure: () =>
        ratioOf(integerLanes(), episodes(createIntegerHost(compiledDemo().micro), 20), ROUNDS),
    },
    {
      name: 'integer-lanes/fixed',
      about: 'on integers: WebAssembly lanes against the obviously right machine',
      unit: UNIT,
      measure: () =>
        ratioOf(integerLanes(), episodes(createFixedMachine(compiledDemo().fixed), 1), ROUNDS),
    },
  ];
}
