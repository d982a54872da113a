import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { FixedNetwork } from '../../../compiler/levels/fixed/fixed.js';
import type { MicroKernel } from '../../../compiler/levels/micro/micro.js';
import { FPGA_LEARNING } from '../capabilities.js';
import type { Instruction, Operand } from './instruction.js';
import { Ordering } from './order.js';
import { Placing } from './place.js';

/** What the core does with an accumulator once a slot is through: shift (nearest), saturate to 16 bits, store. */
export interface AccumulatorDump {
  readonly projection: string;
  readonly field: string;
  readonly shift: number;
}

/**
 * The instructions of a kernel, in order, over fields and temporaries that are written once.
 *
 * @throws DiagnosticsError PL3010 where more temporaries are alive at once than the core has.
 */
export function selectInstructions(
  kernel: MicroKernel,
  fixed: FixedNetwork,
): readonly Instruction[] {
  const { instructions } = new Placing(kernel, orderingOf(kernel, fixed));
  checkTemporaries(kernel, instructions);
  return instructions;
}

/** The accumulators that a neuron kernel reads. */
export function accumulatorDumps(
  kernel: MicroKernel,
  fixed: FixedNetwork,
): readonly AccumulatorDump[] {
  return orderingOf(kernel, fixed).dumps.map(({ accumulator, field, shift }) => {
    const { name } = fixed.projections.find(
      (p) => p.post === kernel.owner && p.accumulator === accumulator,
    )!;
    return { projection: name, field, shift };
  });
}

function orderingOf(kernel: MicroKernel, { projections }: FixedNetwork): Ordering {
  return new Ordering(
    kernel,
    (field) =>
      kernel.kind === 'neuron' &&
      projections.some((p) => p.post === kernel.owner && p.accumulator === field),
  );
}

const readsOf = ({ a, b, c, e }: Instruction): readonly Operand[] => [a, b, c, e];

/** What an operand keeps alive: a temporary, or the variable of a synapse that was just written (it stands in t1). */
function liveKey(o: Operand, written: boolean): string | undefined {
  if (o.kind === 'temporary') return `t${o.index}`;
  return o.kind === 'variable' && written ? 'variable' : undefined;
}

function checkTemporaries(kernel: MicroKernel, instructions: readonly Instruction[]): void {
  const writes = instructions.findIndex((i) => i.d.kind === 'variable');
  const lastUse = new Map<string, number>();
  for (const [at, instruction] of instructions.entries()) {
    for (const o of readsOf(instruction)) {
      const key = liveKey(o, writes >= 0 && at > writes);
      if (key !== undefined) lastUse.set(key, at);
    }
  }
  const live = new Set<string>();
  for (const [at, { d, origin }] of instructions.entries()) {
    for (const key of [...live]) if (lastUse.get(key)! <= at) live.delete(key);
    const key = liveKey(d, true);
    if (key !== undefined && (lastUse.get(key) ?? -1) > at) live.add(key);
    if (live.size <= FPGA_LEARNING.temporaries) continue;
    const message = `the program of ${kernel.owner} holds ${live.size} values at once; the core has ${FPGA_LEARNING.temporaries} temporaries`;
    const help =
      kernel.kind === 'neuron'
        ? 'keep some of them in variables: several statements'
        : 'compute some of them in the neuron, and bind signals to them';
    fail(diagnostic('PL3010', message, { span: origin, help }));
  }
}
