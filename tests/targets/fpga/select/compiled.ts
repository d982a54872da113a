import type { Calibration } from '../../../../compiler/analysis/calibration.js';
import { checkFixed } from '../../../../compiler/levels/fixed/check.js';
import type { FixedNetwork } from '../../../../compiler/levels/fixed/fixed.js';
import { checkMicro } from '../../../../compiler/levels/micro/check.js';
import type { MicroKernel, MicroProgram } from '../../../../compiler/levels/micro/micro.js';
import type { CompileOptions } from '../../../../compiler/pass.js';
import { fold } from '../../../../compiler/passes/fold.js';
import { legalise } from '../../../../compiler/passes/legalise.js';
import { palette } from '../../../../compiler/passes/palette.js';
import { partition } from '../../../../compiler/passes/partition.js';
import { quantise } from '../../../../compiler/passes/quantise/quantise.js';
import { schedule } from '../../../../compiler/passes/schedule.js';
import { select } from '../../../../compiler/passes/select.js';
import { tag } from '../../../../compiler/passes/tag.js';
import type { Network } from '../../../../src/network/network.js';
import { fpgaCapabilities } from '../../../../targets/fpga/capabilities.js';
import { type Instruction, operandKey } from '../../../../targets/fpga/select/instruction.js';
import {
  type AccumulatorDump,
  accumulatorDumps,
  selectInstructions,
} from '../../../../targets/fpga/select/select.js';
import { unplaced, type Watched, watched } from '../../../compiler/context.js';

export const CORE = fpgaCapabilities({
  neurons: 4096,
  synapseBits: 2 ** 26,
  delay: 15,
  source: 'a test',
});

export interface CompiledKernel {
  readonly kernel: MicroKernel;
  readonly dumps: readonly AccumulatorDump[];
  readonly instructions: readonly Instruction[];
}

export interface Compiled {
  readonly fixed: FixedNetwork;
  readonly micro: MicroProgram;
  readonly watched: Watched;
  /** Of a population or projection; undefined where it has no program. */
  kernel(owner: string): CompiledKernel | undefined;
}

/** A network as instructions of the core. */
export function compiled(
  network: Network,
  given: { readonly options?: Partial<CompileOptions>; readonly calibration?: Calibration } = {},
): Compiled {
  const w = watched({ target: 'fpga', capabilities: CORE, ...given });
  const isLazy = network.projections.some((p) =>
    p.rule?.normalizations.some((n) => n.kind === 'max' || n.kind === 'pow2'),
  );
  const passes = [fold, ...(isLazy ? [] : [legalise]), tag, partition, palette];
  const placed = passes.reduce((level, pass) => pass.run(level, w.context), unplaced(network));
  const fixed = checkFixed(quantise.run(placed, w.context));
  const micro = checkMicro(schedule.run(select.run(fixed, w.context), w.context));
  const { kernels } = micro;
  return {
    fixed,
    micro,
    watched: w,
    kernel: (owner) => {
      const kernel = kernels.find((k) => k.owner === owner);
      if (!kernel) return undefined;
      const dumps = accumulatorDumps(kernel, fixed);
      return { kernel, dumps, instructions: selectInstructions(kernel, fixed) };
    },
  };
}

/** An instruction as a line of text. */
export function printInstruction({ op, a, b, c, e, d, p, s, rounding }: Instruction): string {
  const [x, y, z, end, to] = [a, b, c, e, d].map(operandKey);
  if (op === 'mac') return `${to} = (${x} - ${y}) * ${z} + ${end} << ${p} >> ${s} ${rounding}`;
  return `${to} = ${op} ${x} ${y} ? ${z} : ${end}`;
}
