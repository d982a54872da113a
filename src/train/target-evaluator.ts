import type { Calibration } from '../../compiler/analysis/calibration.js';
import { lanesRefuse } from '../../compiler/codegen/wasm/integer-network.js';
import { compile } from '../../compiler/compile.js';
import type { FixedNetwork } from '../../compiler/levels/fixed/fixed.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import { toReal } from '../../compiler/levels/numbers/format.js';
import { toInteger } from '../../compiler/levels/numbers/rounding.js';
import type { CompileOptions } from '../../compiler/pass.js';
import { parameterFolder } from '../../compiler/passes/fold.js';
import type { CoefficientArrays } from '../../compiler/passes/quantise/coefficients.js';
import { ruleCoefficients } from '../../compiler/passes/quantise/rule-coefficients.js';
import type { Capabilities } from '../../compiler/target.js';
import { createIntegerLanes, type IntegerLanes } from '../../runtime/host/integer-lanes.js';
import { createWideHost } from '../../runtime/host/wide.js';
import { targetNamed } from '../../targets/index.js';
import type { Outputs, Probe } from '../network/machine.js';
import type { Network } from '../network/network.js';
import { describeProbe } from '../network/probes.js';
import { genomeOf, genomeReader, genomeWrites } from './genome.js';
import type { MemberLanes } from './member-lanes.js';

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
 * Members on a target's integers. Formats are chosen once, from the description; a genome goes through the passes that touch
 * coefficients (fold, legalise, encode), so that a member's score is that of the program which `compile` makes with the same
 * formats. Weights of projections without a rule are rounded to the format of their projection.
 */
export function targetMembers(description: TargetDescription): MemberLanes {
  const target = targetNamed(description.target);
  const { micro } = compile(keepProducts(description.network), target, description.calibration, {
    ...description.options,
    palette: undefined,
  });
  const integers = lanesRefuse(micro) === undefined ? createIntegerLanes(micro) : oneLane(micro);
  const { slots } = genomeOf(description.network);
  const memberOf = genomeReader(description.network);
  const weights = slots.filter((s) => s.kind === 'weights');
  const encode = coefficientEncoder(micro.fixed, description.network, target.capabilities);
  const formats = new Map(micro.fixed.projections.map((p) => [p.name, p.weights.format]));
  return {
    machine: integers,
    load: (genome, lane) => {
      for (const [projection, arrays] of encode(memberOf(genome))) {
        integers.initialiseCoefficients(projection, arrays, lane);
      }
      for (const [i, { probe, values }] of genomeWrites(weights, genome).entries()) {
        const format = formats.get(weights[i]!.projection)!;
        // As `compile` rounds them: the largest positive weight saturates.
        const rounded = Float64Array.from(values, (w) => toReal(toInteger(w, format), format));
        integers.initialise(probe, lane, rounded);
      }
    },
  };
}

/** Gives the coefficients of every rule of a member: a network that differs from `start` in parameters alone. */
function coefficientEncoder(
  { projections }: FixedNetwork,
  start: Network,
  { learning }: Capabilities,
): (member: Network) => readonly (readonly [projection: string, arrays: CoefficientArrays])[] {
  const folders = start.projections.map(
    ({ rule }, i) => rule && parameterFolder(rule, () => projections[i]!.columns),
  );
  return (member) =>
    projections.flatMap(({ name, rule, columns }, i) => {
      const fold = folders[i];
      if (!rule || !fold) return [];
      const parameters = fold(member.projections[i]!);
      const count = columns.length;
      const arrays = ruleCoefficients(rule, parameters, count, learning);
      return [[name, arrays] as const];
    });
}

/** The host of wide integers as a machine of one lane, for what 32-bit lanes cannot hold. */
function oneLane(micro: MicroProgram): IntegerLanes {
  const host = createWideHost(micro);
  let writes = new Map<string, { readonly probe: Probe; readonly values: ArrayLike<number> }>();
  let coefficients = new Map<string, CoefficientArrays>();
  let outputs: Outputs = {};
  return {
    shape: host.shape,
    lanes: 1,
    initialise: (probe, _, values) => writes.set(describeProbe(probe), { probe, values }),
    initialiseCoefficients: (projection, arrays) => coefficients.set(projection, arrays),
    keepInitial: () => {
      const kept = [new Map(writes), new Map(coefficients)] as const;
      return () => {
        writes = new Map(kept[0]);
        coefficients = new Map(kept[1]);
      };
    },
    reset: (options) => {
      for (const [projection, arrays] of coefficients) host.writeCoefficients(projection, arrays);
      host.reset(options);
      for (const { probe, values } of writes.values()) host.write(probe, values);
    },
    step: ([inputs]) => {
      outputs = host.step(inputs!);
    },
    outputs: () => outputs,
    read: (probe) => host.read(probe),
    get learning() {
      return host.learning;
    },
    set learning(on) {
      host.learning = on;
    },
  };
}

/**
 * Per-synapse parameters that are zero get values for the compilation, so that no product is folded away: values below 1 of
 * which no simple expression is zero, as `A - B` is of equal ones.
 */
function keepProducts(network: Network): Network {
  let generic = 0.95;
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
        if (!zero) continue;
        parameters[name] = generic;
        generic *= 0.7311;
      }
      return { ...p, parameters };
    }),
  };
}
