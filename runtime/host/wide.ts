import { isNarrow } from '../../compiler/codegen/javascript/integer-kernel.js';
import { emitIntegerNetwork } from '../../compiler/codegen/javascript/integer-network.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import { drawRow, type RowState } from '../../compiler/levels/numbers/draw.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import { overflowTo } from '../../compiler/levels/numbers/rounding.js';
import type { CoefficientArrays } from '../../compiler/passes/quantise/coefficients.js';
import type { Machine } from '../../src/network/machine.js';
import { type IntegerKernels, IntegerMachine, type IntegerState } from '../integer-machine.js';
import type { IntegerArray } from '../probes.js';

/** An integer machine whose coefficients can be replaced: what `train --on` runs. */
export interface WideHost extends Machine {
  /** Replaces the coefficients of a projection, one integer per synapse and name; they outlive a reset. */
  writeCoefficients(projection: string, arrays: CoefficientArrays): void;
}

/**
 * Runs a quantised network on JavaScript generated from its micro-operations: the bits of `fixed`, for integers of up to 53
 * bits and for lazy normalisation, which vectors do not hold.
 */
export function createWideHost(micro: MicroProgram): WideHost {
  return new GeneratedMachine(micro);
}

type Kernel = () => void;

interface Generated {
  readonly neurons: Readonly<Record<string, Kernel>>;
  readonly accumulate: Readonly<
    Record<string, (payload: IntegerArray, into: IntegerArray) => void>
  >;
  readonly learn: Readonly<Record<string, Kernel>>;
}

class GeneratedMachine extends IntegerMachine implements WideHost {
  private readonly coefficients: ReadonlyMap<string, ReadonlyMap<string, Int32Array>>;

  constructor(micro: MicroProgram) {
    const coefficients = spread(micro);
    super(micro.fixed, {
      name: 'host (integers)',
      allocate: (length, format) =>
        isNarrow(format) ? new Int32Array(length) : new Float64Array(length),
      kernels: (state) => generate(micro, state, coefficients),
    });
    this.coefficients = coefficients;
  }

  writeCoefficients(projection: string, arrays: CoefficientArrays): void {
    const own = this.coefficients.get(projection)!;
    for (const [name, values] of arrays) own.get(name)!.set(values);
  }
}

/** Coefficients of every synapse, by projection and name. */
function spread({ fixed }: MicroProgram): Map<string, Map<string, Int32Array>> {
  return new Map(
    fixed.projections.map(({ name, rule }) => {
      const arrays = (rule?.coefficients ?? []).map((c): [string, Int32Array] => [
        c.name,
        Int32Array.from(rule!.profiles, (p) => c.values[p]!),
      ]);
      return [name, new Map(arrays)];
    }),
  );
}

function generate(
  micro: MicroProgram,
  state: IntegerState,
  coefficients: ReadonlyMap<string, ReadonlyMap<string, Int32Array>>,
): IntegerKernels {
  const formats = new Map<string, Format>(
    micro.fixed.projections.map((p) => {
      const post = micro.fixed.populations.find((q) => q.name === p.post)!;
      return [p.name, post.fields.find((f) => f.name === p.accumulator)!.format];
    }),
  );
  const row = (pre: number, projection: number, operation: number, out: RowState): void => {
    drawRow(out, state.seed, projection, pre, state.step, operation);
  };
  const overflow = (value: number, projection: string): number =>
    overflowTo(value, formats.get(projection)!, 'wrap');
  const make = new Function('state', 'coefficients', 'row', 'overflow', emitIntegerNetwork(micro));
  const generated: Generated = make(state, coefficients, row, overflow);
  return {
    accumulate: ({ name }, payload, into) => generated.accumulate[name]!(payload, into),
    neurons: ({ name }) => generated.neurons[name]?.(),
    learn: ({ name }) => generated.learn[name]?.(),
  };
}
