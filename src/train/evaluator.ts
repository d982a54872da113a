import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import { createLaneMachine } from '../../runtime/host/lanes.js';
import type { Network } from '../network/network.js';
import { genomeOf, genomeWrites } from './genome.js';
import type { MemberLanes } from './member-lanes.js';
import { type TargetDescription, targetMembers } from './target-evaluator.js';

/**
 * What a worker is told so that it can make members: plain data that survives `structuredClone`.
 * `float`: the network in float32 on generated code. `target`: a chip's own integers.
 */
export type EvaluatorDescription =
  | { readonly kind: 'float'; readonly network: Network }
  | TargetDescription;

/** Makes the members that a description stands for. */
export function createMembers(description: EvaluatorDescription): MemberLanes {
  switch (description.kind) {
    case 'float':
      return floatMembers(description.network);
    case 'target':
      return targetMembers(description);
    default:
      return unreachable(description);
  }
}

/** One line that says what members run on; checkpoints of different labels do not mix. */
export function evaluatorLabel(description: EvaluatorDescription): string {
  if (description.kind === 'float') return 'float';
  const { target, options } = description;
  const widths = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return ['target', target, ...widths.sort()].join(' ');
}

function floatMembers(network: Network): MemberLanes {
  const { slots } = genomeOf(network);
  const machine = createLaneMachine(network);
  return {
    machine,
    load: (genome, lane) => {
      for (const { probe, values } of genomeWrites(slots, genome)) {
        machine.initialise(probe, lane, values);
      }
    },
  };
}
