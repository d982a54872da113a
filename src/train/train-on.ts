import { compile } from '../../compiler/compile.js';
import type { CompileOptions } from '../../compiler/pass.js';
import { replaceNormalizations } from '../../compiler/passes/legalise.js';
import type { Target } from '../../compiler/target.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import type { Network } from '../network/network.js';
import { taskOf } from '../tasks/registry.js';
import { genomeOf, withGenome } from './genome.js';
import { type TrainHooks, type TrainOptions, type TrainResult, train } from './train.js';

export interface TrainOnOptions extends Omit<TrainOptions, 'evaluator'> {
  readonly target: Target;
  /** Widths, as for `compile`; members have coefficients of their own, so a palette does not apply. */
  readonly compile?: Partial<Omit<CompileOptions, 'palette'>>;
}

/** Seed of the rollouts that choose the formats of a run. */
export const CALIBRATION_SEED = 5;

/**
 * Evolves a rule on the integers of a target: every member's coefficients are encoded as `compile` would, and its rollouts
 * run on the quantised network. The network may be a trained float model or start from nothing. Formats come from a
 * calibration of the network that the run starts from. The result has the normalisations that the target can do, so that it
 * means in float what the chip does; `hooks.report` hears of those that were replaced (PL3001).
 *
 * @throws DiagnosticsError of `compile` when the target cannot run the network at all, and of `train`.
 */
export async function trainOn(options: TrainOnOptions, hooks: TrainHooks): Promise<TrainResult> {
  const { target, compile: given = {}, ...rest } = options;
  const network = scaledWeights(legalNetwork(options.network, target));
  const calibration = calibrate(network, taskOf(options.task), { seed: CALIBRATION_SEED });
  // Says now, in this thread, what the target cannot do, and what it does otherwise.
  const { diagnostics } = compile(scaledWeights(options.network), target, calibration, given);
  for (const d of diagnostics) if (d.code === 'PL3001') hooks.report?.(d);
  const evaluator = {
    kind: 'target',
    target: target.name,
    network,
    calibration,
    options: given,
  } as const;
  return train({ ...rest, network, evaluator }, hooks);
}

/** Weights that are trained are used divided by their largest: formats are chosen for these. */
const scaledWeights = (network: Network): Network => withGenome(network, genomeOf(network).values);

/** The network with normalisations that a target can do. */
export function legalNetwork(network: Network, target: Target): Network {
  return replaceNormalizations(network, target.capabilities, () => undefined);
}
