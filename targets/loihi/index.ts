import { checkCompiledFor } from '../../compiler/capabilities.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { printProgram } from '../../compiler/levels/program/print.js';
import { type Capabilities, sumOfProductsOf, type Target } from '../../compiler/target.js';
import { createEmulator } from '../../runtime/emulator/machine.js';
import { loihiArchitecture } from './architecture.js';
import { LOIHI1, LOIHI1_ASSUMPTIONS, LOIHI2, LOIHI2_ASSUMPTIONS } from './capabilities.js';
import { encodeLoihi } from './encode.js';
import { disassembleLoihi } from './text.js';

/** A target of the family with given tables: variants with other limits are one call. */
export function loihiTarget(
  name: string,
  about: string,
  capabilities: Capabilities,
  assumptions: readonly string[],
): Target {
  return {
    name,
    family: name,
    about,
    capabilities,
    assumptions,
    encode: (micro, options) => encodeLoihi(name, capabilities, micro, options),
    createMachine: (bytes, file, options) => {
      const program = decodeProgram(bytes, file);
      checkCompiledFor(program, name, capabilities, file);
      return createEmulator(
        program,
        loihiArchitecture(name, sumOfProductsOf(capabilities)),
        options,
      );
    },
    print: (program) => printProgram(program, disassembleLoihi),
  };
}

/** Loihi-style targets, from public papers and code. */
export const loihiTargets: readonly Target[] = [
  loihiTarget(
    'loihi2',
    'Loihi-style, from public papers: programmable neurons, graded messages, learning as sums of products',
    LOIHI2,
    LOIHI2_ASSUMPTIONS,
  ),
  loihiTarget(
    'loihi1',
    'Loihi-style, from public papers: fixed neurons, binary spikes, learning as sums of products',
    LOIHI1,
    LOIHI1_ASSUMPTIONS,
  ),
];
