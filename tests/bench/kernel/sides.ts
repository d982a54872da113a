import type { MicroProgram } from '../../../compiler/levels/micro/micro.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { createEmulator } from '../../../runtime/emulator/machine.js';
import { createIntegerHost } from '../../../runtime/host/integer.js';
import { createLaneMachine } from '../../../runtime/host/lanes.js';
import { architecture, loihi2 } from '../rows/episodes.js';
import { Batch, type Runner, single } from './batch.js';
import { PlainNetwork } from './plain.js';
import { memberMicro, memberNetwork, PARAMETERS, PROJECTIONS, parameterOf, WORK } from './work.js';

/** Runners for so many members, made one after the other from the number of the first one. */
function runnersFor(members: number, create: (first: number) => Runner): Runner[] {
  const runners: Runner[] = [];
  for (let first = 0; first < members; first += runners.at(-1)!.lanes) runners.push(create(first));
  return runners;
}

/** The members in float32 on `createLaneMachine`. */
export function floatBatch(members = WORK.members): Batch {
  const network = memberNetwork(0);
  return new Batch(
    runnersFor(members, (first) => {
      const machine = createLaneMachine(network);
      for (let lane = 0; lane < machine.lanes; lane++) {
        for (const [q, { name: projection }] of PROJECTIONS.entries()) {
          for (const [index, name] of PARAMETERS.entries()) {
            const probe = { kind: 'synapse', projection, name } as const;
            machine.initialise(probe, lane, parameterOf(first + lane, q, index));
          }
        }
      }
      return machine;
    }),
  );
}

/** The members in float32 on loops written by hand. */
export const plainBatch = (members = WORK.members): Batch =>
  new Batch(runnersFor(members, (first) => new PlainNetwork(first)));

/** The members on the integers of loihi2, each a network of its own on vectors of synapses. */
export const integerBatch = (micro: MicroProgram, members = WORK.members): Batch =>
  new Batch(runnersFor(members, (first) => single(createIntegerHost(memberMicro(micro, first)))));

/** The members as Programs on the emulator of loihi2. */
export const emulatedBatch = (micro: MicroProgram, members = WORK.members): Batch =>
  new Batch(
    runnersFor(members, (first) =>
      single(createEmulator(programOf(memberMicro(micro, first)), architecture)),
    ),
  );

const NO_PROVENANCE = { network: '', calibration: '', options: '' };
const programOf = (micro: MicroProgram): Program =>
  loihi2.encode(micro, { tool: 'bench', provenance: NO_PROVENANCE });

/** Mantissas and exponents of a rule, by name, in synapse order. */
export function coefficientsOf(
  rule: NonNullable<MicroProgram['fixed']['projections'][number]['rule']>,
): Map<string, Int32Array> {
  return new Map(
    rule.coefficients.map(({ name, values }) => [
      name,
      Int32Array.from(rule.profiles, (profile) => values[profile]!),
    ]),
  );
}
