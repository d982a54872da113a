import type { Calibration } from '../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../compiler/compile.js';
import type { CompileOptions } from '../../compiler/pass.js';
import { foldNetwork } from '../../compiler/passes/fold.js';
import { legaliseNetwork } from '../../compiler/passes/legalise.js';
import { coefficientArrays } from '../../compiler/passes/quantise/coefficients.js';
import { createIntegerHost, type IntegerHost } from '../../runtime/host/integer.js';
import { targetNamed } from '../../targets/index.js';
import type { Network } from '../network/network.js';
import type { MemberMachine } from './evaluator.js';
import { withGenome } from './genome.js';

/** What a worker needs to judge genomes on a target's integers. */
export interface TargetDescription {
  readonly kind: 'target';
  readonly target: string;
  /** The network whose formats hold for every member; its rules keep their own parameters. */
  readonly network: Network;
  readonly calibration: Calibration;
  readonly options: Partial<CompileOptions>;
}

/**
 * A machine of a target's integers that takes one genome after another. Formats are chosen once, from the
 * description; a genome goes through the passes that touch coefficients (fold, legalise, encode), so that a member's
 * score is that of the program which `compile` makes with the same formats.
 */
export function targetMember(description: TargetDescription): MemberMachine {
  const target = targetNamed(description.target);
  const compilation = compile(keepProducts(description.network), target, description.calibration, {
    ...description.options,
    palette: undefined,
  });
  const machine = createIntegerHost(compilation.micro);
  return {
    machine,
    load: (genome) => {
      const network = withGenome(description.network, genome);
      writeGenome(machine, compilation, network, target.capabilities);
    },
  };
}

function writeGenome(
  machine: IntegerHost,
  { fixed }: Compilation,
  network: Network,
  capabilities: Parameters<typeof legaliseNetwork>[1] & {
    readonly learning: Parameters<typeof coefficientArrays>[3];
  },
): void {
  const member = legaliseNetwork(
    foldNetwork(network, { keepZeros: true }),
    capabilities,
    () => undefined,
  );
  for (const [i, { name, rule, columns }] of fixed.projections.entries()) {
    if (!rule) continue;
    const { parameters } = member.projections[i]!;
    const arrays = coefficientArrays(
      rule.terms,
      parameters,
      columns.length,
      capabilities.learning,
      () => undefined,
    );
    machine.writeCoefficients(name, arrays);
  }
}

/** Per-synapse parameters that are zero get a value for the compilation, so that no product is folded away. */
function keepProducts(network: Network): Network {
  return {
    ...network,
    projections: network.projections.map((p) => {
      const names = (p.rule?.parameters ?? [])
        .filter((q) => q.scope === 'synapse')
        .map((q) => q.name);
      const parameters = { ...p.parameters };
      for (const name of names) {
        const value = parameters[name];
        const zero =
          typeof value === 'number' ? value === 0 : (value?.every((v) => v === 0) ?? true);
        if (zero) parameters[name] = 1;
      }
      return { ...p, parameters };
    }),
  };
}
