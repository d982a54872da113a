import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import type { MicroProgram } from '../../../compiler/levels/micro/micro.js';
import { uniform } from '../../../compiler/levels/numbers/draw.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Inputs } from '../../../src/network/machine.js';
import type { Network } from '../../../src/network/network.js';
import { legalNetwork } from '../../../src/train/train-on.js';
import { targetNamed } from '../../../targets/index.js';

/**
 * The work on which kernels are compared: members of a batch, each a PDLF network of 27 observations, 128 ternary_lif neurons
 * and 8 actions with coefficients of its own, that live through episodes of so many steps.
 */
export const WORK = { pre: 27, hidden: 128, post: 8, members: 16, steps: 100, inputRows: 64 };
/** Both dense projections. */
export const SYNAPSES = WORK.pre * WORK.hidden + WORK.hidden * WORK.post;
/** Of every observation and every action. */
export const CLIP = 2;
/** The draws of every episode. */
export const SEED = 1;

/** The projections, in the order in which the C programs hold their synapses. */
export const PROJECTIONS = [
  { name: 'observation->hidden', synapses: WORK.pre * WORK.hidden },
  { name: 'hidden->action', synapses: WORK.hidden * WORK.post },
] as const;

/** The per-synapse parameters of the rule. */
export const PARAMETERS = ['lr', 'A', 'B', 'C', 'D'] as const;
/** So much may a parameter be away from 0. */
const SPREAD = { lr: 0.02, A: 1, B: 1, C: 1, D: 1 };
const DRAWN = 0xbe4c;

/** A number from −1 to 1. */
const evenly = (...[seed, a, b, c]: readonly [number, number, number, number]): number =>
  2 * uniform(seed, a, b, c, 0, DRAWN) - 1;

/** One parameter of a member in a projection: float32, in synapse order. */
export function parameterOf(member: number, projection: number, index: number): Float32Array {
  const spread = SPREAD[PARAMETERS[index]!];
  return Float32Array.from(
    { length: PROJECTIONS[projection]!.synapses },
    (_, synapse) => spread * evenly(member, projection, synapse, index),
  );
}

/** The observations: a member has row (step + member) mod `inputRows`. */
export const OBSERVATIONS: readonly Float64Array[] = Array.from(
  { length: WORK.inputRows },
  (_, row) => Float64Array.from({ length: WORK.pre }, (_, i) => 1.5 * evenly(SEED, row, i, 99)),
);

const INPUTS: readonly Inputs[] = OBSERVATIONS.map((observation) => ({
  values: { observation },
  modulator: 0,
}));

/** What a member is given in a step. */
export const inputsOf = (member: number, step: number): Inputs =>
  INPUTS[(step + member) % WORK.inputRows]!;

/** The network of a member. */
export function memberNetwork(member: number): Network {
  const learning = (projection: number) => ({
    rule: 'pdlf',
    parameters: Object.fromEntries(
      PARAMETERS.map((name, index) => [name, parameterOf(member, projection, index)]),
    ),
  });
  return new NetworkBuilder('kernel')
    .input('observation', WORK.pre, { clip: CLIP })
    .population('hidden', WORK.hidden, 'ternary_lif')
    .population('action', WORK.post, 'readout')
    .projection('observation', 'hidden', learning(0))
    .projection('hidden', 'action', learning(1))
    .output('action', { clip: CLIP })
    .build();
}

/** The micro-operations of the network on loihi2, with the coefficients of member 0. */
export function compiledWork(): MicroProgram {
  const loihi2 = targetNamed('loihi2');
  return compile(legalNetwork(memberNetwork(0), loihi2), loihi2, NO_CALIBRATION).micro;
}

/**
 * The same micro-operations for another member: its synapses have the coefficients of others of member 0, so that all members
 * have the same formats.
 */
export function memberMicro(micro: MicroProgram, member: number): MicroProgram {
  const projections = micro.fixed.projections.map((p) => {
    if (!p.rule) return p;
    const { profiles } = p.rule;
    const moved = profiles.map((_, k) => profiles[(k + 37 * member) % profiles.length]!);
    return { ...p, rule: { ...p.rule, profiles: moved } };
  });
  return { ...micro, fixed: { ...micro.fixed, projections } };
}
